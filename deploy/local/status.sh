#!/bin/bash -p
# status.sh - `make status`: one line a process.
source "$(dirname "$0")/env.sh"
source "$(dirname "$0")/supervise.sh"
source "$(dirname "$0")/servers.sh"

ready_of() {
    case $1 in
    nats) nats_ready ;;
    mysql) mysql_ready ;;
    *) fetch -f -o /dev/null "http://$(admin_of "$1")/readyz" ;;
    esac 2>/dev/null && echo ready || echo "not ready"
}

port_of() {
    case $1 in
    nats) echo "$NATS_PORT" ;;
    mysql) echo "$MYSQL_PORT" ;;
    gateway) echo "$HTTP_PORT" ;;
    pgsim) sed 's/.*://' "$RUN_DIR/pgsim.http" 2>/dev/null || echo - ;;
    *) sed 's/.*://' "$RUN_DIR/$1.admin" 2>/dev/null || echo - ;;
    esac
}

check_run_dir
if ! is_ours || [[ ! -d $SCAN_DIR ]]; then
    echo "Hanok is not up (nothing is running in $RUN_DIR)."
    exit 0
fi
read_stack || true
printf '%-10s %8s %6s %-10s %s\n' NAME PID PORT READY MEMORY
for name in nats mysql $(service_rows | awk '{print $1}'); do
    if alive "$SCAN_DIR/$name"; then
        pid=$(<"$RUN_DIR/$name.pid")
        memory=$(awk '/^VmRSS/ {printf "%.1f MB", $2 / 1024}' "/proc/$pid/status" 2>/dev/null)
        printf '%-10s %8s %6s %-10s %s\n' "$name" "$pid" "$(port_of "$name")" "$(ready_of "$name")" "$memory"
    else
        printf '%-10s %8s %6s %-10s\n' "$name" - - down
    fi
done
