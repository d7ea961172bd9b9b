#!/bin/bash -p
# doctor.sh - `make doctor`: asks every invariant of the running stack's data; ends with 1 when one is broken.
source "$(dirname "$0")/env.sh"
source "$(dirname "$0")/supervise.sh"
source "$(dirname "$0")/servers.sh"

# A line an invariant: what it says, a tab, its query.
invariants() {
    awk '/^--/ {name = substr($0, 4); query = ""; next} NF {query = query " " $0}
         sub(/;$/, "", query) {print name "\t" query; query = ""}' "$ROOT/deploy/local/invariants.sql"
}

# Those of a query's schemas that are not there: their service was never started.
missing_schemas() {
    comm -23 <(grep -o 'hanok_[a-z0-9]*' <<<"$1" | sort -u) <(sort <<<"$SCHEMAS")
}

check_run_dir
{ is_ours && [[ -d $SCAN_DIR ]]; } || die "Hanok is not up (nothing is running in $RUN_DIR)."
mysql_ready || die "The database does not answer; make status shows what is down."
SCHEMAS=$(mysql_admin -e 'SHOW DATABASES')
broken=0
while IFS=$'\t' read -r name query; do
    missing=$(missing_schemas "$query")
    if [[ -n $missing ]]; then
        printf '%-8s %s (no %s)\n' skipped "$name" "${missing//$'\n'/, }"
        continue
    fi
    read -r count example < <(mysql_admin -e "SELECT COUNT(*), COALESCE(MIN(HEX(id)), '-') FROM ($query) AS found" </dev/null)
    if ((count == 0)); then
        printf '%-8s %s\n' ok "$name"
    else
        printf '%-8s %s: %d, for example %s\n' BROKEN "$name" "$count" "$example"
        broken=1
    fi
done < <(invariants)
exit "$broken"
