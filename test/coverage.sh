#!/bin/bash
# coverage.sh - `make coverage`: unit tests of a build that counts, then lines and branches by folder.
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/coverage

find "$out" -name '*.gcda' -delete 2>/dev/null || true
failed=0
BUILD=coverage CC=gcc test/run --unit || failed=1
gcovr --root . --object-directory "$out" --exclude '.*_(test|fuzz|bench)\.c' --exclude 'test/' \
    --exclude-unreachable-branches --csv --html-details "$out/index.html" -o "$out/report.csv" 2>"$out/gcovr.log" ||
    { cat "$out/gcovr.log" >&2; exit 1; }

# filename,line_total,line_covered,line_percent,branch_total,branch_covered,...
awk -F, 'NR > 1 {
    folder = $1; sub(/\/[^\/]*$/, "", folder)
    for (key in keys) delete keys[key]
    keys[folder]; keys["~ all"]
    for (key in keys) { lines[key] += $2; hit[key] += $3; branches[key] += $5; taken[key] += $6 }
}
END {
    for (key in lines)
        printf "%-24s %6d lines %5.1f %%   %6d branches %5.1f %%\n", key, lines[key], 100 * hit[key] / (lines[key] ? lines[key] : 1),
            branches[key], 100 * taken[key] / (branches[key] ? branches[key] : 1)
}' "$out/report.csv" | sort
echo "Line by line: $out/index.html"
exit "$failed"
