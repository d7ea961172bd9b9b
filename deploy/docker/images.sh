#!/bin/bash
# images.sh - builds the image of every cmd/NAME/Dockerfile as hanok-NAME:$HANOK_TAG (latest) and says their sizes.
set -euo pipefail
cd "$(dirname "$0")/../.."

TAG=${HANOK_TAG:-latest}
PREFIX=org.opencontainers.image
labels=(--label "$PREFIX.version=$(sed -n 's/#define HANOK_VERSION "\(.*\)"/\1/p' tool/service/version.h)")
if commit=$(git rev-parse HEAD 2>/dev/null); then labels+=(--label "$PREFIX.revision=$commit"); fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for file in cmd/*/Dockerfile; do
    name=hanok-$(basename "$(dirname "$file")")
    if ! docker build "${labels[@]}" -t "$name:$TAG" -f "$file" . >"$log" 2>&1; then
        cat "$log" >&2
        echo "images: $file failed" >&2
        exit 1
    fi
    docker image inspect -f '{{.Size}}' "$name:$TAG" |
        awk -v image="$name:$TAG" '{printf "%-24s %5.1f MB\n", image, $1 / 1e6}'
done
