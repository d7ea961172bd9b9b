#!/bin/bash
# build.sh [BUILD_FOLDER] - makes hanok_VERSION_ARCHITECTURE.deb of the programs there, beside them, and prints
# its name. From one commit comes the same package, byte by byte.
set -euo pipefail
cd "$(dirname "$0")/../.."
unset MAKEFLAGS MFLAGS MAKELEVEL
umask 022

HERE=deploy/debian
MAKE=(make -s --no-print-directory V=0)
if (($#)); then MAKE+=("OUT=$1"); fi
OUT=$("${MAKE[@]}" out)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y LICENSE)}
export SOURCE_DATE_EPOCH
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
STAGE=$WORK/debian/hanok

# What the programs are linked with, as packages and their least versions.
depends() {
    install -d "$STAGE/DEBIAN" # by it dpkg-shlibdeps knows a package
    echo "Source: hanok" >"$WORK/debian/control"
    (cd "$WORK" && dpkg-shlibdeps -O "$STAGE"/usr/bin/*) | sed -n 's/^shlibs:Depends=//p'
}

# As Debian wants documents: compressed, with a copyright and a list of changes.
documents() {
    local documents=$STAGE/usr/share/doc/hanok
    gzip -9n "$STAGE"/usr/share/man/man8/*.8
    rm "$documents/LICENSE"
    install -m 644 $HERE/copyright "$documents"
    install -D -m 644 $HERE/lintian-overrides "$STAGE/usr/share/lintian/overrides/hanok"
    printf 'hanok (%s) unstable; urgency=medium\n\n  * This release.\n\n -- Hanok <hanok@localhost>  %s\n' "$VERSION" \
        "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$documents/changelog.gz"
}

control() {
    local size dependencies
    size=$(find "$STAGE" -type f -printf '%s\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')
    dependencies=$(depends)
    (cd "$STAGE" && find etc -type f -printf '/%p\n' | sort) >"$STAGE/DEBIAN/conffiles"
    (cd "$STAGE" && find etc usr -type f -print0 | sort -z | xargs -0 md5sum) >"$STAGE/DEBIAN/md5sums"
    install -m 755 $HERE/{postinst,prerm,postrm} "$STAGE/DEBIAN"
    sed "s/@VERSION@/$VERSION/; s/@ARCHITECTURE@/$ARCHITECTURE/; s/@SIZE@/$size/; s/@DEPENDS@/$dependencies/" \
        $HERE/control.in >"$STAGE/DEBIAN/control"
}

"${MAKE[@]}" install DESTDIR="$STAGE" PREFIX=/usr STRIP=-s
VERSION=$("$OUT/hanok-gateway" --version | cut -d' ' -f2)
ARCHITECTURE=$(dpkg --print-architecture)
documents
control
# A package's times are clamped to SOURCE_DATE_EPOCH, its owner is root whoever builds it.
dpkg-deb --root-owner-group --build "$STAGE" "$OUT/hanok_${VERSION}_$ARCHITECTURE.deb" >/dev/null
echo "$OUT/hanok_${VERSION}_$ARCHITECTURE.deb"
