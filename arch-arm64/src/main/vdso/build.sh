#!/bin/sh
# Builds the vDSO with Debian's cross compiler (package gcc-aarch64-linux-gnu).
#
#   build.sh           rebuilds the committed image
#   build.sh --check   rebuilds elsewhere and fails when the committed image differs by a byte
set -eu
cd "$(dirname "$0")"
compiler=${CC:-aarch64-linux-gnu-gcc}
command -v "$compiler" >/dev/null || { echo "build.sh: no $compiler: apt install gcc-aarch64-linux-gnu" >&2; exit 1; }
image=../resources/dev/svc0/arm64/elf/vdso.so
out=$image
[ "${1:-}" != --check ] || { out=$(mktemp); trap 'rm -f "$out"' EXIT; }
mkdir -p "$(dirname "$image")"
"$compiler" -shared -nostdlib -Wl,--build-id=none -Wl,-soname=linux-vdso.so.1 -Wl,--hash-style=both \
  -Wl,-z,max-page-size=4096 -Wl,-T,vdso.lds -Wl,-s -o "$out" vdso.S
chmod 644 "$out"
if [ "$out" != "$image" ]; then
  cmp "$out" "$image" || { echo "build.sh: $image is not what vdso.S builds" >&2; exit 1; }
  echo "vdso: same bytes"
fi
