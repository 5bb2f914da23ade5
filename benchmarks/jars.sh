#!/usr/bin/env bash
# Builds what is committed twice, in folders of different names, with another time zone and language, and compares the jars
# and what bin/release packs byte by byte. The umask is the same: jars keep the permissions of their files.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
work=$(mktemp -d)
commit=$(git -C "$home" rev-parse HEAD)
umask 022
trap 'rm -rf "$work"' EXIT

build() {
  git clone -q "$home" "$work/$1"
  git -C "$work/$1" checkout -q "$commit"
  (cd "$work/$1" && mvn -B -q -ntp -Pdist package -DskipTests >&2)
  (cd "$work/$1" && find . \( -path '*/target/*.jar' ! -path '*/surefire/*' -o -path './target/release/*' \) -exec sha256sum {} + | sort -k 2) >"$work/$1.sums"
}

(export TZ=UTC LC_ALL=C; build one)
(export TZ=Asia/Kolkata LC_ALL=C.UTF-8; build another-name)
diff "$work/one.sums" "$work/another-name.sums" || {
  echo "jars: the same commit gave different files, see above" >&2
  exit 1
}
echo "jars: $(wc -l <"$work/one.sums") jars and archives, the same bytes twice"
