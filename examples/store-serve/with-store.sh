#!/bin/sh
# Runs a command against an embedded store that is served to it, and ends the server when the command has ended:
#
#   sh with-store.sh kubectl get remediationrequests
#
# The store is new and is removed at the end; STORE=DIRECTORY takes that one, and leaves it. The exit code is the
# command's own, or 1 where nothing can be served.
set -eu

if [ $# -eq 0 ]; then
  echo "usage: $0 COMMAND [ARGUMENT...]" >&2
  exit 2
fi

folder=$(mktemp -d)
kubeconfig=$folder/kubeconfig
server=

end() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" || true
  fi
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

remedyctl store serve --store "${STORE:-$folder/store}" --write-kubeconfig "$kubeconfig" \
  >"$folder/log" 2>&1 &
server=$!

# The file is there once the server answers, and whole.
until [ -e "$kubeconfig" ]; do
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$folder/log" >&2
    exit 1
  fi
  sleep 0.1
done

KUBECONFIG=$kubeconfig "$@"
