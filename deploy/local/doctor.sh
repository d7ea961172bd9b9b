#!/bin/bash -p
# doctor.sh - `make doctor`: has hanokctl check what must be true of the running stack; ends with 1 when something is not.
source "$(dirname "$0")/env.sh"
source "$(dirname "$0")/supervise.sh"

check_run_dir
{ is_ours && [[ -d $SCAN_DIR ]]; } || die "Hanok is not up (nothing is running in $RUN_DIR)."
monitor=$(admin_of nats)
exec "$RUN_DIR/bin/hanokctl" doctor ${monitor:+--monitor "$monitor"}
