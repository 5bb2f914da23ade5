#!/usr/bin/env bash
# Builds what is committed twice, in folders of different names, with another time zone, language and umask, and compares
# the jars byte by byte.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() {
  git clone -q "$home" "$work/$1"
  (cd "$work/$1" && mvn -B -q -ntp package -DskipTests >&2)
  (cd "$work/$1" && find . -path '*/target/*.jar' ! -path '*/surefire/*' -exec sha256sum {} + | sort -k 2) >"$work/$1.sums"
}

(export TZ=UTC LC_ALL=C; umask 022; build one)
(export TZ=Asia/Kolkata LC_ALL=C.UTF-8; umask 077; build another-name)
diff "$work/one.sums" "$work/another-name.sums" || {
  echo "jars: the same commit gave different jars, see above" >&2
  exit 1
}
echo "jars: $(wc -l <"$work/one.sums") jars, the same bytes twice"
