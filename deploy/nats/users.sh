#!/bin/bash
# users.sh BIN_DIR - prints nats-server's authorization block: a user for each service of
# deploy/local/services.conf that knows NATS with what its program says it serves and calls (hanok-NAME --subjects; the
# gateway's calls are its routes'), one for people who look, and one who sets up. The passwords are variables
# of nats-server's configuration, defined in passwords.conf, a file to be put beside it:
#
#   auth_password: "..."
#
# After a change of endpoints, calls or routes: deploy/nats/users.sh build/release >deploy/nats/users.conf
set -euo pipefail

(($# == 1)) || { echo "usage: users.sh BIN_DIR" >&2; exit 2; }
BIN_DIR=$1
DEPLOY=$(cd "$(dirname "$0")/.." && pwd)

# "verb subject" lines of a program.
subjects() {
    local arguments=(--subjects)
    [[ $1 != gateway ]] || arguments+=(--routes "$DEPLOY/gateway/routes.conf")
    env -i "$BIN_DIR/hanok-$1" --config /dev/null "${arguments[@]}" | sort -u
}

# list VERB <LINES - the subjects behind a verb, quoted.
list() { sed -n "s/^$1 \(.*\)/\"\1\"/p"; }

# pulls <LINES - what "pulls STREAM.CONSUMER" needs: to make that consumer, to ask for messages and to settle them,
# and to see whether the stream has lost any. Newer servers have a domain and an account in the subject of the settling.
pulls() {
    sed -n 's/^pulls //p' | while IFS=. read -r stream consumer; do
        for api in CONSUMER.DURABLE.CREATE CONSUMER.DELETE CONSUMER.INFO CONSUMER.MSG.NEXT; do
            echo "\"\$JS.API.$api.$stream.$consumer\""
        done
        echo "\"\$JS.API.STREAM.INFO.$stream\""
        echo "\"\$JS.API.STREAM.MSG.GET.$stream\""
        echo "\"\$JS.ACK.$stream.$consumer.>\""
        echo "\"\$JS.ACK.*.*.$stream.$consumer.>\""
    done | sort -u
}

# rule KEY <SUBJECTS - who may do what.
rule() {
    echo "        $1: ["
    sed 's/^/          /'
    echo "        ]"
}

# answers NAME - the inboxes in which somebody may await this service's answers: those that its callers have for them
# (tool/message/client.c), and those of people, which have two to four tokens. allow_responses would do without this list, but a
# server notes for it each message with an inbox for two minutes, also what JetStream delivers.
answers() {
    for caller in "${NAMES[@]}"; do
        [[ $'\n'${SAID[$caller]} != *$'\n'"calls $1."* ]] || echo "\"_INBOX.$caller.*.from.$1.>\""
    done
    printf '"_INBOX.%s"\n' '*' '*.*' '*.*.*'
}

# not_answers NAME - what looks like an inbox of people, and is another service's.
not_answers() {
    for other in "${NAMES[@]}"; do
        [[ $other == "$1" ]] || printf '"_INBOX.%s"\n' "$other.*" "$other.*.*"
    done
}

# service_user NAME - inboxes are the service's own; $SRV is how services are discovered (ADR-32).
service_user() {
    local name=$1 said=${SAID[$1]}
    echo "    {"
    echo "      user: $name, password: \$${name}_password"
    echo "      permissions {"
    echo "        publish {"
    {
        { list calls <<<"$said"; list says <<<"$said"; pulls <<<"$said"; echo "\"_INBOX.$name.>\""; answers "$name"; } | rule allow
        not_answers "$name" | rule deny
    } | sed 's/^/  /'
    echo "        }"
    { list serves <<<"$said"; list listens <<<"$said"
      printf '"%s"\n' "_INBOX.$name.>" "\$SRV.*" "\$SRV.*.$name" "\$SRV.*.$name.*"; } | rule subscribe
    echo "      }"
    echo "    }"
}

# People look, ask and read streams; events are the services' to publish; what changes streams, or asks a service to put
# something right, is the operator's.
fixed_users() {
    cat <<'END'
    {
      user: inspector, password: $inspector_password
      permissions {
        publish {
          allow: ">"
          deny: [
            "event.>"
            "*.admin.>"
            "$JS.API.STREAM.CREATE.>"
            "$JS.API.STREAM.UPDATE.>"
            "$JS.API.STREAM.DELETE.>"
            "$JS.API.STREAM.PURGE.>"
            "$JS.API.STREAM.RESTORE.>"
            "$JS.API.STREAM.MSG.DELETE.>"
            "$JS.API.STREAM.PEER.REMOVE.>"
            "$JS.API.STREAM.LEADER.>"
            "$JS.API.STREAM.TEMPLATE.>"
            "$JS.API.CONSUMER.LEADER.>"
            "$JS.API.ACCOUNT.>"
            "$JS.API.SERVER.>"
            "$JS.API.META.>"
          ]
        }
        subscribe: ">"
      }
    }
    {
      user: operator, password: $operator_password
    }
END
}

NAMES=()
declare -A SAID=()
while read -r name _ _ _ _ _ has _; do
    [[ $has == demo ]] || { NAMES+=("$name"); SAID[$name]=$(subjects "$name"); }
done < <(sed 's/#.*//; /^[ \t]*$/d' "$DEPLOY/local/services.conf")

echo "# Made by deploy/nats/users.sh from what the programs say."
echo 'include "passwords.conf"'
echo "authorization {"
echo "  users = ["
for name in "${NAMES[@]}"; do service_user "$name"; done
fixed_users
echo "  ]"
echo "}"
