#!/usr/bin/env bash
# Records what the commands of the ladder do under qemu-aarch64: exit code and SHA-256 of standard output.
# Needs root, for a chroot in which each arm64 program stands behind a starter of the emulator.
#
#   record.sh GUESTS QEMU-AARCH64-STATIC COMMANDS >ladder.tsv
#
# GUESTS is a folder made by .ci/fetch-guests; COMMANDS has a level, a tab and a command a line: cut -f1,4 ladder.tsv
#
# Level 9, fio and stress-ng, asks for calls that the emulator has not: there the machine's own programs of the same
# versions are run, on a disk (in /var/tmp).
set -euo pipefail
guests=$1 emulator=$2 commands=$3
root=$(mktemp -d)
native=$(mktemp -d -p /var/tmp)
trap 'umount "$root/proc" "$root"/dev/* 2>/dev/null || true; rm -rf --one-file-system "$root" "$native"' EXIT
cp -a "$guests/." "$root"
cp "$emulator" "$root/.qemu"
cat >"$root/.starter.c" <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
/* Starts the program of its own name with ".arm" added. */
int main(int argc, char **argv) {
  char path[4100];
  ssize_t length = readlink("/proc/self/exe", path, 4090);
  if (length < 0) return 125;
  snprintf(path + length, 8, ".arm");
  char **all = calloc(argc + 5, sizeof *all);
  all[0] = "qemu"; all[1] = "-0"; all[2] = argv[0]; all[3] = path;
  for (int i = 1; i < argc; i++) all[i + 3] = argv[i];
  execv("/.qemu", all);
  return 124;
}
C
gcc -static -O1 -o "$root/.starter" "$root/.starter.c"
for program in "$root"/usr/bin/* "$root"/usr/lib/git-core/*; do
  if [ ! -L "$program" ] && [ "$(head -c 4 "$program" | tail -c 3)" = ELF ]; then
    mv "$program" "$program.arm"
    ln "$root/.starter" "$program"
  fi
done
mount -t proc proc "$root/proc"
ln -s /proc/self/fd "$root/dev/fd"
for device in null zero urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done

printf '# level, exit code, SHA-256 of standard output, command: recorded by src/test/ladder/record.sh\n'
while IFS=$'\t' read -r level command; do
  shell=(/bin/sh -c)
  [ "$level" -gt 2 ] || shell=(/bin/busybox sh -c)
  rm -rf "$root/tmp/work" && mkdir "$root/tmp/work"
  code=0
  where=(chroot "$root") work=/tmp/work
  [ "$level" -ne 9 ] || where=() work=$(mktemp -d -p "$native")
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C "${where[@]}" "${shell[@]}" "cd $work; $command" \
    </dev/null >"$root/.out" 2>"$root/.err" || code=$?
  [ ! -s "$root/.err" ] || { printf '%s\n' "$command"; cat "$root/.err"; } >&2
  printf '%s\t%s\t%s\t%s\n' "$level" "$code" "$(sha256sum <"$root/.out" | cut -d' ' -f1)" "$command"
done <"$commands"
