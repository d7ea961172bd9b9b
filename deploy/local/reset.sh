#!/bin/bash -p
# reset.sh - `make reset`: stops everything and deletes RUN_DIR.
source "$(dirname "$0")/env.sh"

check_run_dir
[[ -e $RUN_DIR ]] || { echo "There is no $RUN_DIR."; exit 0; }
is_ours || die "RUN_DIR does not look like a folder of make up, it is left alone: $RUN_DIR"
"$ROOT/deploy/local/down.sh" >/dev/null
rm -rf "$RUN_DIR"
echo "Deleted $RUN_DIR."
