#!/bin/bash
# db_setup.sh - makes each schema whose passwords are in /run/secrets/db, and its two users. On every start: it
# changes nothing but the passwords of what is there. With TLS=on everything goes by TLS.
set -euo pipefail
export SECRETS=/run/secrets/db
OPTIONS=()
[[ ${TLS:-off} == off ]] || OPTIONS=(--ssl-ca=/run/secrets/ca/ca.pem --ssl-verify-server-cert)

sql=$(for file in "$SECRETS"/*_migrate; do
    schema=${file##*/}
    "$(dirname "$0")/schema.sh" "${schema%_migrate}" %
done)
MYSQL_PWD=$(<"$SECRETS/root-password") mariadb --no-defaults -h db -u root "${OPTIONS[@]}" <<<"$sql"
