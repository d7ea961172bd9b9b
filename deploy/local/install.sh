#!/bin/bash -p
# install.sh GROUP... - installs the Debian packages of deploy/packages/GROUP.list that are missing.
# Only programs: a server that comes with a package is neither started now nor at the next boot.
set -euo pipefail
cd "$(dirname "$0")/../.."

list_wanted() {
    sed 's/#.*//; /^ *$/d' "${@/%/.list}" | sort -u
}

# shellcheck disable=SC2016 # ${Package} is dpkg-query's
list_missing() {
    # One query for all; of a package it never heard of, dpkg-query prints nothing on standard output.
    comm -23 <(list_wanted "$@") <(list_wanted "$@" |
        xargs dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null |
        sed -n 's/ installed$//p' | sort -u)
}

# Package scripts ask this file before they start a service; 101 says no.
forbid_services() {
    [[ -e /usr/sbin/policy-rc.d ]] && return
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
}

disable_services() {
    local unit
    [[ -d /run/systemd/system ]] || return 0
    for unit in $(dpkg -L "$@" 2>/dev/null | sed -n 's|.*/systemd/system/\([^/]*\.service\)$|\1|p'); do
        systemctl disable --quiet "$unit" || true
    done
}

install_packages() {
    local log
    local command=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@")

    echo "Installing $*"
    log=$(mktemp)
    # The lists may be missing or older than the archive: they are fetched only when it turns out so.
    if ! "${command[@]}" >"$log" 2>&1 </dev/null &&
        ! { apt-get update -q && "${command[@]}"; } >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        echo "install: could not install $*" >&2
        return 1
    fi
    rm -f "$log"
}

groups=("${@/#/deploy/packages/}")
for group in "${groups[@]}"; do
    [[ -f $group.list ]] || { echo "install: no such list: $group.list" >&2; exit 2; }
done
mapfile -t packages < <(list_missing "${groups[@]}")
((${#packages[@]})) || exit 0

if ! command -v apt-get >/dev/null; then
    echo "install: this is not Debian; please install what these packages hold: ${packages[*]}" >&2
    exit 1
fi
if ((EUID != 0)); then
    command -v sudo >/dev/null && exec sudo "$PWD/deploy/local/install.sh" "$@"
    echo "install: packages are missing and there is no sudo; please run this as root, then try again:" >&2
    echo "    apt-get update && apt-get install --no-install-recommends ${packages[*]}" >&2
    exit 1
fi
forbid_services
install_packages "${packages[@]}"
disable_services "${packages[@]}"
