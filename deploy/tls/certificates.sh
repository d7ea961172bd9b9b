#!/bin/bash
# certificates.sh FOLDER SERVER=NAME,NAME... - makes an authority, FOLDER/ca.pem, and for each server a certificate it
# has signed, FOLDER/SERVER.crt and SERVER.key, good for 127.0.0.1 and the names that clients know the server by.
# Made once, for DAYS (825); all anew when one ends within 30 days, is missing, is not the authority's or not for these
# names. The authority's key is thrown away: it signs nobody else.
set -euo pipefail
umask 077

(($# >= 2)) || { echo "usage: certificates.sh FOLDER SERVER=NAME,NAME..." >&2; exit 2; }
FOLDER=$1
shift
DAYS=${DAYS:-825} SOON_S=$((30 * 24 * 3600))

lasts() { openssl x509 -noout -checkend $SOON_S -in "$1"; }

# good SERVER=NAME,NAME... - what the folder holds is what would be made.
good() {
    local pair server name wanted
    lasts "$FOLDER/ca.pem" || return 1
    for pair; do
        server=$FOLDER/${pair%%=*}
        [[ -s $server.key ]] && lasts "$server.crt" || return 1
        IFS=, read -ra wanted <<<"${pair#*=}"
        for name in "${wanted[@]}"; do
            openssl verify -CAfile "$FOLDER/ca.pem" -verify_hostname "$name" "$server.crt" || return 1
        done
    done
} >/dev/null 2>&1

# certificate KEY OPTION... - on a new key of its own.
certificate() {
    local key=$1
    shift
    openssl req -config "$MADE/openssl.conf" -x509 -days "$DAYS" -sha256 -nodes \
        -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout "$key" "$@" 2>"$MADE/errors" ||
        { cat "$MADE/errors" >&2; exit 1; }
}

if good "$@"; then exit; fi
mkdir -p "$FOLDER"
MADE=$(mktemp -d "$FOLDER/new.XXXXXX")
trap 'rm -rf "$MADE"' EXIT
printf '[req]\ndistinguished_name = name\n[name]\n' >"$MADE/openssl.conf"
certificate "$MADE/authority" -out "$MADE/ca.pem" -subj "/CN=Hanok" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
for pair; do
    server=${pair%%=*}
    # 127.0.0.1 as a name too: MariaDB's client looks for what it was given among the names.
    names=${pair#*=}
    names="IP:127.0.0.1,DNS:127.0.0.1,DNS:${names//,/,DNS:}"
    certificate "$MADE/$server.key" -CA "$MADE/ca.pem" -CAkey "$MADE/authority" -out "$MADE/$server.crt" \
        -subj "/CN=$server" -addext basicConstraints=critical,CA:FALSE -addext "subjectAltName=$names" \
        -addext extendedKeyUsage=serverAuth
done
chmod 644 "$MADE"/*.crt "$MADE/ca.pem"
# The authority last: until it is there, nothing in the folder is good.
mv "$MADE"/*.crt "$MADE"/*.key "$FOLDER"
mv "$MADE/ca.pem" "$FOLDER"
