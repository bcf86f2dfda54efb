#!/bin/sh
# Builds the guest programs with Debian's cross compiler (package gcc-aarch64-linux-gnu).
#
#   build.sh           rebuilds bin/
#   build.sh --check   rebuilds elsewhere and fails when a committed binary differs by a byte
set -eu
cd "$(dirname "$0")"
compiler=${CC:-aarch64-linux-gnu-gcc}
command -v "$compiler" >/dev/null || { echo "build.sh: no $compiler: apt install gcc-aarch64-linux-gnu libc6-dev-arm64-cross" >&2; exit 1; }
header=../custom-syscall/target/classes/META-INF/svc0/arm64
[ -f "$header/svc0-unistd.h" ] || { echo "build.sh: no generated header yet: run mvn package first" >&2; exit 1; }

out=bin
[ "${1:-}" != --check ] || { out=$(mktemp -d); trap 'rm -rf "$out"' EXIT; }
mkdir -p "$out"
flags="-nostdlib -ffreestanding -static -Os -g1 -fno-stack-protector -fno-asynchronous-unwind-tables -Wall -Wextra -Werror
  -Wl,--build-id=none -Wl,-z,max-page-size=4096 -ffile-prefix-map=$PWD=. -I$header"
for source in src/*.c src/*.S; do
  program=$(basename "${source%.*}")
  # shellcheck disable=SC2086
  "$compiler" $flags -c -o "$program.o" "$source"
  # shellcheck disable=SC2086
  "$compiler" $flags -o "$out/$program" "$program.o"
  rm "$program.o"
  if [ "$out" != bin ]; then
    cmp "$out/$program" "bin/$program" || { echo "build.sh: bin/$program is not what $source builds" >&2; exit 1; }
    echo "$program: same bytes"
  fi
done
