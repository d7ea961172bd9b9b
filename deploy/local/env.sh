# shellcheck shell=bash
# env.sh - sourced: settings of a stack, checked, and small helpers of the scripts beside it.
set -euo pipefail

# Of who has closed one of these, the file opened next would be it, and a line said to it an error.
for fd in 0 1 2; do
    [[ -e /dev/fd/$fd ]] || eval "exec $fd<>/dev/null"
done
unset fd

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
umask 077
ulimit -c 0 # what a server that crashes knew

die() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Of what a shell exports only this goes on to what is started here. All else is meant for others (proxies, MYSQL_HOST,
# HANOK_TAG, locales, functions) and would change how the stack behaves: the script starts again without it.
# TEST_RUN is how test/run knows its processes.
PASSED=(HOME USER LOGNAME TERM CC CFLAGS LDFLAGS CPATH LIBRARY_PATH LD_LIBRARY_PATH V
    ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS TEST_RUN)
# What is said to these scripts goes no further than to them.
SAID=(HTTP_PORT NATS_PORT MYSQL_PORT PGSIM_PORT LISTEN ADMIN_PORT_BASE BUILD TLS RELAY RATE_LIMIT JOBS RUN_DIR SERVICES UP_SETTINGS)

clean_environment() {
    local name only=()
    # shellcheck disable=SC2086 # one word a setting
    for name in "${PASSED[@]}" "${SAID[@]}" ${UP_SETTINGS:-}; do
        [[ ! -v $name ]] || only+=("$name=${!name}")
    done
    # Servers live in sbin; an ordinary user's PATH has none.
    exec env -i "${only[@]}" CLEANED_BY_HANOK=yes LC_ALL=C.UTF-8 PROXY="${http_proxy:-${all_proxy:-${ALL_PROXY:-}}}" \
        PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" /bin/bash -p "$0" "$@"
}

[[ ${CLEANED_BY_HANOK:-} == yes ]] || clean_environment "$@"
# shellcheck disable=SC2086,SC2163
[[ -z ${UP_SETTINGS:-} ]] || export -n $UP_SETTINGS

# curl, whatever its settings file says of proxies and output.
fetch() { curl -q -s --noproxy '*' -m 2 "$@"; }

HTTP_PORT=${HTTP_PORT:-8080}
NATS_PORT=${NATS_PORT:-4222}
MYSQL_PORT=${MYSQL_PORT:-3306}
LISTEN=${LISTEN:-127.0.0.1}
PGSIM_PORT=${PGSIM_PORT:-}
ADMIN_PORT_BASE=${ADMIN_PORT_BASE:-}
BUILD=${BUILD:-release}
TLS=${TLS:-off}
RELAY=${RELAY:-poll}
RATE_LIMIT=${RATE_LIMIT:-on}
JOBS=${JOBS:-$(nproc)}
SERVICES=${SERVICES:-}
UP_SETTINGS=${UP_SETTINGS:-}
RUN_DIR=${RUN_DIR:-.run}
[[ $RUN_DIR == /* ]] || RUN_DIR=$ROOT/$RUN_DIR
RUN_DIR=$(realpath -m -- "$RUN_DIR")
# shellcheck disable=SC2034 # used by those who source this
SCAN_DIR=$RUN_DIR/s6
SOCKET=$RUN_DIR/mysql.sock
OS_USER=$(id -un)

check_run_dir() {
    local good='^[[:alnum:]/._+@,() -]+$' allowed="letters of any language, digits, blanks and / . _ + @ , ( ) - only" bytes

    [[ $ROOT =~ $good ]] || die "The project's folder is '$ROOT'; its path may hold $allowed."
    [[ $RUN_DIR =~ $good ]] || die "RUN_DIR may hold $allowed; it is '$RUN_DIR'."
    bytes=$(LC_ALL=C; echo "${#SOCKET}")
    ((bytes < 108)) ||
        die "RUN_DIR is too long: $SOCKET has $bytes bytes, a socket's path at most 107." \
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

# Rows of services.conf, those columns that matter here: name schema has arguments...
all_rows() {
    local name schema has arguments
    sed 's/#.*//; /^[ \t]*$/d' "$ROOT/deploy/local/services.conf" |
        while read -r name schema _ _ _ _ has arguments; do echo "$name $schema $has $arguments"; done
}

# Those of SERVICES.
service_rows() {
    local row
    all_rows | while read -r row; do
        [[ -n $SERVICES && " $SERVICES " != *" ${row%% *} "* ]] || echo "$row"
    done
}

check_services() {
    local name names
    names=" $(all_rows | cut -d' ' -f1 | tr '\n' ' ')"
    for name in $SERVICES; do
        [[ $names == *" $name "* ]] || die "SERVICES names $name, which deploy/local/services.conf does not."
    done
}

# admin_of NAME - where its admin listener is; nothing while it is not running.
admin_of() { cat "$RUN_DIR/$1.admin" 2>/dev/null || true; }

# within SECONDS COMMAND... - tries until it succeeds.
within() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < until)) || return 1
        sleep 0.05
    done
}
