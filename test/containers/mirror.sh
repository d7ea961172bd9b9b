#!/bin/bash
# mirror.sh - prints the mirror of Debian's archive that apt uses on this machine.
# shellcheck disable=SC2016 # what apt expands
set -euo pipefail

# Other archives may be among apt's sources; whose archive it is, its index says, once it was fetched.
find_mirror() {
    apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Label: Debian' 'Component: main' | sort -u | sed -n 1p
}

mirror=$(find_mirror)
if [[ ! $mirror ]]; then
    apt-get update -qq
    mirror=$(find_mirror)
fi
[[ $mirror ]] || { echo "mirror: apt knows no mirror of Debian here" >&2; exit 1; }
echo "$mirror"
