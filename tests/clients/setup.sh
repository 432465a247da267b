#!/usr/bin/env bash
# Installs the public IB clients the tests use into BUILD_DIR/clients, at the pinned versions. Does nothing when they are there,
# so the tests work offline afterwards.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$1/clients
mkdir -p "$out"
started=$SECONDS

python_wanted=$(sha256sum "$here/requirements.txt" | cut -d' ' -f1)
if [ "$(cat "$out/python.done" 2>/dev/null || true)" != "$python_wanted" ]; then
  echo "python clients: $(grep -c . "$here/requirements.txt") packages"
  python3 -m venv "$out/venv"
  "$out/venv/bin/pip" install --quiet --no-input -r "$here/requirements.txt"
  echo "$python_wanted" >"$out/python.done"
fi

# The current official client has the old one's module name: a folder of its own.
protobuf_wanted=$(sha256sum "$here/requirements-protobuf.txt" | cut -d' ' -f1)
if [ "$(cat "$out/protobuf.done" 2>/dev/null || true)" != "$protobuf_wanted" ]; then
  echo "protobuf client: $(grep -c . "$here/requirements-protobuf.txt") packages"
  python3 -m venv "$out/venv_protobuf"
  "$out/venv_protobuf/bin/pip" install --quiet --no-input -r "$here/requirements-protobuf.txt"
  echo "$protobuf_wanted" >"$out/protobuf.done"
fi

node_wanted=$(sha256sum "$here/package-lock.json" | cut -d' ' -f1)
if [ "$(cat "$out/node.done" 2>/dev/null || true)" != "$node_wanted" ]; then
  echo "node client: @stoqey/ib"
  mkdir -p "$out/node"
  cp "$here/package.json" "$here/package-lock.json" "$out/node/"
  (cd "$out/node" && npm ci --silent --no-fund --no-audit)
  echo "$node_wanted" >"$out/node.done"
fi
echo "clients ready after $((SECONDS - started)) s"
