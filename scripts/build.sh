# Builds the command into target/app; sourced by ./tokapu. Expects root, jdk25 and scripts/jdk.sh.

# Shows one step of the build: one line that changes on a terminal, plain lines elsewhere.
show_step() {
  if [ -t 2 ]; then printf '\r\033[K%s' "$1" >&2; else printf '%s\n' "$1" >&2; fi
}

# Turns Maven's output into steps: `[3/9] text`.
show_maven_progress() {
  local line rest
  while IFS= read -r line; do
    case $line in
    *"Downloading from"*) # dozens of files: a dot of life on a terminal only
      if [ -t 2 ]; then show_step "$label ${line##*/}"; fi ;;
    *"Building "*"["*/*"]"*)
      rest=${line##*Building }
      show_step "$label [${rest##*[} ${rest%% *}" ;;
    esac
  done
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
}

# Waits for another ./tokapu that builds; holds the lock when it returns.
take_build_lock() {
  local owner
  mkdir -p "$root/target/app"
  until mkdir "$root/target/app/lock" 2>/dev/null; do
    owner=$(cat "$root/target/app/lock/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$root/target/app/lock"; continue; fi
    sleep 0.3
  done
  echo $$ >"$root/target/app/lock/pid"
  trap 'rm -rf "$root/target/app/lock"' EXIT
}

# Builds all that the command needs and makes a new folder of jars the current one. Programs that
# run from an older folder go on undisturbed.
build_app() {
  local log=$root/target/app/build.log app label old
  if ! command -v mvn >/dev/null; then
    say "처음 한 번 빌드하려면 Maven이 필요합니다. 설치: sudo apt install maven (macOS: brew install maven)" \
      "Maven is needed to build once. Install it: sudo apt install maven (macOS: brew install maven)"
    exit 1
  fi
  if [ ! -x "$jdk25/bin/javac" ]; then explain_missing_jdk; exit 1; fi
  take_build_lock
  if ! is_stale; then rm -rf "$root/target/app/lock"; trap - EXIT; return; fi
  if speaks_korean; then label="Tokapu 빌드 중 (몇 분)"; else label="Building Tokapu (a few minutes)"; fi
  show_step "$label"
  touch "$root/target/app/started"
  rm -f "$root"/cli/target/app/*.jar # jars of an older layout would shadow the new ones
  if ! (cd "$root" && JAVA_HOME=$jdk25 mvn -B -pl cli -am package -Dmaven.test.skip=true -Dtokapu.app=true 2>&1) \
    | tee "$log" | show_maven_progress; then
    grep -E '^\[(ERROR|WARNING)\].*(\.java|Failed|resolve)' "$log" | head -n 20 >&2 || true
    say "빌드에 실패했습니다. 전체 기록: $log" "The build failed. The whole log: $log"
    exit 1
  fi
  app=$root/target/app/$(date +%Y%m%d-%H%M%S)
  rm -rf "$app" && mkdir "$app"
  cp "$root"/cli/target/app/*.jar "$app"
  write_arguments "$app" >"$app/java.args"
  show_step "$label: AOT"
  train "$app"
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
  touch -r "$root/target/app/started" "$app/java.args"
  printf '%s\n' "${app##*/}" >"$root/target/app/current.new"
  mv "$root/target/app/current.new" "$root/target/app/current"
  for old in $(ls -1d "$root"/target/app/20* | sort -r | tail -n +3); do rm -rf "$old"; done
  rm -rf "$root/target/app/lock"
  trap - EXIT
}

# Prints the class path as a java @argfile: jars by name, so that the AOT cache finds the same order.
write_arguments() {
  local jar path=
  for jar in "$1"/*.jar; do path=$path${path:+:}$jar; done
  printf -- '-cp\n"%s"\n' "${path//\\/\\\\}"
}
