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

# However a script ends, what it left half done is undone, a node that it stopped goes on, and its lock is gone. A shell
# does this on a signal only where that has a trap of its own.
helper='' stopped='' lock=''
undo() { :; }
finish() {
  trap '' HUP INT TERM
  # It may not be there yet when the signal comes, and it is not over before it has tidied up.
  if [ -n "$helper" ]; then
    while kill -0 "$helper_pid" 2>/dev/null; do $DOCKER stop "$helper" >/dev/null 2>&1 || sleep 0.2; done
    # Where the signal ended it between making and starting the container.
    $DOCKER rm -f "$helper" >/dev/null 2>&1 || true
    helper=''
  fi
  undo || true
  if [ -n "$stopped" ]; then
    # A stop that was cut short may be under way still.
    $DOCKER stop "$stopped" >/dev/null 2>&1 || true
    $DOCKER start "$stopped" >/dev/null || true
  fi
  if [ -n "$lock" ]; then rmdir "$lock"; fi
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# lock_node NODE: what changes the volume of a node does so alone.
lock_node() {
  path=/tmp/$(container_of "$1").lock
  mkdir "$path" 2>/dev/null || die "node $1 is being backed up, restored or resynced already; if it is not, remove the lock: rmdir $path"
  lock=$path
}

stop_node() {
  if is_running "$1"; then
    stopped=$(container_of "$1")
    echo "stopping node $1"
    $DOCKER stop "$stopped" >/dev/null
  fi
}

# start_node NODE: under the configuration of now, and until it is healthy.
start_node() {
  $COMPOSE up -d --no-build --no-deps "aureon-node-$1"
  stopped=''
  wait_healthy "$1"
}

# run_helper ARG...: `docker run` of something short. In the background, since a shell waits for a foreground command
# before it heeds a signal.
run_helper() {
  helper=${CONTAINER_PREFIX:-}aureon-helper-$$
  $DOCKER run --rm --init --name "$helper" "$@" &
  helper_pid=$!
  wait "$helper_pid"
  helper=''
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

# The volume of a node, as Docker names it; empty where there is none yet. Its container knows, and without one it is named
# by the project, whose name compose takes from the folder where nothing sets it.
volume_of() {
  $DOCKER inspect -f '{{range .Mounts}}{{if eq .Destination "/var/aureon"}}{{.Name}}{{end}}{{end}}' "$(container_of "$1")" 2>/dev/null | grep . ||
    $DOCKER volume ls -q --filter "name=^$(project_name)_node$1_data$"
}

project_name() {
  if [ -n "${COMPOSE_PROJECT_NAME:-}" ]; then echo "$COMPOSE_PROJECT_NAME"; else
    basename "$PWD" | tr '[:upper:]' '[:lower:]' | tr -cd 'a-z0-9_-' | sed 's/^[_-]*//'
  fi
}

is_running() { [ "$($DOCKER inspect -f '{{.State.Running}}' "$(container_of "$1")" 2>/dev/null)" = true ]; }

health_of() { $DOCKER inspect -f '{{.State.Health.Status}}' "$(container_of "$1")" 2>/dev/null || echo absent; }

# The height of a node's head; fails where the node does not answer.
height_of() { curl -fsS --max-time 5 "$(url_of "$1")/chain/head" 2>/dev/null | sed -n 's/.*"height":\([0-9]*\).*/\1/p' | grep .; }

# The hash of a node's first block, and of its block at a height; both fail where the node does not answer or has none.
genesis_of() { curl -fsS --max-time 5 "$(url_of "$1")/chain/info" 2>/dev/null | sed -n 's/.*"genesisHash":"\(0x[0-9a-f]*\)".*/\1/p' | grep .; }
hash_of() { curl -fsS --max-time 5 "$(url_of "$1")/block/$2" 2>/dev/null | sed -n 's/.*"block":{"height":[0-9]*,"hash":"\(0x[0-9a-f]*\)".*/\1/p' | grep .; }

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
