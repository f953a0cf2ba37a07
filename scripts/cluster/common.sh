# What the scripts of the cluster share: names, ports and questions to Docker. To be sourced.
# shellcheck shell=sh

set -eu
cd "$(dirname "$0")/../.."

DOCKER=${DOCKER:-docker}
if [ -z "${COMPOSE:-}" ]; then
  if $DOCKER compose version >/dev/null 2>&1; then COMPOSE="$DOCKER compose"; else COMPOSE=docker-compose; fi
fi

# docker-compose.yml takes from .env what the shell does not set, and so do the scripts.
if [ -f .env ]; then
  while IFS='=' read -r name value || [ -n "$name" ]; do
    case $name in '' | [!A-Z]* | *[!A-Z0-9_]*) continue ;; esac
    case $value in \"*\" | \'*\') value=${value#?} value=${value%?} ;; esac
    eval "$name=\${$name-\$value}"
  done <.env
fi

# Where archives of volumes go.
BACKUPS=${BACKUPS:-backups}
# shellcheck disable=SC2034 # For those that source this.
NODES="1 2 3" IMAGE=${AUREON_IMAGE:-aureon-chain:latest}
# An image with tar. Nothing of it is kept.
HELPER_IMAGE=${HELPER_IMAGE:-debian:bookworm-slim}

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# require_image IMAGE TARGET: the end of the script where the image is not there.
require_image() {
  $DOCKER image inspect "$1" >/dev/null 2>&1 || die "the image $1 is not here; build it with: make $2"
}

# The number of a node, or the end of the script.
check_node() {
  case $1 in
    1 | 2 | 3) ;;
    *) die "there is no node \"$1\"; expected 1, 2 or 3" ;;
  esac
}

container_of() { printf '%saureon-node-%s' "${CONTAINER_PREFIX:-}" "$1"; }

rest_port_of() {
  case $1 in
    1) echo "${NODE1_REST_PORT:-8000}" ;;
    2) echo "${NODE2_REST_PORT:-8001}" ;;
    3) echo "${NODE3_REST_PORT:-8002}" ;;
  esac
}

# Where this machine reaches the API of a node.
url_of() {
  address=${BIND_ADDRESS:-127.0.0.1}
  if [ "$address" = 0.0.0.0 ]; then address=127.0.0.1; fi
  echo "http://$address:$(rest_port_of "$1")"
}

# The volume of a node, as Docker names it; empty where there is none yet.
volume_of() {
  $DOCKER volume ls -q --filter "name=^${COMPOSE_PROJECT_NAME:-$(basename "$PWD")}_node$1_data$"
}

is_running() { [ "$($DOCKER inspect -f '{{.State.Running}}' "$(container_of "$1")" 2>/dev/null)" = true ]; }

health_of() { $DOCKER inspect -f '{{.State.Health.Status}}' "$(container_of "$1")" 2>/dev/null || echo absent; }

# The height of a node's head; fails where the node does not answer.
height_of() { curl -fsS --max-time 5 "$(url_of "$1")/chain/head" 2>/dev/null | sed -n 's/.*"height":\([0-9]*\).*/\1/p' | grep .; }

HEALTHY_TIMEOUT_S=${HEALTHY_TIMEOUT_S:-90}

# wait_healthy NODE...: until Docker calls all of them healthy.
wait_healthy() {
  deadline=$(($(date +%s) + HEALTHY_TIMEOUT_S))
  for node in "$@"; do
    until [ "$(health_of "$node")" = healthy ]; do
      if [ "$(date +%s)" -ge "$deadline" ]; then
        $COMPOSE logs --tail=20 "aureon-node-$node" >&2 || true
        die "$(container_of "$node") is $(health_of "$node") after $HEALTHY_TIMEOUT_S s; its last lines stand above"
      fi
      sleep 0.2
    done
  done
}
