#!/bin/bash
# The first start as the mariadb image does it: files, root's password, then the server.
set -euo pipefail

data=/var/lib/mysql
if [[ ! -d $data/mysql ]]; then
    password=${MARIADB_ROOT_PASSWORD:-$(<"${MARIADB_ROOT_PASSWORD_FILE:?}")}
    mariadb-install-db --datadir="$data" --auth-root-authentication-method=normal --skip-test-db >/dev/null
    "$@" --skip-networking --socket=/run/mysqld/init.sock --skip-ssl --ssl-cert= --ssl-key= --ssl-ca= &
    until mariadb-admin --no-defaults -S /run/mysqld/init.sock -u root ping >/dev/null 2>&1; do sleep 0.1; done
    mariadb --no-defaults -S /run/mysqld/init.sock -u root <<SQL
ALTER USER root@localhost IDENTIFIED BY '$password';
DROP USER IF EXISTS root@'127.0.0.1', root@'::1', root@'$(hostname)';
CREATE USER root@'%' IDENTIFIED BY '$password';
GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
SQL
    kill %1
    wait %1
fi
exec "$@"
