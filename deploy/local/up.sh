#!/bin/bash -p
# up.sh - `make up`: builds, starts the stack, waits until it is ready, says how to use it.
source "$(dirname "$0")/env.sh"
source "$(dirname "$0")/supervise.sh"
source "$(dirname "$0")/servers.sh"

READY_S=60
INTERRUPTS=(HUP INT QUIT PIPE TERM)
MIGRATIONS=()           # those under way
declare -A LOG_BEGIN=() # bytes of a process's log that are of earlier runs

# ---- before anything starts

check_programs() {
    local program missing=()
    for program in nats-server mariadbd mariadb mariadb-install-db s6-svscan s6-log curl openssl; do
        command -v "$program" >/dev/null || missing+=("$program")
    done
    ((${#missing[@]} == 0)) || die "Not to be found in PATH: ${missing[*]}" "PATH is $PATH"
}

port_taken() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

is_port() { [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] && (($1 < 65536)); }

check_ports() {
    local variable port address owners=() ports=(HTTP_PORT NATS_PORT MYSQL_PORT ${PGSIM_PORT:+PGSIM_PORT})
    for variable in "${ports[@]}"; do
        port=${!variable}
        is_port "$port" || die "$variable is '$port'; it must be a number from 1 to 65535."
        [[ -z ${owners[port]:-} ]] || die "${owners[port]} and $variable are both $port."
        owners[port]=$variable
    done
    for variable in "${ports[@]}"; do
        port=${!variable}
        address=127.0.0.1
        [[ $variable != HTTP_PORT || $LISTEN == 0.0.0.0 ]] || address=$LISTEN
        ! port_taken "$address" "$port" ||
            die "Port $port ($variable) is taken by another program." \
                "Stop that, or choose another port, for example: make up $variable=$((port % 50000 + 10000))"
    done
    [[ -n $ADMIN_PORT_BASE ]] || return 0
    is_port "$ADMIN_PORT_BASE" || die "ADMIN_PORT_BASE is '$ADMIN_PORT_BASE'; it must be a number from 1 to 65535."
    for ((port = ADMIN_PORT_BASE; port <= ADMIN_PORT_BASE + $(service_rows | wc -l); port++)); do
        is_port "$port" || die "ADMIN_PORT_BASE is $ADMIN_PORT_BASE; the ports after it go past 65535."
        if [[ -n ${owners[port]:-} ]] || port_taken 127.0.0.1 "$port"; then
            die "Port $port (from ADMIN_PORT_BASE) is taken."
        fi
    done
}

# A free port below those the kernel hands to clients, and below those of tests.
free_port() {
    local port
    while port=$((12000 + RANDOM % 8000)); port_taken 127.0.0.1 "$port"; do :; done
    echo "$port"
}

already_up() {
    read_stack
    echo "Hanok is up already; nothing was changed."
    make -C "$ROOT" -q --no-print-directory all BUILD="$BUILD" 2>/dev/null && programs_current ||
        echo "The programs have changed since: make down && make up picks them up."
    "$ROOT/deploy/local/status.sh"
    exit 0
}

# ---- programs

programs_current() {
    local out program
    out=$ROOT/$(make -C "$ROOT" -s --no-print-directory out BUILD="$BUILD")
    for program in "$RUN_DIR"/bin/*; do
        cmp -s "$program" "$out/${program##*/}" || return 1
    done
}

# The stack runs copies: building or cleaning does not disturb it.
build() {
    local out
    make -C "$ROOT" -s --no-print-directory -j"$JOBS" all BUILD="$BUILD"
    out=$ROOT/$(make -C "$ROOT" -s --no-print-directory out BUILD="$BUILD")
    mkdir -p "$RUN_DIR/bin"
    rm -f "$RUN_DIR"/bin/*
    cp "$out"/hanok-* "$out/hanokctl" "$RUN_DIR/bin"
    rm -rf "$RUN_DIR/site"
    cp -r "$ROOT/site" "$RUN_DIR/site"
    "$ROOT/deploy/gateway/compress.sh" "$RUN_DIR/site"
}

streams() {
    wait_ready nats nats_ready
    HANOK_NATS_PASSWORD_FILE=$(secret nats_operator) "$RUN_DIR/bin/hanok-streams" \
        "${NATS_CLIENT[@]}" --nats-user operator --wait-s 30 \
        >"$RUN_DIR/log/streams.log" 2>&1 </dev/null ||
        die "The streams could not be made:" "$(tail -n 5 "$RUN_DIR/log/streams.log")"
}

migrate() {
    local name=$1 schema=$2
    HANOK_MYSQL_PASSWORD_FILE=$(secret "${schema}_migrate") "$RUN_DIR/bin/hanok-migrate" \
        --dir "$ROOT/dataservice/migrations/$name" "${MYSQL_CLIENT[@]}" --mysql-schema "$schema" \
        --mysql-user "${schema}_migrate" >"$RUN_DIR/log/migrate-$name.log" 2>&1 </dev/null ||
        die "The migrations of $schema failed:" "$(tail -n 5 "$RUN_DIR/log/migrate-$name.log")"
}

# settings_for NAME - those said to make, HANOK_LOG_LEVEL=debug, that this program knows, one a line.
settings_for() {
    local help variable option
    help=$("$RUN_DIR/bin/hanok-$1" --help)
    for variable in $UP_SETTINGS; do
        option=${variable#HANOK_}
        option=${option%_FILE}
        option=${option//_/-}
        [[ $help != *$'\n'"  --${option,,} "[[:alpha:]]* ]] || echo "$variable=${!variable}"
    done
}

check_settings() {
    local variable name known
    known=$(for name in $(service_rows | awk '{print $1}'); do settings_for "$name"; done)
    for variable in $UP_SETTINGS; do
        [[ $'\n'$known == *$'\n'"$variable="* ]] ||
            die "No service that is to be started has a setting for $variable; docs/settings.md lists all."
    done
}

define_service() {
    local name=$1 schema=$2 has=$3 admin_port=$4 arguments=() environment=() wrong
    shift 4
    # A program that is not there yet cannot be supervised.
    [[ -x $RUN_DIR/bin/hanok-$name ]] || die "services.conf names $name, but there is no cmd/$name."
    mapfile -t environment < <(settings_for "$name")
    arguments=(--config /dev/null --admin-listen "127.0.0.1:$admin_port" --admin-file "$RUN_DIR/$name.admin")
    if [[ $has != demo ]]; then
        environment+=("HANOK_NATS_PASSWORD_FILE=$(secret "nats_$name")")
        arguments+=("${NATS_CLIENT[@]}" --nats-user "$name")
    fi
    if [[ $schema != - ]]; then
        environment+=("HANOK_MYSQL_PASSWORD_FILE=$(secret "$schema")")
        arguments+=("${MYSQL_CLIENT[@]}" --mysql-schema "$schema" --mysql-user "$schema")
    fi
    wrong=$(env "${environment[@]}" "$RUN_DIR/bin/hanok-$name" --check "${arguments[@]}" "$@" 2>&1) ||
        die "$name does not take its settings:" "$wrong"
    define "$name" "${environment[@]}" -- "$RUN_DIR/bin/hanok-$name" "${arguments[@]}" "$@"
}

# ---- readiness

service_ready() {
    fetch -f -o /dev/null "http://$(admin_of "$1")/readyz" 2>/dev/null
}

# The first of those who died three times in a row: they will not get ready by waiting, nor will
# those who wait for them.
hopeless() {
    local deaths
    for deaths in "$SCAN_DIR"/*/deaths; do
        if [[ -f $deaths ]] && (($(<"$deaths") >= 3)); then
            basename "${deaths%/deaths}"
            return
        fi
    done
    return 1
}

# said_now NAME - its log from where this run began; all of it when that file is full and put away.
said_now() {
    local from=${LOG_BEGIN[$1]:-0} log=$RUN_DIR/$1.log
    (($(stat -Lc %s "$log") >= from)) || from=0
    tail -c "+$((from + 1))" "$log"
}

# terminal - the number of the one this session has, 0 without.
terminal() {
    local stat fields
    stat=$(<"/proc/$$/stat")
    read -ra fields <<<"${stat##*) }" # state ppid pgrp session tty ...
    echo "${fields[4]}"
}

# When a terminal closes, the kernel tells the first process of its session; where that is make, it says nothing to us.
leave_with_terminal() { [[ $(terminal) == "$TERMINAL" ]] || exit 129; }

wait_ready() {
    local name=$1 check=$2 until=$((SECONDS + READY_S)) dying
    until "$check" "$name"; do
        leave_with_terminal
        if dying=$(hopeless) || ((SECONDS >= until)); then
            name=${dying:-$name}
            echo "$name is not ready${dying:+: it keeps dying}." >&2
            [[ -f $RUN_DIR/$name.admin ]] &&
                fetch "http://$(admin_of "$name")/readyz" >&2 && echo >&2
            echo "The end of $RUN_DIR/$name.log:" >&2
            said_now "$name" | tail -n 10 | sed 's/^/    /' >&2
            exit 1
        fi
        sleep 0.03
    done
}

# ---- the stack

start_servers() {
    mkdir -p "$RUN_DIR"/{log,nats,tmp,secrets,keys}
    mysql_install
    tls_prepare
    nats_users
    nats_people
    tree_start
    nats_define "127.0.0.1:${ADMIN_PORT_BASE:-$(free_port)}"
    mysql_define
    tree_rescan
}

# They start with the next rescan.
define_services() {
    local row name schema has arguments variable admin_port=${ADMIN_PORT_BASE:-0} # 0: the service picks a free one
    # shellcheck disable=SC2034 # by its name, in a row's arguments
    PGSIM_PORT=${PGSIM_PORT:-$(free_port)}
    secret pgsim_webhook >/dev/null
    for row; do
        read -r name schema has arguments <<<"$row"
        read -ra arguments <<<"$arguments"
        for variable in ROOT RUN_DIR LISTEN HTTP_PORT PGSIM_PORT; do # after the split: a value may hold blanks
            arguments=("${arguments[@]//@$variable@/${!variable}}")
        done
        ((admin_port == 0)) || ((admin_port++))
        define_service "$name" "$schema" "$has" "$admin_port" "${arguments[@]}"
    done
}

# Each has a schema of its own, so they are migrated beside each other.
prepare_schemas() {
    local row name schema migration failed=""
    wait_ready mysql mysql_ready
    mysql_close_other_doors
    for row; do
        read -r _ schema _ <<<"$row"
        [[ $schema == - ]] || mysql_schema "$schema"
    done | mysql_admin
    for row; do
        read -r name schema _ <<<"$row"
        [[ $schema != - ]] || continue
        migrate "$name" "$schema" &
        MIGRATIONS+=($!)
    done
    for migration in "${MIGRATIONS[@]}"; do wait "$migration" || failed=yes; done
    [[ -z $failed ]] || exit 1
}

start_services() {
    local rows row
    mapfile -t rows < <(service_rows)
    define_services "${rows[@]}" # while MariaDB starts
    prepare_schemas "${rows[@]}"
    streams
    tree_rescan
    for row in "${rows[@]}"; do wait_ready "${row%%[[:space:]]*}" service_ready; done
}

say_how() {
    local url=http://127.0.0.1:$HTTP_PORT id=ada$((RANDOM % 9000 + 1000)) curl="curl -s"
    [[ -z $PROXY ]] || curl="curl -s --noproxy '*'" # the reader's shell goes by a proxy
    [[ $LISTEN == 127.0.0.1 || $LISTEN == 0.0.0.0 ]] || url=http://$LISTEN:$HTTP_PORT
    cat <<END

Hanok is up.

    HTTP    $url (pages; /shop/, /courier/, /docs)$([[ $LISTEN == 127.0.0.1 ]] || echo ", open on $LISTEN")
    NATS    nats://127.0.0.1:$NATS_PORT
    SQL     mariadb -S $SOCKET
    CLI     $RUN_DIR/bin/hanokctl status
            export XDG_CONFIG_HOME=$RUN_DIR/config; nats micro ls

Sign up, log in, read the profile:

$curl $url/signup -H 'Content-Type: application/json' -H 'Prefer: wait=10' -d '{"loginId":"$id","password":"lantern-tide-quartz","name":"Ada","email":"$id@example.org","phone":"+82 10-1234-5678"}'; echo
LOGIN=\$($curl $url/login -H 'Content-Type: application/json' -d '{"loginId":"$id","password":"lantern-tide-quartz"}'); TOKEN=\$(echo "\$LOGIN" | sed 's/.*"accessToken":"\([^"]*\)".*/\1/'); USER_ID=\$(echo "\$LOGIN" | sed 's/.*"userId":"\([^"]*\)".*/\1/')
$curl $url/users/\$USER_ID -H "Authorization: Bearer \$TOKEN"; echo

make status · make logs · make down
END
}

give_up() {
    local code=$?
    ((code == 0 || BASHPID != $$)) && return
    trap '' "${INTERRUPTS[@]}"
    # Whoever read this may be gone with the terminal.
    if (stop_stack) >/dev/null 2>&1; then
        ((${#MIGRATIONS[@]} == 0)) || wait "${MIGRATIONS[@]}" || true # they end with their server
        echo "Nothing was left running; the logs are $RUN_DIR/*.log" >&2 || true
    else
        echo "Not all could be stopped: make down tries again; the logs are $RUN_DIR/*.log" >&2 || true
    fi
    exit "$code"
}

[[ $TLS == on || $TLS == off ]] || die "TLS is '$TLS'; it must be on or off."
[[ $RELAY == poll || $RELAY == binlog ]] || die "RELAY is '$RELAY'; it must be poll or binlog."
if [[ $RELAY == binlog ]]; then
    # shellcheck disable=SC2034 # by its name, of all services that say events
    HANOK_RELAY=binlog
    UP_SETTINGS+=" HANOK_RELAY"
fi
[[ $RATE_LIMIT == on || $RATE_LIMIT == off ]] || die "RATE_LIMIT is '$RATE_LIMIT'; it must be on or off."
if [[ $RATE_LIMIT == off ]]; then
    # shellcheck disable=SC2034 # by its name, of the services that have limits
    HANOK_RATE_LIMIT=off
    UP_SETTINGS+=" HANOK_RATE_LIMIT"
fi
check_run_dir
check_services
check_programs
mkdir -p "$RUN_DIR"
if ! is_ours; then
    [[ -z $(ls -A "$RUN_DIR") ]] || die "RUN_DIR holds something else; choose an empty folder: $RUN_DIR"
    touch "$RUN_DIR/.hanok"
fi
take_lock
if tree_alive && [[ -f $RUN_DIR/stack.env ]]; then already_up; fi
stop_stack >/dev/null # what a crash or a reboot left
check_ports
build
check_settings
for log in "$RUN_DIR"/log/*/current; do
    [[ ! -f $log ]] || LOG_BEGIN[$(basename "${log%/current}")]=$(stat -c %s "$log")
done
TERMINAL=$(terminal)
[[ -z $(trap -p HUP) ]] || leave_with_terminal() { :; } # nohup: it is to go on
trap give_up EXIT
trap 'exit 130' "${INTERRUPTS[@]}"
start_servers
start_services
leave_with_terminal
declare -p HTTP_PORT NATS_PORT MYSQL_PORT LISTEN BUILD SERVICES | sed 's/^declare -[^ ]* //' >"$RUN_DIR/stack.env"
trap - EXIT
say_how
