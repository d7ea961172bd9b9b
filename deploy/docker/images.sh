#!/bin/bash
# images.sh - builds an image for every service of services.conf, hanok-migrate and hanok-streams, as
# hanok-NAME:$HANOK_TAG (latest), and says their sizes.
set -euo pipefail
cd "$(dirname "$0")/../.."

TAG=${HANOK_TAG:-latest}
PREFIX=org.opencontainers.image
labels=(--label "$PREFIX.version=$(sed -n 's/#define HANOK_VERSION "\(.*\)"/\1/p' tool/service/version.h)")
if commit=$(git rev-parse HEAD 2>/dev/null); then labels+=(--label "$PREFIX.revision=$commit"); fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# image PROGRAM USER_ID HAS TARGET
image() {
    local image=hanok-$1:$TAG
    if ! docker build "${labels[@]}" -t "$image" -f deploy/docker/Dockerfile --target "$4" \
        --build-arg "PROGRAM=$1" --build-arg "USER_ID=$2" --build-arg "HAS=$3" . >"$log" 2>&1; then
        cat "$log" >&2
        echo "images: $image failed" >&2
        exit 1
    fi
    docker image inspect -f '{{.Size}}' "$image" |
        awk -v image="$image" '{printf "%-24s %5.1f MB\n", image, $1 / 1e6}'
}

sed 's/#.*//; /^[ \t]*$/d' deploy/local/services.conf | while read -r name _ user _ _ _ has _; do
    image "$name" "$user" "$has" service </dev/null
done
image migrate 10004 migrations program
image streams 10005 - program
