#!/bin/bash
# images.sh - builds the image of every cmd/NAME/Dockerfile as hanok-NAME:$HANOK_TAG (latest) and says their sizes.
set -euo pipefail
cd "$(dirname "$0")/../.."

TAG=${HANOK_TAG:-latest}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for file in cmd/*/Dockerfile; do
    name=hanok-$(basename "$(dirname "$file")")
    docker build -t "$name:$TAG" -f "$file" . >"$log" 2>&1 || { cat "$log" >&2; echo "images: $file failed" >&2; exit 1; }
    docker image inspect -f '{{.Size}}' "$name:$TAG" |
        awk -v image="$name:$TAG" '{printf "%-24s %5.1f MB\n", image, $1 / 1e6}'
done
