#!/bin/sh
# Measures the loops of src/main/guest/kernels.c under svc0, qemu-aarch64 and natively, in one run.
#
#   kernels.sh [NAME…]      all of them when no name is given
#
# Prints one line a kernel, separated by tabs: name, and the milliseconds that the same
# rounds took natively, under qemu-aarch64 and under svc0, and svc0's share of qemu's; at the end the
# geometric mean of the shares. A column is "-" where the tool is missing. Each program repeats the
# rounds for some seconds, and the shortest time is shown: what is warm, on a machine that is noisy.
#
#   SECONDS_WARM    how long svc0 repeats the rounds (default: 8); the others take one second
#   KERNELS_CFLAGS  options of the compilers (default: -O2)
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
  # shellcheck disable=SC2086
  aarch64-linux-gnu-gcc ${KERNELS_CFLAGS:--O2} -static -pthread -o "$work/kernels" "$here/src/main/guest/kernels.c"
  guest=$work/kernels
fi
native=
if command -v gcc >/dev/null 2>&1 && gcc ${KERNELS_CFLAGS:--O2} -pthread -o "$work/native" "$here/src/main/guest/kernels.c" 2>/dev/null; then
  native=$work/native
fi
qemu=$(command -v qemu-aarch64 2>/dev/null || true)

# The milliseconds of a command that repeats the rounds of a kernel; its result is left in a file.
best() {
  seconds=$1
  shift
  "$@" "$seconds" >"$work/out" 2>"$work/err" || { cat "$work/err" >&2; exit 1; }
  awk '{ print $1 > result; printf "%.2f", $2 / 1000000 }' result="$work/result" "$work/out"
}

measure() {
  name=$1 rounds=$2
  n=- q=- r=-
  [ -z "$native" ] || n=$(best 1 "$native" "$name" "$rounds")
  if [ -n "$qemu" ]; then
    q=$(best 1 "$qemu" "$guest" "$name" "$rounds")
    cp "$work/result" "$work/expected"
  fi
  # shellcheck disable=SC2086
  s=$(best "${SECONDS_WARM:-8}" "$svc0" run $options "$guest" "$name" "$rounds")
  if [ -n "$qemu" ]; then
    cmp -s "$work/result" "$work/expected" || { echo "kernels.sh: $name gives another result than qemu" >&2; exit 1; }
    r=$(awk -v s="$s" -v q="$q" 'BEGIN { printf "%.2f", s / q }')
    echo "$r" >>"$work/shares"
  fi
  printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$n" "$q" "$s" "$r"
}

table='hash 12000
crc 250
sieve 8
matrix 8
bytecode 80
sort 5
calls 60
search 300
saxpy 1600
mix 3000'

printf 'kernel\tnative\tqemu\tsvc0\tsvc0/qemu\n'
echo "$table" | while read -r name rounds; do
  case " ${*:-$name} " in
    *" $name "*) measure "$name" "$rounds" ;;
  esac
done
[ ! -f "$work/shares" ] || awk '{ sum += log($1) } END { printf "mean\t\t\t\t%.2f\n", exp(sum / NR) }' "$work/shares"
