# shellcheck shell=bash
# servers.sh - sourced: the private nats-server and MariaDB of a stack.

# secret NAME - the secret's file, made on first use.
secret() {
    local file=$RUN_DIR/secrets/$1
    [[ -s $file ]] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$file"
    echo "$file"
}

# Certificates for what listens, and how clients then find and check it.
tls_prepare() {
    NATS_CLIENT=(--nats-url "nats://127.0.0.1:$NATS_PORT")
    # shellcheck disable=SC2034 # used by those who source this
    MYSQL_CLIENT=(--mysql-socket "$SOCKET")
    MYSQL_TLS=()
    [[ $TLS == on ]] || return 0
    "$ROOT/deploy/tls/certificates.sh" "$RUN_DIR/tls" nats=localhost mysql=localhost
    NATS_CLIENT+=(--nats-tls-ca "$RUN_DIR/tls/ca.pem")
    # shellcheck disable=SC2034
    MYSQL_CLIENT=(--mysql-port "$MYSQL_PORT" --mysql-tls-ca "$RUN_DIR/tls/ca.pem")
    MYSQL_TLS=(--ssl-cert="$RUN_DIR/tls/mysql.crt" --ssl-key="$RUN_DIR/tls/mysql.key" --tls-version=TLSv1.3)
}

# Users of NATS: what each service may do comes from its program.
nats_users() {
    local name names=()
    mapfile -t names < <(all_rows | awk '$3 != "demo" {print $1}') # the permissions name all of them
    for name in "${names[@]}" inspector operator; do
        echo "${name}_password: \"$(<"$(secret "nats_$name")")\""
    done >"$RUN_DIR/secrets/passwords.conf"
    "$ROOT/deploy/nats/users.sh" "$RUN_DIR/bin" >"$RUN_DIR/secrets/users.conf"
}

# nats_context NAME USER DESCRIPTION - a context of the nats CLI (XDG_CONFIG_HOME=$RUN_DIR/config).
nats_context() {
    local password ca=""
    password=$(<"$(secret "nats_$2")")
    [[ $TLS != on ]] || ca=$RUN_DIR/tls/ca.pem
    cat >"$RUN_DIR/config/nats/context/$1.json" <<END
{"description": "$3", "url": "nats://127.0.0.1:$NATS_PORT", "user": "$2", "password": "$password", "ca": "$ca"}
END
}

# For people: who looks inside is selected, hanokctl takes the operator's; the inspector's for a shell, too.
nats_people() {
    mkdir -p "$RUN_DIR/config/nats/context"
    echo hanok >"$RUN_DIR/config/nats/context.txt"
    nats_context hanok inspector "Hanok, to look inside"
    nats_context hanok-operator operator "Hanok, to put right what is stuck"
    {
        printf '%s\n' "NATS_URL=nats://127.0.0.1:$NATS_PORT" NATS_USER=inspector
        echo "NATS_PASSWORD=$(<"$(secret nats_inspector)")"
        [[ $TLS != on ]] || echo "NATS_CA=$RUN_DIR/tls/ca.pem"
    } >"$RUN_DIR/inspector.env"
}

nats_define() {
    local sync="" tls=""
    # Servers before 2.10 refuse a configuration that has this setting.
    [[ $(nats-server --version) =~ v([0-9]+)\.([0-9]+) ]] &&
        ((BASH_REMATCH[1] > 2 || BASH_REMATCH[2] >= 10)) && sync='sync_interval: always'
    [[ $TLS != on ]] || tls='tls { cert_file: "tls/nats.crt", key_file: "tls/nats.key", timeout: 5 }'
    cat >"$RUN_DIR/nats.conf" <<END
# Written by make up.
server_name: hanok
listen: "127.0.0.1:$NATS_PORT"
include "secrets/users.conf"
$tls
http: "$1"
max_payload: 1MB
write_deadline: "2s"
jetstream {
    store_dir: "$RUN_DIR/nats"
    max_memory_store: 64MB
    max_file_store: 4GB
    $sync
}
END
    # Every start writes the address again: it goes away with the process. Half of the cores: its idle
    # threads spin for work, and on two cores that takes a sixth of the requests from everybody else.
    define nats "GOMAXPROCS=$(($(nproc) / 2 > 0 ? $(nproc) / 2 : 1))" -- sh -c "echo $1 >nats.admin; exec $(quote "$(command -v nats-server)") -c $(quote "$RUN_DIR/nats.conf")"
}

nats_ready() { fetch -f -o /dev/null "http://$(admin_of nats)/healthz" 2>/dev/null; }

# Made in a folder of its own, so that a make up cut short leaves no half database.
mysql_install() {
    local made=$RUN_DIR/mysql.new
    [[ -d $RUN_DIR/mysql ]] && return
    rm -rf "$made"
    # No --user: with it the script changes owners, and stumbles over a blank in the path.
    # TMPDIR: every mariadbd that starts removes the temporary tables in its own, whosever they are.
    UMASK=0600 UMASK_DIR=0700 TMPDIR=$RUN_DIR/tmp mariadb-install-db --no-defaults --datadir="$made" --skip-test-db --skip-name-resolve \
        --auth-root-authentication-method=socket --auth-root-socket-user="$OS_USER" \
        --innodb-log-file-size=256M >"$RUN_DIR/log/mysql-install.log" 2>&1 </dev/null ||
        die "MariaDB could not make its files:" "$(head -n 20 "$RUN_DIR/log/mysql-install.log")"
    mv "$made" "$RUN_DIR/mysql"
}

mysql_define() {
    local files=("$ROOT/deploy/mysql/hanok.cnf")
    [[ $RELAY != binlog ]] || files+=("$ROOT/deploy/mysql/binlog.cnf")
    cat "${files[@]}" >"$RUN_DIR/mysql.cnf"
    # --user: as root mariadbd wants to be told.
    # It goes by no umask.
    define mysql UMASK=0600 UMASK_DIR=0700 -- "$(command -v mariadbd)" --defaults-file="$RUN_DIR/mysql.cnf" --user="$OS_USER" \
        --datadir="$RUN_DIR/mysql" --socket="$SOCKET" --pid-file="$RUN_DIR/mysql/mariadbd.pid" \
        --tmpdir="$RUN_DIR/tmp" --bind-address=127.0.0.1 --port="$MYSQL_PORT" "${MYSQL_TLS[@]}"
}

mysql_admin() { mariadb --no-defaults -S "$SOCKET" -u "$OS_USER" --batch --skip-column-names "$@"; }

mysql_ready() { mysql_admin -e 'select 1' >/dev/null 2>&1; }

# Only the operating-system user who ran make up administers, and only through the socket.
mysql_close_other_doors() {
    [[ $OS_USER == root ]] || mysql_admin -e "DROP USER IF EXISTS root@localhost"
}

# mysql_schema SCHEMA - its SQL, for the socket and for TCP.
mysql_schema() {
    secret "$1" >/dev/null
    secret "$1_migrate" >/dev/null
    SECRETS=$RUN_DIR/secrets TLS=$TLS RELAY=$RELAY "$ROOT/deploy/mysql/schema.sh" "$1" localhost 127.0.0.1
}
