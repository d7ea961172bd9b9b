#!/bin/bash -p
# go_tools.sh FOLDER - puts programs that some tests want, and Debian does not have, into FOLDER, where there is Go.
# Tests that miss one are skipped. What is there already stays.
set -euo pipefail

(($# == 1)) || { echo "usage: go_tools.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
FOLDER=$(cd "$1" && pwd)
PATH=$PATH:/usr/local/go/bin

# name, what Go builds it from
TOOLS=(
    "nats              github.com/nats-io/natscli/nats@v0.5.0"
    "toxiproxy-server  github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0"
    "toxiproxy-cli     github.com/Shopify/toxiproxy/v2/cmd/cli@v2.5.0"
    "vegeta            github.com/tsenart/vegeta/v12@v12.13.0"
)

command -v go >/dev/null || { echo "go_tools: there is no Go; tests that want ${TOOLS[*]%% *} are skipped"; exit 0; }
NEW=$(mktemp -d "$FOLDER/new.XXXXXX")
trap 'rm -rf "$NEW"' EXIT
for row in "${TOOLS[@]}"; do
    read -r name package <<<"$row"
    [[ ! -x $FOLDER/$name ]] || continue
    echo "Building $name ($package)"
    if said=$(GOBIN=$NEW go install "$package" 2>&1); then
        mv "$NEW"/* "$FOLDER/$name"
    else
        printf '%s\n' "$said" "go_tools: there is no $name; its tests are skipped"
    fi
done
