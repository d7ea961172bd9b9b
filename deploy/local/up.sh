#!/bin/bash
# up.sh - `make up`: builds, starts the stack, waits until it is ready, says how to use it.
source "$(dirname "$0")/env.sh"
source "$(dirname "$0")/supervise.sh"
source "$(dirname "$0")/servers.sh"

READY_S=60

# ---- before anything starts

port_taken() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

is_port() { [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] && (($1 < 65536)); }

check_ports() {
    local variable port address owners=() ports=(HTTP_PORT NATS_PORT MYSQL_PORT)
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

# A free port below those the kernel hands to clients.
free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)); port_taken 127.0.0.1 "$port"; do :; done
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
    cp "$out"/hanok-* "$RUN_DIR/bin"
}

streams() {
    wait_ready nats nats_ready
    HANOK_NATS_PASSWORD_FILE=$(secret nats_operator) "$RUN_DIR/bin/hanok-streams" \
        "${NATS_CLIENT[@]}" --nats-user operator --wait-s 30 \
        >>"$RUN_DIR/log/streams.log" 2>&1 </dev/null ||
        die "The streams could not be made:" "$(tail -n 5 "$RUN_DIR/log/streams.log")"
}

migrate() {
    local name=$1 schema=$2
    HANOK_MYSQL_PASSWORD_FILE=$(secret "${schema}_migrate") "$RUN_DIR/bin/hanok-migrate" \
        --dir "$ROOT/dataservice/migrations/$name" "${MYSQL_CLIENT[@]}" --mysql-schema "$schema" \
        --mysql-user "${schema}_migrate" >>"$RUN_DIR/log/migrate.log" 2>&1 </dev/null ||
        die "The migrations of $schema failed:" "$(tail -n 5 "$RUN_DIR/log/migrate.log")"
}

define_service() {
    local name=$1 schema=$2 admin_port=$3 arguments=() environment=()
    shift 3
    # A program that is not there yet cannot be supervised.
    [[ -x $RUN_DIR/bin/hanok-$name ]] || die "services.conf names $name, but there is no cmd/$name."
    environment=("HANOK_NATS_PASSWORD_FILE=$(secret "nats_$name")")
    arguments=("${NATS_CLIENT[@]}" --nats-user "$name" --admin-listen "127.0.0.1:$admin_port"
        --admin-file "$RUN_DIR/$name.admin")
    if [[ $schema != - ]]; then
        environment+=("HANOK_MYSQL_PASSWORD_FILE=$(secret "$schema")")
        arguments+=("${MYSQL_CLIENT[@]}" --mysql-schema "$schema" --mysql-user "$schema")
    fi
    define "$name" "${environment[@]}" -- "$RUN_DIR/bin/hanok-$name" "${arguments[@]}" "$@"
}

# ---- readiness

service_ready() {
    [[ -f $RUN_DIR/$1.admin ]] &&
        curl -sf -m 2 -o /dev/null "http://$(<"$RUN_DIR/$1.admin")/readyz" 2>/dev/null
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

wait_ready() {
    local name=$1 check=$2 until=$((SECONDS + READY_S)) dying
    until "$check" "$name"; do
        if dying=$(hopeless) || ((SECONDS >= until)); then
            name=${dying:-$name}
            echo "$name is not ready${dying:+: it keeps dying}." >&2
            [[ -f $RUN_DIR/$name.admin ]] &&
                curl -s -m 2 "http://$(<"$RUN_DIR/$name.admin")/readyz" >&2 && echo >&2
            echo "The end of $RUN_DIR/$name.log:" >&2
            tail -n 10 "$RUN_DIR/$name.log" | sed 's/^/    /' >&2
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
    nats_inspector
    tree_start
    nats_define "127.0.0.1:${ADMIN_PORT_BASE:-$(free_port)}"
    mysql_define
    tree_rescan
    wait_ready mysql mysql_ready
    mysql_close_other_doors
}

start_services() {
    local rows row name schema arguments variable admin_port wanted=()
    mapfile -t rows < <(service_rows)
    for row in "${rows[@]}"; do
        read -r name schema arguments <<<"$row"
        if [[ $schema != - ]]; then
            mysql_schema "$schema" | mysql_admin
            migrate "$name" "$schema"
        fi
    done
    admin_port=${ADMIN_PORT_BASE:-0} # 0: the service picks a free one
    for row in "${rows[@]}"; do
        read -r name schema arguments <<<"$row"
        read -ra arguments <<<"$arguments"
        for variable in ROOT RUN_DIR LISTEN HTTP_PORT; do # after the split: a value may hold blanks
            arguments=("${arguments[@]//@$variable@/${!variable}}")
        done
        ((admin_port == 0)) || ((admin_port++))
        define_service "$name" "$schema" "$admin_port" "${arguments[@]}"
        wanted+=("$name")
    done
    streams
    tree_rescan
    for name in "${wanted[@]}"; do wait_ready "$name" service_ready; done
}

say_how() {
    local url=http://127.0.0.1:$HTTP_PORT id=ada$((RANDOM % 9000 + 1000))
    [[ $LISTEN == 127.0.0.1 || $LISTEN == 0.0.0.0 ]] || url=http://$LISTEN:$HTTP_PORT
    cat <<END

Hanok is up.

    HTTP    $url (try /docs)$([[ $LISTEN == 127.0.0.1 ]] || echo ", open on $LISTEN")
    NATS    nats://127.0.0.1:$NATS_PORT
    SQL     mariadb -S $SOCKET
    CLI     export XDG_CONFIG_HOME=$RUN_DIR/config; nats micro ls

Sign up, log in, read the profile:

curl -s $url/signup -H 'Content-Type: application/json' -H 'Prefer: wait=10' -d '{"loginId":"$id","password":"lantern-tide-quartz","name":"Ada","email":"$id@example.org","phone":"+82 10-1234-5678"}'; echo
LOGIN=\$(curl -s $url/login -H 'Content-Type: application/json' -d '{"loginId":"$id","password":"lantern-tide-quartz"}'); TOKEN=\$(echo "\$LOGIN" | sed 's/.*"accessToken":"\([^"]*\)".*/\1/'); USER_ID=\$(echo "\$LOGIN" | sed 's/.*"userId":"\([^"]*\)".*/\1/')
curl -s $url/users/\$USER_ID -H "Authorization: Bearer \$TOKEN"; echo

make status · make logs · make down
END
}

give_up() {
    local code=$?
    ((code == 0)) && return
    trap '' INT TERM
    echo "Nothing was left running; the logs are $RUN_DIR/*.log" >&2
    stop_stack >&2 || true
    exit "$code"
}

[[ $TLS == on || $TLS == off ]] || die "TLS is '$TLS'; it must be on or off."
check_run_dir
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
trap give_up EXIT
trap 'exit 130' INT TERM
start_servers
start_services
declare -p HTTP_PORT NATS_PORT MYSQL_PORT LISTEN BUILD | sed 's/^declare -[^ ]* //' >"$RUN_DIR/stack.env"
trap - EXIT
say_how
