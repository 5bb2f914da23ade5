# What the programs in this folder share. Sourced, not run.

fail() {
  echo "$program: $1" >&2
  exit "${2:-1}"
}

# A JDK 17 or newer: `java` for running, `javac` for building.
require_jdk() {
  local java=java
  [ -z "${JAVA_HOME:-}" ] || java="$JAVA_HOME/bin/java"
  local found
  found=$("$java" -version 2>&1) || fail "no Java found: install a JDK 17 or newer (Debian: apt install openjdk-17-jdk-headless; macOS: brew install openjdk)"
  local version
  version=$(printf '%s\n' "$found" | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  [ "${version:-0}" -ge 17 ] || fail "Java ${version:-of unknown version} found: install a JDK 17 or newer (Debian: apt install openjdk-17-jdk-headless; macOS: brew install openjdk), or point JAVA_HOME at one"
  command -v "${java}c" >/dev/null 2>&1 || fail "Java without a compiler found: install a JDK 17 or newer, not only its runtime (Debian: apt install openjdk-17-jdk-headless)"
  java_program=$java
  java_version=$version
}

require_maven() {
  command -v mvn >/dev/null 2>&1 || fail "no Maven found: install Maven 3.8 or newer (Debian: apt install maven; macOS: brew install maven)"
}

# Whether a build must be made again: there is none, or a source or a pom is newer.
stale() {
  [ -f "$1" ] || return 0
  [ -n "$(find "$home"/pom.xml "$home"/*/pom.xml "$home"/*/src/main "$home"/exporters/*/pom.xml "$home"/exporters/*/src/main -newer "$1" -print 2>/dev/null | head -n 1)" ]
}

# The width of the terminal in $columns, 0 if standard output is none: Java cannot tell, the shell can.
find_columns() {
  columns=0
  if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then
    columns=$(stty size </dev/tty 2>/dev/null | cut -d ' ' -f 2) || columns=0
    [ "${columns:-0}" -gt 0 ] || columns=80
  fi
}
