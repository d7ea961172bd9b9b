#!/bin/bash
# engine.sh start|stop DIR - a Docker Engine for the tests: one that answers already is used as it is; else
# dockerd is started, and noted in DIR so that stop ends it and no other, once nobody uses it. Code 77: Docker
# cannot run here.
set -euo pipefail

(($# == 2)) || { echo "usage: engine.sh start|stop DIR" >&2; exit 2; }
mkdir -p "$2"
PID_FILE=$2/dockerd.pid
LOG=$2/dockerd.log

answers() { timeout 30 docker info >/dev/null 2>&1; }

ours_alive() { [[ -s $PID_FILE ]] && [[ $(cat "/proc/$(<"$PID_FILE")/comm" 2>/dev/null) == dockerd ]]; }

start() {
    local try
    answers && return
    if ((EUID != 0)) || ! command -v dockerd >/dev/null; then
        echo "engine: no Docker Engine answers, and none can be started: that takes root and dockerd" >&2
        exit 77
    fi
    setsid dockerd >>"$LOG" 2>&1 </dev/null &
    echo $! >"$PID_FILE"
    for ((try = 0; try < 300; try++)); do
        answers && return
        ours_alive || break
        sleep 0.1
    done
    echo "engine: dockerd does not run here; the end of $LOG:" >&2
    tail -n 5 "$LOG" >&2
    stop
    exit 77
}

stop() {
    local pid try
    ours_alive || return 0
    if [[ $(timeout 30 docker ps -q 2>/dev/null) ]]; then
        echo "engine: left running: there are still containers in it" >&2
        return
    fi
    pid=$(<"$PID_FILE")
    kill -TERM "$pid"
    for ((try = 0; try < 600; try++)); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    rm -f "$PID_FILE"
}

"$1"
