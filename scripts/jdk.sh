# Finds JDK 25; sourced by ./tokapu, ./dev and .ci/run. Sets nothing but the functions below.

# Succeeds if the folder $1 holds a JDK 25. Reads its `release` file, so that nothing is started.
is_jdk25() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in JAVA_VERSION=\"25[.\"+-]*) return 0 ;; esac
  done <"$1/release"
  return 1
}

# Prints the home of the `java` that PATH finds, through any symbolic links.
jdk_of_path() {
  local file link
  file=$(command -v java 2>/dev/null) || return 0
  while [ -L "$file" ]; do
    link=$(readlink "$file")
    case $link in /*) file=$link ;; *) file=$(dirname "$file")/$link ;; esac
  done
  dirname "$(dirname "$file")"
}

# Sets jdk25 to the home of a JDK 25, or to nothing: JAVA_HOME, then the usual folders of Linux,
# macOS, sdkman, asdf, mise and IntelliJ, then PATH (last, for it costs two processes).
find_jdk25() {
  local c
  for c in "${JAVA_HOME:-}" \
    /usr/lib/jvm/*25* /usr/lib64/jvm/*25* /usr/java/*25* /opt/java/* /opt/*jdk*25* /opt/*25*jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$HOME"/.sdkman/candidates/java/25* "$HOME"/.asdf/installs/java/*25* \
    "$HOME"/.local/share/mise/installs/java/*25* "$HOME"/.jdks/*25*; do
    if is_jdk25 "$c"; then jdk25=$c; return 0; fi
  done
  c=$(jdk_of_path)
  if is_jdk25 "$c"; then jdk25=$c; else jdk25=; fi
}

# Succeeds if the user reads Korean, by the variables that decide the language of messages.
speaks_korean() {
  case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in ko*) return 0 ;; *) return 1 ;; esac
}

# Prints $1 to a Korean user and $2 to all others, on standard error.
say() {
  if speaks_korean; then printf '%s\n' "$1" >&2; else printf '%s\n' "$2" >&2; fi
}

# Says what to install where there is no JDK 25.
explain_missing_jdk() {
  say "JDK 25를 찾지 못했습니다. Tokapu에는 JDK 25가 필요합니다." \
    "No JDK 25 was found, and Tokapu needs one."
  case $(uname -s) in
  Darwin) say "설치: brew install openjdk@25" "Install it: brew install openjdk@25" ;;
  *) say "설치: sudo apt install openjdk-25-jdk, 또는 sdk install java 25-tem (https://sdkman.io), 또는 https://adoptium.net" \
    "Install it: sudo apt install openjdk-25-jdk, or sdk install java 25-tem (https://sdkman.io), or see https://adoptium.net" ;;
  esac
  say "이미 있다면: export JAVA_HOME=/JDK/25/폴더" "If you have one: export JAVA_HOME=/folder/of/jdk-25"
}
