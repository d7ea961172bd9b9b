#!/bin/bash
# secrets.sh NAME:UID[:SCHEMA]... - fills /run/secrets: a folder a consumer, that only its user can read. What is
# there already stays, so that each start finds the passwords of the first; so do passwords given by hand.
#
#   NAME/nats-password  NAME/mysql-password  NAME-migrate/mysql-password
#   streams/nats-password
#   db/root-password  db/SCHEMA  db/SCHEMA_migrate        for whoever makes schemas and users
#   nats/passwords.conf  nats/users.conf  nats/routes.conf
#   inspector/inspector.env                               for people; in the nats container
set -euo pipefail
umask 077

NATS_UID=1000 DB_UID=999 MIGRATE_UID=10004 STREAMS_UID=10005
cd /run/secrets

# secret FILE - makes it when it is not there.
secret() {
    mkdir -p "${1%/*}"
    [[ -s $1 ]] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$1"
}

# same FILE AS - FILE holds what AS holds.
same() {
    mkdir -p "${1%/*}"
    cmp -s "$1" "$2" || cp "$2" "$1"
}

owned() {
    chown -R "$1:$1" "$2"
    chmod 500 "$2"
    find "$2" -type f -exec chmod 400 {} +
}

nats_user() {
    secret "$1/nats-password"
    echo "$1_password: \"$(<"$1/nats-password")\"" >>nats/passwords.new
}

# Between the servers of a cluster; NODES are their names.
routes() {
    local node password
    password=$(<nats/route-password)
    echo "authorization { user: route, password: \"$password\" }"
    echo "routes: ["
    for node in ${NODES:-}; do echo "  \"nats://route:$password@$node:6222\""; done
    echo "]"
}

mkdir -p nats inspector
rm -f nats/passwords.new
secret db/root-password
secret nats/route-password
for consumer; do
    IFS=: read -r name uid schema <<<"$consumer"
    nats_user "$name"
    if [[ -n ${schema:-} ]]; then
        secret "db/$schema"
        secret "db/${schema}_migrate"
        same "$name/mysql-password" "db/$schema"
        same "$name-migrate/mysql-password" "db/${schema}_migrate"
        owned $MIGRATE_UID "$name-migrate"
    fi
    owned "$uid" "$name"
done
for name in inspector operator; do nats_user "$name"; done
same streams/nats-password operator/nats-password
mv nats/passwords.new nats/passwords.conf
cp /etc/nats/users.conf nats/users.conf
routes >nats/routes.conf
printf '%s\n' "NATS_URL=nats://127.0.0.1:4222" NATS_USER=inspector "NATS_PASSWORD=$(<inspector/nats-password)" \
    >inspector/inspector.env
owned $STREAMS_UID streams
owned $NATS_UID nats
owned $NATS_UID inspector
owned $DB_UID db
chmod 755 .
chown $NATS_UID:$NATS_UID /data/* # where nats-server keeps its streams
