# shellcheck shell=bash
# supervise.sh - sourced: the s6 supervision tree of a stack, one service directory a process.

quote() {
    local word
    for word; do printf "'%s' " "${word//\'/\'\\\'\'}"; done
}

# define NAME ASSIGNMENT... -- PROGRAM ARGUMENT... - writes a service directory; nothing starts yet.
define() {
    local name=$1 dir=$SCAN_DIR/$1 environment=()
    shift
    while [[ $1 != -- ]]; do environment+=("$1"); shift; done
    shift
    mkdir -p "$dir/log" "$RUN_DIR/log/$name"

    # exec keeps pid and start time, so what is recorded here is the program's own.
    cat >"$dir/run" <<END
#!/bin/sh
read -r stat </proc/\$\$/stat && set -- \${stat##*) }
read -r uptime _ </proc/uptime
read -r boot </proc/sys/kernel/random/boot_id
echo "\$\$ \${20} \$boot" >identity
echo "\${uptime%.*}" >started
cd $(quote "$RUN_DIR")
echo \$\$ >.$name.pid && mv .$name.pid $name.pid
exec env $(quote "${environment[@]}" "$@") </dev/null 2>&1
END

    # s6 starts again a second after this script. The first death is worth no delay, so "up" is asked for as
    # soon as this script is over; who keeps dying within five seconds waits longer each time.
    cat >"$dir/finish" <<END
#!/bin/sh
rm -f $(quote "$RUN_DIR/$name.pid" "$RUN_DIR/$name.admin")
[ "\$1" = 256 ] && how="\"signal\":\$2" || how="\"code\":\$1"
echo "{\"time\":\"\$(date -u +%FT%T.%6NZ)\",\"level\":\"warn\",\"service\":\"$name\",\"msg\":\"process ended\",\$how}"
read -r started <started
read -r now _ </proc/uptime
read -r deaths <deaths || deaths=0
[ \$((\${now%.*} - started)) -lt 5 ] && deaths=\$((deaths + 1)) || deaths=1
echo \$deaths >deaths
case \$deaths in
1) (sleep 0.1; [ "\$(s6-svstat -o wantedup .)" != true ] || s6-svc -u .) & ticks=0 ;;
2) ticks=0 ;;
3) ticks=5 ;;
*) ticks=19 ;;
esac
while [ \$ticks -gt 0 ] && [ ! -e ../.stopping ]; do
    sleep 0.2
    ticks=\$((ticks - 1))
done
END
    echo 8000 >"$dir/timeout-finish"

    cat >"$dir/log/run" <<END
#!/bin/sh
exec s6-log -b n4 s8000000 $(quote "$RUN_DIR/log/$name")
END
    chmod 700 "$dir/run" "$dir/finish" "$dir/log/run"
    ln -sfn "log/$name/current" "$RUN_DIR/$name.log"
}

tree_alive() { s6-svscanctl -a "$SCAN_DIR" 2>/dev/null; }

# Detached: own session, nothing inherited but the log.
tree_start() {
    mkdir -p "$SCAN_DIR" "$RUN_DIR/log"
    rm -f "$SCAN_DIR/.stopping"
    (
        cd "$SCAN_DIR" || exit
        for fd in /proc/self/fd/*; do
            fd=${fd##*/}
            if ((fd > 2)); then exec {fd}>&-; fi
        done
        export -n CLEANED_BY_HANOK PROXY "${SAID[@]}"
        exec setsid s6-svscan -c 200 "$SCAN_DIR" </dev/null >>"$RUN_DIR/log/supervisor.log" 2>&1
    ) &
    disown
    within 10 tree_alive || die "The supervisor did not start: $RUN_DIR/log/supervisor.log"
}

# Starts what was defined since the last call.
tree_rescan() { s6-svscanctl -a "$SCAN_DIR"; }

# alive DIR - is the process that run recorded there still that process, and alive?
alive() {
    local pid start boot stat
    read -r pid start boot 2>/dev/null <"$1/identity" || return 1
    [[ $boot == "$(</proc/sys/kernel/random/boot_id)" ]] || return 1
    stat=$(cat "/proc/$pid/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    read -ra stat <<<"$stat"
    [[ ${stat[19]} == "$start" && ${stat[0]} != Z ]]
}

# stop SECONDS DIR... - ends services, politely first; prints the names of those it had to kill.
stop() {
    local limit=$1 dir pid up=()
    shift
    for dir; do
        [[ -d $dir ]] || continue
        if s6-svok "$dir"; then
            s6-svc -d "$dir"
        elif alive "$dir"; then # nobody supervises it any more
            read -r pid _ <"$dir/identity"
            kill -TERM "$pid" && kill -CONT "$pid"
        else
            continue
        fi
        up+=("$dir")
    done
    within "$limit" all_stopped "${up[@]}" && return
    for dir in "${up[@]}"; do
        stopped "$dir" && continue
        basename "$dir"
        if alive "$dir"; then
            read -r pid _ <"$dir/identity"
            kill -KILL "$pid" || true
        fi
    done
    within 10 all_stopped "${up[@]}" || die "Some processes do not end even when killed."
}

# Asks again whoever is up: a restart may have been on its way when it was asked first.
stopped() {
    if [[ $(s6-svstat -o up "$1" 2>/dev/null) == true ]]; then
        s6-svc -d "$1" || true
        return 1
    fi
    ! alive "$1"
}

all_stopped() {
    local dir
    for dir; do stopped "$dir" || return 1; done
}

no_supervisors() {
    local dir
    for dir in "$SCAN_DIR"/*/ "$SCAN_DIR"/*/log/; do
        if [[ -d $dir ]] && s6-svok "$dir" 2>/dev/null; then return 1; fi
    done
    ! tree_alive
}

# Ends supervisors and loggers, the services being down.
tree_stop() {
    local dir
    s6-svscanctl -t "$SCAN_DIR" 2>/dev/null || true
    within 5 no_supervisors && return
    for dir in "$SCAN_DIR"/*/ "$SCAN_DIR"/*/log/; do
        s6-svc -xd "$dir" 2>/dev/null || true
    done
    within 10 no_supervisors || die "The supervisor of $RUN_DIR does not end."
}

# stop_stack - ends everything of RUN_DIR, the services first, so that they can finish their work.
# Prints the names of what had to be killed.
stop_stack() {
    local row services=() dir
    [[ -d $SCAN_DIR ]] || return 0
    touch "$SCAN_DIR/.stopping"
    for dir in "$SCAN_DIR"/*/; do
        row=$(basename "$dir")
        [[ $row == nats || $row == mysql || $row == gateway ]] || services+=("$dir")
    done
    stop 30 "$SCAN_DIR/gateway"
    stop 30 "${services[@]}"
    stop 30 "$SCAN_DIR/nats" "$SCAN_DIR/mysql"
    tree_stop
    rm -rf "$SCAN_DIR" "$RUN_DIR/stack.env"
    rm -f "$RUN_DIR"/*.pid "$RUN_DIR"/*.admin "$RUN_DIR"/*.http
}
