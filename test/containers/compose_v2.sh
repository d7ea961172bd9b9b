#!/bin/bash
# compose_v2.sh - has `docker compose`, the second version, as a plugin of this user's docker. Debian 12 has the first
# only: the plugin is taken from the next release's package, by apt's own mirror and keys, and nothing is installed.
# shellcheck disable=SC2016 # what apt expands
set -euo pipefail

SUITE=trixie
PLUGINS=${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins

if docker compose version >/dev/null 2>&1; then exit; fi
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT

# An apt that knows that release alone, and writes nowhere else.
mkdir -p "$FOLDER"/{lists/partial,cache/archives/partial}
mirror=$("$(dirname "$0")/mirror.sh")
echo "deb $mirror $SUITE main" >"$FOLDER/sources.list"
cat >"$FOLDER/apt.conf" <<END_OF_CONF
Dir::Etc { SourceList "$FOLDER/sources.list"; SourceParts "/dev/null"; PreferencesParts "/dev/null"; }
Dir::State { Lists "$FOLDER/lists"; Status "/dev/null"; }
Dir::Cache "$FOLDER/cache";
Acquire::Languages "none";
APT::Sandbox::User "root"; # the folder is ours alone
END_OF_CONF
export APT_CONFIG=$FOLDER/apt.conf

cd "$FOLDER"
apt-get update -qq
apt-get download -qq docker-compose
dpkg -x docker-compose_*.deb unpacked
install -D -m 755 unpacked/usr/libexec/docker/cli-plugins/docker-compose "$PLUGINS/docker-compose"
docker compose version
