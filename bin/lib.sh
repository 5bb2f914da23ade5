# What the programs in this folder share. Sourced, not run.

fail() {
  echo "$program: $1" >&2
  exit "${2:-1}"
}

# Java 17 or newer, in $java_program: what a release brought along, else JAVA_HOME's, else the one on the path.
require_java() {
  java_program=java
  [ -z "${JAVA_HOME:-}" ] || java_program="$JAVA_HOME/bin/java"
  [ ! -x "$home/runtime/bin/java" ] || java_program="$home/runtime/bin/java"
  local found get="Debian: apt install openjdk-17-jdk-headless; macOS: brew install openjdk"
  found=$("$java_program" -version 2>&1) || fail "no Java found: install Java 17 or newer ($get)"
  java_version=$(printf '%s\n' "$found" | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  [ "${java_version:-0}" -ge 17 ] || fail "Java ${java_version:-of unknown version} found: install Java 17 or newer ($get), or point JAVA_HOME at one"
}

# What a build needs: the Java compiler, and Maven in $maven, fetched by the wrapper where there is none.
require_build() {
  command -v "${java_program}c" >/dev/null 2>&1 || fail "Java without a compiler found: a build needs a JDK 17 or newer, not only its runtime (Debian: apt install openjdk-17-jdk-headless)"
  maven=mvn
  command -v mvn >/dev/null 2>&1 || maven=$home/mvnw
}

# Whether a build must be made again: there is none, or a source or a pom is newer. A release has no sources.
stale() {
  [ -f "$home/pom.xml" ] || return 1
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
