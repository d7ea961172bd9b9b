#!/bin/bash
# certificates.sh - makes an authority and the certificates of nats and db in /run/secrets, once. The authority's key
# is thrown away: it signs nobody else. For other names, or in ten years, remove the folder ca and start again.
set -euo pipefail
umask 077

NATS_UID=1000 DB_UID=999
DAYS=3650
cd /run/secrets
if [[ -s ca/ca.pem ]]; then exit; fi

CA=$(mktemp -d)
trap 'rm -rf "$CA"' EXIT
printf '[req]\ndistinguished_name = name\n[name]\n' >"$CA/openssl.conf"

# certificate KEY OPTION... - on a new key of its own.
certificate() {
    local key=$1
    shift
    openssl req -config "$CA/openssl.conf" -x509 -days $DAYS -sha256 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
        -keyout "$key" "$@" 2>"$CA/errors" || { cat "$CA/errors" >&2; exit 1; }
}

# server FOLDER UID NAME... - a certificate for the names that clients know the server by; health checks ask 127.0.0.1.
server() {
    local folder=$1 uid=$2 names=IP:127.0.0.1 name
    shift 2
    for name; do names+=",DNS:$name"; done
    certificate "$folder/tls.key" -CA "$CA/ca.pem" -CAkey "$CA/ca.key" -out "$folder/tls.crt" -subj "/CN=$1" \
        -addext basicConstraints=critical,CA:FALSE -addext "subjectAltName=$names" \
        -addext extendedKeyUsage=serverAuth
    chown "$uid:$uid" "$folder"/tls.*
    chmod 400 "$folder"/tls.*
}

certificate "$CA/ca.key" -out "$CA/ca.pem" -subj "/CN=Hanok" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
server nats $NATS_UID nats nats-2 nats-3 localhost
server db $DB_UID db
mkdir -p ca
cp "$CA/ca.pem" ca/ca.pem # last: what it stands for is complete
chmod 444 ca/ca.pem
chmod 555 ca
