# How ./run speaks: one line a step with a mark and a time, a bar on anything long. Sourced by ./run.

if [ -t 1 ]; then interactive=1; else interactive=0; fi
if [ "$interactive" = 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' amber=$'\e[33m' plain=$'\e[0m' wipe=$'\r\e[2K'
else
  bold='' dim='' green='' red='' amber='' plain='' wipe=''
fi

now_ms() { local us=${EPOCHREALTIME/[.,]/}; now=$((us / 1000)); }

# duration MS -> "3 ms", "0.9 s", "48 s", "1 m 48 s"
duration() {
  local ms=$1
  if ((ms < 1000)); then text="$ms ms"
  elif ((ms < 10000)); then text="$((ms / 1000)).$((ms % 1000 / 100)) s"
  elif ((ms < 60000)); then text="$((ms / 1000)) s"
  elif ((ms < 3600000)); then text="$((ms / 60000)) m $((ms / 1000 % 60)) s"
  else text="$((ms / 3600000)) h $((ms / 60000 % 60)) m"; fi
}

heading() { printf '%s%s%s\n\n' "$bold" "$1" "$plain"; }
note() { printf '  %s\n' "$1"; }
warn() { printf '  %s▲ %s%s\n' "$amber" "$1" "$plain"; }
fail() {
  printf '%s  %s✗ %s%s\n' "$wipe" "$red" "$1" "$plain" >&2
  shift
  local line
  for line in "$@"; do printf '    %s\n' "$line" >&2; done
  exit 1
}

# line NAME DETAIL MARK NOTE: the finished line of a step.
line() {
  local mark=$3
  case $mark in ✓) mark="$green✓$plain" ;; ✗) mark="$red✗$plain" ;; ▲) mark="$amber▲$plain" ;; esac
  printf '%s  %-10s %-42s %s   %s\n' "$wipe" "$1" "$2" "$mark" "$4"
}

# timed NAME DETAIL COMMAND...: a step whose output goes to its log; the log is shown when it fails.
# A parser named in $progress reads each output line and may set done_n, all_n and doing; without one a clock runs.
# A function named in $after reads the finished log and may set outcome, the detail of the finished line.
timed() {
  local name=$1 detail=$2
  shift 2
  local log=$logs/${name// /_}.log start text now code=0
  mkdir -p "$logs"
  now_ms; start=$now
  done_n=0 all_n=0 doing='' drawn=0 drawn_tenth=-1
  local pid from part='' got
  exec {from}< <("$@" 2>&1 </dev/null)
  pid=$!
  : >"$log"
  while true; do
    if IFS= read -r -t 0.2 -u "$from" got; then
      got=$part$got part=''
      printf '%s\n' "$got" >>"$log"
      if [ -n "${progress:-}" ]; then "$progress" "$got"; fi
    else
      local status=$?
      part+=$got
      if ((status <= 128)); then break; fi
    fi
    draw "$name" "$detail" "$start"
  done
  if [ -n "$part" ]; then printf '%s\n' "$part" >>"$log"; fi
  exec {from}<&-
  wait "$pid" || code=$?
  now_ms; duration $((now - start))
  if ((code != 0)); then
    line "$name" "$detail" ✗ "$text"
    step_log=$log
    return "$code"
  fi
  if [ -n "${after:-}" ]; then "$after" "$log"; fi
  line "$name" "${outcome:-$detail}" ✓ "$text"
  outcome=''
}

# A running step: on a terminal a bar redrawn ten times a second, in a file one line every tenth of the way.
draw() {
  local now text tenth
  now_ms
  if [ "$interactive" = 1 ]; then
    if ((now - drawn < 100)); then return; fi
    drawn=$now
    duration $((now - $3))
    if ((all_n > 0)); then
      local width=20 full rest i bar=''
      full=$((done_n * width / all_n)) rest=$((width - done_n * width / all_n))
      for ((i = 0; i < full; ++i)); do bar+='█'; done
      for ((i = 0; i < rest; ++i)); do bar+='░'; done
      printf '%s  %-10s %s %3d %%  %d/%d  %s%.34s%s  %s' "$wipe" "$1" "$bar" $((done_n * 100 / all_n)) "$done_n" "$all_n" \
        "$dim" "$doing" "$plain" "$text"
    else
      printf '%s  %-10s %-42s     %s' "$wipe" "$1" "$2" "$text"
    fi
  elif ((all_n > 20)); then
    tenth=$((done_n * 10 / all_n))
    if ((tenth > drawn_tenth && tenth < 10)); then
      if ((drawn_tenth >= 0)); then
        duration $((now - $3))
        printf '  %-10s %3d %%  %d/%d   %s\n' "$1" $((done_n * 100 / all_n)) "$done_n" "$all_n" "$text"
      fi
      drawn_tenth=$tenth
    fi
  fi
}

# Parsers: one line of output in, done_n, all_n and doing out.
ninja_progress() {
  if [[ $1 =~ ^\[([0-9]+)/([0-9]+)\]\ (.*) ]]; then
    done_n=${BASH_REMATCH[1]} all_n=${BASH_REMATCH[2]} doing=${BASH_REMATCH[3]}
    doing=${doing##*/}
    doing=${doing%.o}
  fi
}
ctest_progress() {
  if [[ $1 =~ ^\ *([0-9]+)/([0-9]+)\ +Test\ +#[0-9]+:\ ([^ ]+) ]]; then
    done_n=${BASH_REMATCH[1]} all_n=${BASH_REMATCH[2]} doing=${BASH_REMATCH[3]}
  fi
}
# Fetched, unpacked, set up: three lines a package. (apt's status descriptor makes dpkg's output non-blocking, and scripts of
# packages die of it when we read slowly.)
apt_progress() {
  if [[ $1 =~ ^(Get:[0-9]+|Unpacking|Setting\ up)\ ([^ ]+) ]]; then
    all_n=$apt_steps doing=${BASH_REMATCH[2]}
    if ((done_n < all_n)); then done_n=$((done_n + 1)); fi
  fi
}
