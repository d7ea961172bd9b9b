# Stands in for mariadb:11: its folders, user id, variables and first start, as far as we use them.
FROM debian:trixie-slim
RUN groupadd -g 999 mysql && useradd -r -u 999 -g 999 -d /var/lib/mysql mysql \
    && apt-get update -qq && apt-get install -y -qq --no-install-recommends mariadb-server && rm -rf /var/lib/apt/lists/* \
    && rm -rf /var/lib/mysql /etc/mysql/mariadb.conf.d/50-server.cnf && install -d -o 999 -g 999 /var/lib/mysql /run/mysqld \
    && printf '[mariadbd]\nskip-name-resolve\nbind-address=0.0.0.0\n' >/etc/mysql/conf.d/docker.cnf
COPY mariadb-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
EXPOSE 3306
VOLUME /var/lib/mysql
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["mariadbd"]
