#!/bin/bash
# run.sh - `make test-containers`: an engine, base images, our images, then the tests in containers. Where Docker
# cannot run they are skipped.
set -euo pipefail
cd "$(dirname "$0")/../.."

STATE=$PWD/build/containers
export DOCKER_CONFIG=$STATE/docker # the plugin goes there, not into anybody's home
trap 'test/containers/engine.sh stop "$STATE"' EXIT
if test/containers/engine.sh start "$STATE"; then
    test/containers/base_images.sh
    deploy/docker/images.sh
    [[ ${COMPOSE:-} == docker-compose ]] || test/containers/compose_v2.sh || echo "compose v2 could not be had; its tests are skipped"
elif (($? != 77)); then
    exit 1
fi
test/run --containers
