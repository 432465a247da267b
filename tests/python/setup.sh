#!/usr/bin/env bash
# Builds robotrader's wheel and installs it, with what reads its tables, into BUILD_DIR/python-venv at the pinned versions. Nothing
# when it is there and no source has changed since.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=$1/python-venv
started=$SECONDS

wanted=$(sha256sum "$here/requirements.txt" "$here/requirements-build.txt" "$here/requirements-other-arrow.txt" | sha256sum)
if [ "$(cat "$venv/.packages" 2>/dev/null || true)" != "$wanted" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --no-input --disable-pip-version-check -r "$here/requirements.txt" -r "$here/requirements-build.txt"
  # An Arrow of another version, to be loaded beside ours.
  "$venv/bin/pip" install --quiet --no-input --disable-pip-version-check --no-deps --target "$venv/other-arrow" -r "$here/requirements-other-arrow.txt"
  echo "$wanted" >"$venv/.packages"
  echo "Python packages ready after $((SECONDS - started)) s"
fi

sources=$(cd "$root" && find CMakeLists.txt cmake src python -type f -not -path '*/__pycache__/*' -printf '%p %s %T@\n' | sort | sha256sum)
if [ "$(cat "$venv/.robotrader" 2>/dev/null || true)" != "$sources" ]; then
  # The build's own tools are those of the environment, pinned to what pyproject.toml asks for.
  PATH=$venv/bin:$PATH CMAKE_BUILD_PARALLEL_LEVEL=${ROBO_JOBS:-$(nproc)} "$venv/bin/pip" install --quiet --no-input --disable-pip-version-check \
    --no-build-isolation --no-deps --force-reinstall "$root/python"
  echo "$sources" >"$venv/.robotrader"
  echo "robotrader built and installed after $((SECONDS - started)) s"
fi
