# shellcheck shell=bash
# env.sh - sourced: settings of a stack, checked, and small helpers of the scripts beside it.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# A shell started by make would hand these to whatever it starts.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKE_TERMOUT MAKE_TERMERR
umask 077

die() {
    printf '%s\n' "$@" >&2
    exit 1
}

HTTP_PORT=${HTTP_PORT:-8080}
NATS_PORT=${NATS_PORT:-4222}
MYSQL_PORT=${MYSQL_PORT:-3306}
LISTEN=${LISTEN:-127.0.0.1}
ADMIN_PORT_BASE=${ADMIN_PORT_BASE:-}
BUILD=${BUILD:-release}
TLS=${TLS:-off}
JOBS=${JOBS:-$(nproc)}
RUN_DIR=${RUN_DIR:-.run}
[[ $RUN_DIR == /* ]] || RUN_DIR=$ROOT/$RUN_DIR
RUN_DIR=$(realpath -m -- "$RUN_DIR")
# shellcheck disable=SC2034 # used by those who source this
SCAN_DIR=$RUN_DIR/s6
SOCKET=$RUN_DIR/mysql.sock
OS_USER=$(id -un)

check_run_dir() {
    local LC_ALL=C

    [[ $RUN_DIR =~ ^[A-Za-z0-9/._+@,\ -]+$ && $ROOT =~ ^[A-Za-z0-9/._+@,\ -]+$ ]] ||
        die "RUN_DIR may hold letters, digits, blanks and / . _ + @ , - only; it is '$RUN_DIR'."
    ((${#SOCKET} < 108)) ||
        die "RUN_DIR is too long: $SOCKET has ${#SOCKET} bytes, a socket's path at most 107." \
            "Choose a shorter one, for example: make up RUN_DIR=/tmp/hanok"
    [[ ! -e $RUN_DIR || -d $RUN_DIR ]] || die "RUN_DIR is not a folder: $RUN_DIR"
    [[ ! -e $RUN_DIR || -O $RUN_DIR ]] ||
        die "RUN_DIR belongs to $(stat -c %U "$RUN_DIR"), you are $OS_USER: $RUN_DIR"
}

# True for a folder that `make up` made.
is_ours() { [[ -f $RUN_DIR/.hanok ]]; }

# One command at a time works on a RUN_DIR.
take_lock() {
    exec {LOCK_FD}>"$RUN_DIR/.lock"
    flock -n "$LOCK_FD" && return
    echo "Another make up or make down works on $RUN_DIR; waiting for it."
    flock -w 300 "$LOCK_FD" || die "It did not end within 300 s."
}

# What a running stack was started with.
read_stack() {
    # shellcheck source=/dev/null
    [[ -f $RUN_DIR/stack.env ]] && source "$RUN_DIR/stack.env"
}

# Rows of services.conf, those columns that matter here: name schema arguments...
service_rows() {
    local name schema arguments
    sed 's/#.*//; /^[ \t]*$/d' "$ROOT/deploy/local/services.conf" |
        while read -r name schema _ _ _ _ _ arguments; do echo "$name $schema $arguments"; done
}

# within SECONDS COMMAND... - tries until it succeeds.
within() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < until)) || return 1
        sleep 0.05
    done
}
