#!/bin/bash
# roll.sh SERVICE... - replaces a service's containers without a gap, by new ones of the present images and files: these
# start beside the old ones, which are stopped when all of them are ready. COMPOSE is the command, with -f FILE if need be.
set -euo pipefail

READY_S=60
read -ra COMPOSE <<<"${COMPOSE:-docker-compose}"

die() { echo "roll: $*" >&2; exit 1; }

all_healthy() {
    local state
    for state in $(docker inspect -f '{{.State.Health.Status}}' "$@"); do
        [[ $state == healthy ]] || return 1
    done
}

(($# > 0)) || { echo "usage: roll.sh SERVICE..." >&2; exit 2; }
for service; do
    mapfile -t old < <("${COMPOSE[@]}" ps -q "$service")
    ((${#old[@]} > 0)) || die "no container of $service runs"
    "${COMPOSE[@]}" up -d --no-deps --no-recreate --scale "$service=$((2 * ${#old[@]}))" "$service"
    mapfile -t all < <("${COMPOSE[@]}" ps -q "$service")
    until=$((SECONDS + READY_S))
    until all_healthy "${all[@]}"; do
        ((SECONDS < until)) || die "$service does not get ready; old and new are both left running"
        sleep 0.5
    done
    docker stop "${old[@]}" >/dev/null
    docker rm "${old[@]}" >/dev/null
    echo "$service: replaced ${#old[@]}"
done
