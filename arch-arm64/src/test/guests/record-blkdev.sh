#!/bin/sh
# Records on this machine's kernel what blkdev.c prints of a loop device, for BlockDeviceCallsTest.
#   record-blkdev.sh FOLDER      writes blkdev.loop.txt; as root on Linux x86-64
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$1" && pwd)
work=$(mktemp -d)
device=
trap '[ -z "$device" ] || losetup -d "$device"; rm -rf "$work"' EXIT
gcc -O1 -w -static -o "$work/blkdev" "$here/blkdev.c"
truncate -s 1M "$work/img"
device=$(losetup -f --show "$work/img")
chmod 600 "$device"
{
  echo "# Linux $(uname -r) $(uname -m), loop"
  timeout 60 "$work/blkdev" "$device"
} >"$out/blkdev.loop.txt"
