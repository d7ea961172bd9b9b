#!/bin/bash
# lint.sh - every check that needs no running program. Each step prints its complaints; all steps run.
set -uo pipefail # no -e: every step runs
cd "$(dirname "$0")/../.." || exit

mapfile -t FILES < <(find . \( -path ./.git -o -path ./build -o -path './.run*' -o -name __pycache__ \) -prune \
    -o -type f -print | sed 's|^\./||' | sort)
mapfile -t C_FILES < <(printf '%s\n' "${FILES[@]}" | grep '\.[ch]$')
mapfile -t SHELL_FILES < <(grep -lE '^#!/bin/(ba)?sh|^#!/usr/bin/env bash' "${FILES[@]}")
mapfile -t PYTHON_FILES < <(grep -lE '^#!/usr/bin/env python3' "${FILES[@]}"; printf '%s\n' "${FILES[@]}" | grep '\.py$')
mapfile -t TEXT_FILES < <(printf '%s\n' "${FILES[@]}" | grep -vE '^LICENSE$|_corpus/')

layers() { awk -f tool/lint/layers.awk tool/lint/layers.txt "${C_FILES[@]}"; }
banned() { awk -f tool/lint/banned.awk tool/lint/banned.txt "${C_FILES[@]}"; }
sizes() { awk -f tool/lint/sizes.awk "${TEXT_FILES[@]}"; }
format() { clang-format --dry-run -Werror "${C_FILES[@]}" || { echo "mend: clang-format -i FILE"; false; }; }
shell() { shellcheck "${SHELL_FILES[@]}"; }
python() { python3 tool/lint/compile_only.py "${PYTHON_FILES[@]}"; }
gcc_warnings() { make -s --no-print-directory -k V=0 -j"$JOBS" BUILD=release CC=gcc all tests benches; }
clang_warnings() { make -s --no-print-directory -k V=0 -j"$JOBS" BUILD=lint CC=clang checked; }

events() { tool/lint/events.py | diff docs/events.md - || { echo "mend: tool/lint/events.py >docs/events.md"; false; }; }
settings() { tool/lint/settings.sh | diff docs/settings.md - || { echo "mend: tool/lint/settings.sh >docs/settings.md"; false; }; }

asvs() { tool/lint/asvs.py; }
systems() { tool/lint/systems.py; }
docs() { tool/lint/docs.py; }
services() { deploy/services.py --check || { echo "mend: deploy/services.py"; false; }; }

# Of services of ours: others are asked over HTTP.
operations() {
    local header name headers=() lost
    for header in protocol/*.h; do
        name=${header#*/}
        [[ ! -d cmd/${name%%[_.]*} ]] || headers+=("$header")
    done
    lost=$(sed -n 's/^extern const struct operation \([A-Z_]*\);.*/\1/p' "${headers[@]}" | sort |
        comm -23 - <(grep -o '&[A-Z_]*,' protocol/operations.c | tr -d '&,' | sort))
    [[ -z $lost ]] || { echo "not in protocol/operations.c:" "${lost//$'\n'/ }"; false; }
}

nats_users() {
    local out
    out=$(make -s --no-print-directory BUILD=release CC=gcc out)
    deploy/nats/users.sh "$out" | diff deploy/nats/users.conf - ||
        { echo "mend: deploy/nats/users.sh $out >deploy/nats/users.conf"; false; }
}

cppcheck_() {
    mkdir -p build/lint/cppcheck
    cppcheck --quiet --error-exitcode=1 -j "$JOBS" --cppcheck-build-dir=build/lint/cppcheck --std=c11 \
        --enable=warning,performance,portability --inline-suppr --suppressions-list=tool/lint/cppcheck.supp \
        --library=posix --library=gnu -D_GNU_SOURCE -I. "${C_FILES[@]}"
}

# lane STEP... - one after another; what a step says comes out whole.
lane() {
    local step start said verdict
    for step; do
        start=$SECONDS
        if said=$("$step" 2>&1); then verdict=ok; else verdict=FAIL; echo "${step%_}" >>"$FAILED"; fi
        printf '%s%-4s %s (%d s)\n' "${said:+$said$'\n'}" "$verdict" "${step%_}" $((SECONDS - start))
    done
}

unset MAKEFLAGS MFLAGS MAKELEVEL
JOBS=${JOBS:-$(nproc)}
FAILED=$(mktemp)
trap 'rm -f "$FAILED"' EXIT
lane gcc_warnings settings events services nats_users & # they ask the programs
lane clang_warnings cppcheck_ &
lane layers banned sizes format shell python asvs systems docs operations &
wait
[[ ! -s $FAILED ]] || { echo "lint: failed: $(sort "$FAILED" | tr '\n' ' ')"; exit 1; }
