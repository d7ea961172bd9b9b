#!/bin/bash -p
# down.sh - `make down`: stops what make up started in RUN_DIR, by what was recorded there.
source "$(dirname "$0")/env.sh"
source "$(dirname "$0")/supervise.sh"

check_run_dir
if ! is_ours || [[ ! -d $SCAN_DIR ]]; then
    echo "Hanok is not up (nothing is running in $RUN_DIR)."
    exit 0
fi
take_lock
killed=$(stop_stack)
[[ -z $killed ]] || echo "Did not stop in time and had to be killed: ${killed//$'\n'/ }"
echo "Hanok is down; the data stays in $RUN_DIR."
