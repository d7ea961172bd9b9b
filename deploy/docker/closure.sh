#!/bin/bash
# closure.sh PROGRAM UID ROOT - lays out under ROOT a file system that holds one program and what it needs: the
# program without symbols, the libraries it loads, the user UID, resolver settings, /tmp. No shell, no
# package manager. What dpkg knows of the libraries' packages goes along, so that scanners find them.
set -euo pipefail

(($# == 3)) || { echo "usage: closure.sh PROGRAM UID ROOT" >&2; exit 2; }
PROGRAM=$1 USER_ID=$2 ROOT=$3

# Paths of the libraries of a program or plugin, the loader among them.
libraries() { ldd "$1" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[ \t]*\(\/[^ ]*\) .*/\1/p'; }

# Copies a library under the name it is loaded by; /lib is /usr/lib.
add_library() {
    local path=/usr/${1#/}
    path=${path/#\/usr\/usr/\/usr}
    [[ -e $ROOT$path ]] || install -D -m 755 "$(realpath "$1")" "$ROOT$path"
    dpkg -S "$(realpath "$1")" 2>/dev/null | sed 's/:.*//' >>"$ROOT/packages"
}

# The database's client loads how a user proves himself when the server asks for it.
plugins() {
    local dir
    [[ $(libraries "$PROGRAM") == *libmariadb* ]] || return 0
    dir=$(dirname "$(libraries "$PROGRAM" | grep libmariadb)")/libmariadb3/plugin
    printf '%s\n' "$dir"/caching_sha2_password.so "$dir"/client_ed25519.so
}

mkdir -p "$ROOT"/{etc,tmp,usr/lib,usr/lib64,var/lib/dpkg/status.d,var/lib/hanok}
ln -s usr/lib usr/lib64 "$ROOT"
chmod 1777 "$ROOT/tmp"
install -D -m 755 -s "$PROGRAM" "$ROOT/usr/bin/${PROGRAM##*/}"
for object in "$PROGRAM" $(plugins); do
    [[ $object == "$PROGRAM" ]] || add_library "$object"
    for library in $(libraries "$object"); do add_library "$library"; done
done
install -d -o "$USER_ID" -g "$USER_ID" -m 700 "$ROOT/var/lib/hanok/keys"
echo "hanok:x:$USER_ID:$USER_ID:hanok:/:/usr/sbin/nologin" >"$ROOT/etc/passwd"
echo "hanok:x:$USER_ID:" >"$ROOT/etc/group"
echo "hosts: files dns" >"$ROOT/etc/nsswitch.conf"
cp /etc/os-release "$ROOT/etc/"
sort -u "$ROOT/packages" | while read -r package; do
    dpkg-query -s "$package" >"$ROOT/var/lib/dpkg/status.d/$package"
done
rm "$ROOT/packages"
