#!/bin/sh
# Measures the loops of src/main/guest/kernels.c under svc0, qemu-aarch64 and natively, in one run.
#
#   kernels.sh [NAME…]      all of them when no name is given
#
# Prints one line a kernel, separated by tabs: name, and the CPU seconds (user and system) that the
# same number of rounds took natively, under qemu-aarch64 and under svc0, once warm, and svc0's
# share of qemu's. A column is "-" where the tool is missing. Each program runs twice, with few and
# with many rounds; the difference is what is shown, so that starting and warming up do not count.
#
#   SVC0        the command to measure (default: svc0 of this checkout); SVC0_RUN its options
#   KERNELS     a built arm64 kernels program; otherwise aarch64-linux-gnu-gcc builds it
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
svc0=${SVC0:-$here/../../svc0}
options=${SVC0_RUN:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

guest=${KERNELS:-}
if [ -z "$guest" ]; then
  command -v aarch64-linux-gnu-gcc >/dev/null 2>&1 || {
    echo "kernels.sh: needs aarch64-linux-gnu-gcc (Debian: gcc-aarch64-linux-gnu), or KERNELS" >&2
    exit 2
  }
  aarch64-linux-gnu-gcc -O2 -static -o "$work/kernels" "$here/src/main/guest/kernels.c"
  guest=$work/kernels
fi
native=
if command -v gcc >/dev/null 2>&1 && gcc -O2 -o "$work/native" "$here/src/main/guest/kernels.c" 2>/dev/null; then
  native=$work/native
fi
qemu=$(command -v qemu-aarch64 2>/dev/null || true)

# CPU seconds of a command and its children.
cpu() {
  ( "$@" >"$work/out" 2>"$work/err" || { cat "$work/err" >&2; exit 1; }
    times >"$work/times" # not in a pipe, which would be another process
    awk 'NR == 2 { s = 0; for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); s += t[1] * 60 + t[2] } print s }' "$work/times" )
}

# What the rounds between two counts took; the results must be those of qemu.
between() {
  few=$1 many=$2 kernel=$3
  shift 3
  first=$(cpu "$@" "$kernel" "$few")
  second=$(cpu "$@" "$kernel" "$many")
  awk -v a="$first" -v b="$second" 'BEGIN { printf "%.2f", b - a }'
}

measure() {
  name=$1 few=$2 many=$3
  n=- q=- r=-
  [ -z "$native" ] || n=$(between "$few" "$many" "$name" "$native")
  if [ -n "$qemu" ]; then
    q=$(between "$few" "$many" "$name" "$qemu" "$guest")
    cp "$work/out" "$work/expected"
  fi
  # shellcheck disable=SC2086
  s=$(between "$few" "$many" "$name" "$svc0" run $options "$guest")
  if [ -n "$qemu" ]; then
    cmp -s "$work/out" "$work/expected" || { echo "kernels.sh: $name gives another result than qemu" >&2; exit 1; }
    r=$(awk -v s="$s" -v q="$q" 'BEGIN { printf "%.2f", (q > 0 ? s / q : 0) }')
  fi
  printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$n" "$q" "$s" "$r"
}

table='hash 200000 700000
crc 8000 16000
sieve 300 600
matrix 400 700
bytecode 5000 8000
sort 250 450
calls 2000 4500
search 6000 18000
saxpy 30000 90000
mix 60000 160000'

printf 'kernel\tnative\tqemu\tsvc0\tsvc0/qemu\n'
echo "$table" | while read -r name few many; do
  case " ${*:-$name} " in
    *" $name "*) measure "$name" "$few" "$many" ;;
  esac
done
