#!/bin/bash
# settings.sh - prints docs/settings.md from what the programs say themselves. `make lint` compares:
# after a change of a setting, tool/lint/settings.sh >docs/settings.md
set -euo pipefail
cd "$(dirname "$0")/../.."

out=$(make -s --no-print-directory BUILD=release CC=gcc out)
echo "# Settings"
echo
echo "What \`--help\` of each program prints; made by \`tool/lint/settings.sh\`."
for program in "$out"/hanok-*; do
    [[ $program != *.d ]] || continue
    printf '\n## %s\n\n```text\n' "${program##*/}"
    "$program" --help
    printf '```\n'
done
printf '\n## Routes\n\n'
echo "What \`hanok-gateway --routes-help\` prints; the head of \`routes.conf\` says the same."
printf '\n```text\n'
"$out/hanok-gateway" --routes-help
printf '```\n'
printf '\n## Issuers\n\n'
echo "What \`hanok-gateway --issuers-help\` prints: how a file of \`--issuers\` looks."
printf '\n```text\n'
"$out/hanok-gateway" --issuers-help
printf '```\n'
