#!/usr/bin/env bash
# Installs what reads the feature store from Python into BUILD_DIR/stores-python at the pinned versions; nothing when it is there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=$1/stores-python
wanted=$(sha256sum "$here/requirements.txt" | cut -d' ' -f1)
if [ "$(cat "$to/.fits" 2>/dev/null || true)" = "$wanted" ]; then exit 0; fi
started=$SECONDS
rm -rf "$to"
mkdir -p "$to"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$to" -r "$here/requirements.txt"
echo "$wanted" >"$to/.fits"
echo "Python packages ready after $((SECONDS - started)) s"
