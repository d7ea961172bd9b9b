#!/bin/bash
# secrets.sh NAME:UID:SCHEMA... - fills /run/secrets: a folder a consumer, which only its user can read. What is
# there stays, whoever made it: each start finds the passwords of the first, or those given by hand.
# SCHEMA is - for one without a database.
#
#   NAME/nats-password  NAME/mysql-password  NAME-migrate/mysql-password
#   streams/nats-password                              of the NATS user operator
#   nats/passwords.conf  nats/users.conf               and nats/routes.conf for the servers NODES of a cluster
#   payment/webhook-secret  pgsim/webhook-secret       the same: what webhooks of the demo's card company are signed with
#   db/root-password  db/SCHEMA  db/SCHEMA_migrate     for who makes schemas and users
#   inspector/inspector.env                            for people; to be read in the nats container
#
# Also gives the volumes in /data to the user that nats-server runs as.
set -euo pipefail
umask 077

NATS_UID=1000 DB_UID=999 MIGRATE_UID=10004 STREAMS_UID=10005 PGSIM_UID=10090
cd /run/secrets

# secret FILE - makes it when it is not there.
secret() {
    mkdir -p "${1%/*}"
    [[ -s $1 ]] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$1"
}

# shared FILE OTHER - one secret of two consumers. Where they differ, FILE is right.
shared() {
    mkdir -p "${1%/*}" "${2%/*}"
    [[ -s $1 || ! -s $2 ]] || cp "$2" "$1"
    secret "$1"
    cmp -s "$1" "$2" || cp "$1" "$2"
}

owned() {
    chown -R "$1:$1" "$2"
    chmod 500 "$2"
    find "$2" -type f -exec chmod 400 {} +
}

# nats_user USER FOLDER - a line of passwords.conf.
nats_user() {
    secret "$2/nats-password"
    echo "$1_password: \"$(<"$2/nats-password")\"" >>nats/passwords.new
}

consumer() {
    local name=$1 uid=$2 schema=$3
    nats_user "$name" "$name"
    if [[ $schema != - ]]; then
        shared "$name/mysql-password" "db/$schema"
        shared "$name-migrate/mysql-password" "db/${schema}_migrate"
        owned $MIGRATE_UID "$name-migrate"
    fi
    owned "$uid" "$name"
}

routes() {
    local node password
    secret nats/route-password
    password=$(<nats/route-password)
    echo "authorization { user: route, password: \"$password\" }"
    echo "routes: ["
    for node; do echo "  \"nats://route:$password@$node:6222\""; done
    echo "]"
}

mkdir -p nats
rm -f nats/passwords.new
shared payment/webhook-secret pgsim/webhook-secret
owned $PGSIM_UID pgsim
for argument; do
    IFS=: read -r name uid schema <<<"$argument"
    consumer "$name" "$uid" "$schema"
done
nats_user inspector inspector
nats_user operator streams
mv nats/passwords.new nats/passwords.conf
cp /etc/nats/users.conf nats/users.conf
read -ra nodes <<<"${NODES:-}"
((${#nodes[@]} == 0)) || routes "${nodes[@]}" >nats/routes.conf
secret db/root-password
printf '%s\n' NATS_URL=nats://127.0.0.1:4222 NATS_USER=inspector "NATS_PASSWORD=$(<inspector/nats-password)" \
    >inspector/inspector.env
owned $STREAMS_UID streams
owned $NATS_UID nats
owned $NATS_UID inspector
owned $DB_UID db
chmod 755 .
chown $NATS_UID:$NATS_UID /data/*
