#!/bin/bash
# schema.sh SCHEMA HOST... - prints the SQL that makes a schema and its two users, one that works in it and one
# that migrates it. They come from HOST ('%' is anywhere); their passwords are the texts of the files SCHEMA and
# SCHEMA_migrate in the folder SECRETS. With TLS=on they are let in by TLS only. Run again on a schema in use it
# changes nothing but the passwords. With RELAY=binlog (the setting --relay) the first one may read the transaction log,
# which has the rows of every schema of the server. One line of SQL a statement.
#
# The first one may read, add, change and remove rows; in a schema that has a row in CHANGES it may change and remove those
# of the tables named there only: to all others rows are added. In one that has a row in RENAMES it may rename and empty
# the tables named there.
#
#   SECRETS=/etc/hanok/secrets/db deploy/mysql/schema.sh hanok_auth localhost 127.0.0.1 | mariadb -u root
set -euo pipefail

(($# >= 2)) || { echo "usage: SECRETS=FOLDER schema.sh SCHEMA HOST..." >&2; exit 2; }
SCHEMA=$1
shift
[[ $SCHEMA =~ ^[a-z][a-z0-9_]{0,40}$ ]] ||
    { echo "schema.sh: a schema is named by a-z, 0-9 and _, not '$SCHEMA'" >&2; exit 2; }

# Payment's ledger_entry is a ledger.
declare -A CHANGES=(
    [hanok_payment]="payment payment_operation webhook_event book_difference store_owner processed_message job_lease outbox dead_letter"
)

# These tables change their names with each other: the view of the dashboard is built anew beside the one that is read.
declare -A RENAMES=(
    [hanok_dashboard]="dashboard dashboard_next dashboard_old"
)

password() {
    local file=${SECRETS:?the folder with the passwords}/$1 text
    text=$(<"$file")
    [[ $text =~ ^[A-Za-z0-9._-]+$ ]] ||
        { echo "schema.sh: $file must hold a password of letters, digits, . _ -" >&2; exit 1; }
    echo "$text"
}

# A right on a table can be granted before the table is there only together with that to make it.
changes() {
    local host table
    for host; do
        for table in ${CHANGES[$SCHEMA]}; do
            echo "GRANT CREATE, UPDATE, DELETE ON \`$SCHEMA\`.\`$table\` TO '$SCHEMA'@'$host';"
            echo "REVOKE CREATE ON \`$SCHEMA\`.\`$table\` FROM '$SCHEMA'@'$host';"
        done
    done
}

renames() {
    local host table
    for host; do
        for table in ${RENAMES[$SCHEMA]:-}; do
            echo "GRANT CREATE, ALTER, DROP ON \`$SCHEMA\`.\`$table\` TO '$SCHEMA'@'$host';"
        done
    done
}

user() {
    local name=$1 rights=$2 secret host require="REQUIRE NONE"
    secret=$(password "$name")
    [[ ${TLS:-off} == off ]] || require="REQUIRE SSL"
    shift 2
    for host; do
        echo "CREATE USER IF NOT EXISTS '$name'@'$host' IDENTIFIED BY '$secret' $require;"
        echo "ALTER USER '$name'@'$host' IDENTIFIED BY '$secret' $require;"
        echo "GRANT $rights ON \`${SCHEMA//_/\\_}\`.* TO '$name'@'$host';"
    done
}

echo "CREATE DATABASE IF NOT EXISTS $SCHEMA CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
if [[ -n ${CHANGES[$SCHEMA]:-} ]]; then
    user "$SCHEMA" "SELECT, INSERT" "$@"
    changes "$@"
else
    user "$SCHEMA" "SELECT, INSERT, UPDATE, DELETE" "$@"
fi
renames "$@"
if [[ ${RELAY:-poll} == binlog ]]; then
    for host; do echo "GRANT REPLICATION SLAVE ON *.* TO '$SCHEMA'@'$host';"; done
fi
user "${SCHEMA}_migrate" "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES" "$@"
