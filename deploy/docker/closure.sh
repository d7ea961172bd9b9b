#!/bin/bash
# closure.sh PROGRAM USER_ID HAS ROOT - lays out what an image of PROGRAM holds, and nothing else: no shell, no
# package manager. Two folders, so that two layers: ROOT/libraries is what the program loads, which stays the same
# from release to release and between programs; ROOT/program is the program without symbols, also as /usr/bin/hanok,
# its user, /tmp, and what HAS names, with commas between: http (routes.conf and the site), keys (their folder), demo (a folder of its own),
# provider, migrations, - none.
set -euo pipefail

(($# == 4)) || { echo "usage: closure.sh PROGRAM USER_ID HAS ROOT" >&2; exit 2; }
PROGRAM=$1 USER_ID=$2 HAS=$3 LIBRARIES=$4/libraries OWN=$4/program

# Paths of the libraries of a program or plugin, the loader among them; /lib is /usr/lib.
libraries() { ldd "$1" | sed -nE 's:^.*[[:space:]](/usr)?(/lib[^ ]*) .*$:/usr\2:p'; }

# How a user proves himself is loaded by the database's client when the server asks for it. Not here: plugins that
# send the password as it is.
plugins() {
    local client
    client=$(libraries "$PROGRAM" | grep /libmariadb) || return 0
    printf "${client%/*}/libmariadb3/plugin/%s.so\n" caching_sha2_password client_ed25519 parsec
}

# What a program loads by its name once it needs it (tool/fetch).
late() {
    ! grep -qa 'libcurl\.so\.4' "$PROGRAM" || ldconfig -p | sed -nE 's:^.*libcurl\.so\.4 .* (/usr)?(/lib.*)$:/usr\2:p' | head -1
}

# All there is to copy, each file once, under the name it is loaded by.
loaded() {
    local plugin
    {
        libraries "$PROGRAM"
        for plugin in $(plugins) $(late); do
            echo "$plugin"
            libraries "$plugin"
        done
    } | sort -u
}

# Licences, and what dpkg knows of a package, so that scanners find it.
document() {
    install -D -m 644 -t "$LIBRARIES/usr/share/doc/$1" "/usr/share/doc/$1/copyright"
    dpkg-query -s "$1" >"$LIBRARIES/var/lib/dpkg/status.d/$1"
}

thing() {
    case $1 in
    http)
        install -D -m 644 deploy/gateway/routes.conf "$OWN/etc/hanok/routes.conf"
        mkdir -p "$OWN/usr/share/hanok"
        cp -r site "$OWN/usr/share/hanok/"
        chmod -R a+rX "$OWN/usr/share/hanok/site"
        deploy/gateway/compress.sh "$OWN/usr/share/hanok/site"
        ;;
    provider) ;; # libcurl, which a program is searched for
    keys) install -d -o "$USER_ID" -g "$USER_ID" -m 700 "$OWN/var/lib/hanok/keys" ;;
    demo) install -d -o "$USER_ID" -g "$USER_ID" -m 700 "$OWN/var/lib/hanok/demo" ;;
    migrations) mkdir -p "$OWN/usr/share/hanok" && cp -r dataservice/migrations "$OWN/usr/share/hanok/" ;;
    *) echo "closure.sh: nothing is called '$1'" >&2 && exit 2 ;;
    esac
}

mkdir -p "$LIBRARIES"/{etc,usr/lib,usr/lib64,var/lib/dpkg/status.d}
ln -s usr/lib usr/lib64 "$LIBRARIES"
cp /etc/os-release "$LIBRARIES/etc/"
echo "hosts: files dns" >"$LIBRARIES/etc/nsswitch.conf"
for file in $(loaded); do
    install -D -m 755 "$file" "$LIBRARIES$file"
    dpkg -S "$(realpath "$file")" >>"$LIBRARIES/packages"
done
sed 's/:.*//' "$LIBRARIES/packages" | sort -u | while read -r package; do document "$package"; done
rm "$LIBRARIES/packages"
# The same libraries are the same layer, whenever and wherever it is made.
find "$LIBRARIES" -exec touch -h -d @0 {} +

install -D -m 755 -s "$PROGRAM" "$OWN/usr/bin/${PROGRAM##*/}"
ln -s "${PROGRAM##*/}" "$OWN/usr/bin/hanok"
install -d -m 1777 "$OWN/tmp"
install -d "$OWN/etc"
echo "hanok:x:$USER_ID:$USER_ID:hanok:/:/usr/sbin/nologin" >"$OWN/etc/passwd"
echo "hanok:x:$USER_ID:" >"$OWN/etc/group"
[[ $HAS == - ]] || for name in ${HAS//,/ }; do thing "$name"; done
