#!/bin/sh
# Records on this machine's kernel what files.c prints, for FileCallsTest.
#   record-files.sh FOLDER      writes files.tmpfs.txt, files.ext2.txt, files.ext4.txt, files.overlay.txt; as root on Linux x86-64
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'umount "$work/mnt" 2>/dev/null || true; rm -rf "$work"' EXIT
gcc -O1 -w -static -o "$work/files" "$here/files.c"
mkdir "$work/mnt"
for type in tmpfs ext2 ext4; do
  if [ $type = tmpfs ]; then
    mount -t tmpfs -o size=256M tmpfs "$work/mnt"
  else
    truncate -s 64M "$work/img"
    mke2fs -q -F -t $type -b 4096 "$work/img"
    mount -o loop "$work/img" "$work/mnt"
  fi
  mkdir "$work/mnt/w"
  {
    echo "# Linux $(uname -r) $(uname -m), $type"
    timeout 120 "$work/files" "$work/mnt/w"
  } >"$out/files.$type.txt"
  umount "$work/mnt"
done
mount -t tmpfs -o size=64M tmpfs "$work/mnt"
mkdir "$work/mnt/lower" "$work/mnt/upper" "$work/mnt/work" "$work/mnt/w"
"$work/files" "$work/mnt/lower" prepare
mount -t overlay -o "lowerdir=$work/mnt/lower,upperdir=$work/mnt/upper,workdir=$work/mnt/work" overlay "$work/mnt/w"
{
  echo "# Linux $(uname -r) $(uname -m), overlay on tmpfs"
  timeout 120 "$work/files" "$work/mnt/w" layered
} >"$out/files.overlay.txt"
umount "$work/mnt/w"
umount "$work/mnt"
