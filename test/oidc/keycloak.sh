#!/bin/bash -p
# keycloak.sh FOLDER - puts Keycloak into FOLDER, where there is Maven: 165 MB. test/e2e/e2e_keycloak.py looks for it in
# build/keycloak, and is skipped without. What is there already stays.
set -euo pipefail

ARTIFACT=org.keycloak:keycloak-quarkus-dist:26.5.6:zip

(($# == 1)) || { echo "usage: keycloak.sh FOLDER" >&2; exit 2; }
[[ ! -e $1/bin/kc.sh ]] || exit 0
command -v mvn >/dev/null || { echo "keycloak: there is no Maven (mvn)" >&2; exit 1; }
mkdir -p "$(dirname "$1")"
NEW=$(mktemp -d "$1.XXXXXX")
trap 'rm -rf "$NEW"' EXIT
mvn -q -B dependency:get -Dtransitive=false -Dartifact="$ARTIFACT"
mvn -q -B dependency:copy -Dartifact="$ARTIFACT" -DoutputDirectory="$NEW"
python3 -m zipfile -e "$NEW"/*.zip "$NEW/unpacked"
mv "$NEW"/unpacked/keycloak-* "$1"
