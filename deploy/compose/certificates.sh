#!/bin/bash
# certificates.sh - has certificates for nats and db in /run/secrets, each where its server alone reads it, and the
# authority's for everybody. Made on the first start, and anew when they end within 30 days.
set -euo pipefail

ALL=/run/secrets/tls NATS_UID=1000 DB_UID=999

# place SERVER UID - as SERVER/tls.crt and SERVER/tls.key.
place() {
    install -o "$2" -g "$2" -m 400 "$ALL/$1.crt" "/run/secrets/$1/tls.crt"
    install -o "$2" -g "$2" -m 400 "$ALL/$1.key" "/run/secrets/$1/tls.key"
}

/etc/hanok/tls/certificates.sh $ALL nats=nats,nats-2,nats-3,localhost db=db,localhost
place nats $NATS_UID
place db $DB_UID
install -d -m 755 /run/secrets/ca
install -m 444 $ALL/ca.pem /run/secrets/ca/ca.pem
