#!/bin/bash
# base_images.sh - has the images that ours build on and run beside. What is not there is pulled; where no
# registry is reached, a stand-in of the same name is made from Debian's packages, by apt's own mirror.
# shellcheck disable=SC2016 # what apt and mmdebstrap expand
set -euo pipefail
cd "$(dirname "$0")"

MIRROR=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | head -n 1)

pull() { timeout 120 docker pull -q "$1" >/dev/null 2>&1; }

# Like the slim image: no manual pages or translations, no caches, nothing started by package scripts.
debian() {
    local suite=trixie
    mmdebstrap --quiet --variant=minbase --include=ca-certificates \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --customize-hook='printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d"; chmod 755 "$1/usr/sbin/policy-rc.d"' \
        --customize-hook='printf "DPkg::Post-Invoke { \"rm -f /var/cache/apt/archives/*.deb || true\"; };\nDir::Cache::pkgcache \"\";\nDir::Cache::srcpkgcache \"\";\n" >"$1/etc/apt/apt.conf.d/docker-clean"' \
        --customize-hook=': >"$1/etc/resolv.conf"; rm -f "$1/etc/hostname" "$1"/var/cache/apt/*.bin' \
        "$suite" - "deb $MIRROR $suite main" |
        docker import -c 'CMD ["bash"]' -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$1" >/dev/null
}

# have IMAGE COMMAND... - COMMAND makes IMAGE, named as its last argument.
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

stand_in() { docker build -q -f "base/$1.Dockerfile" -t "$2" base >/dev/null; }

have debian:trixie-slim debian
have nats:2-alpine stand_in nats
have mariadb:11 stand_in mariadb
have prom/prometheus:latest stand_in prometheus
