#!/bin/bash
# schemas.sh - run once by MariaDB's image, before it serves: every schema whose passwords are there, and its users.
# docker_process_sql is a function of the image's, which sources this file.
for file in /run/secrets/db/*_migrate; do
    schema=$(basename "${file%_migrate}")
    SECRETS=/run/secrets/db bash /usr/share/hanok/schema.sh "$schema" % | docker_process_sql
done
