#!/bin/bash
# base_images.sh - has the images that ours build on and run beside. What is not there is pulled; where no
# registry is reached, a stand-in of the same name is made from Debian's packages, by apt's own mirror.
set -euo pipefail
cd "$(dirname "$0")"

SUITE=trixie

# Two at a time would make everything twice.
exec 9>"${TMPDIR:-/tmp}/hanok-base-images.lock"
flock -w 1800 9

pull() { timeout 120 docker pull -q "$1" >/dev/null 2>&1; }

# Run by mmdebstrap, in the new system's folder as $1: nothing is started by package scripts, and apt keeps no caches.
# shellcheck disable=SC2016
POLICY='printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d"; chmod 755 "$1/usr/sbin/policy-rc.d"'
# shellcheck disable=SC2016
NO_CACHES='cat >"$1/etc/apt/apt.conf.d/docker-clean" <<END
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
END'
# shellcheck disable=SC2016
NOTHING_OF_THIS_MACHINE=': >"$1/etc/resolv.conf"; rm -f "$1/etc/hostname" "$1"/var/cache/apt/*.bin'

# Like the slim image: without manual pages and translations. Named when it is whole.
debian() {
    local id
    id=$(timeout 900 mmdebstrap --quiet --variant=minbase --include=ca-certificates \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --customize-hook="$POLICY" --customize-hook="$NO_CACHES" --customize-hook="$NOTHING_OF_THIS_MACHINE" \
        "$SUITE" - "deb $(./mirror.sh) $SUITE main" |
        docker import -c 'CMD ["bash"]' -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' -)
    docker tag "$id" "$1"
}

stand_in() {
    local log
    log=$(timeout 900 docker build -f "base/$1.Dockerfile" -t "$2" base 2>&1) || { echo "$log" >&2; return 1; }
}

# have IMAGE COMMAND... - where IMAGE cannot be had otherwise, COMMAND makes it, with the name as its last argument.
have() {
    local image=$1 start=$SECONDS
    shift
    docker image inspect "$image" >/dev/null 2>&1 && return
    if pull "$image"; then
        echo "pulled $image ($((SECONDS - start)) s)"
    else
        "$@" "$image"
        echo "made $image ($((SECONDS - start)) s)"
    fi
}

have debian:trixie-slim debian
have nats:2-alpine stand_in nats
have mariadb:11 stand_in mariadb
have prom/prometheus:latest stand_in prometheus
