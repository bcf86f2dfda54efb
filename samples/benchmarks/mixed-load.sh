#!/usr/bin/env bash
# Mixed load on every block driver: fio, Debian's for arm64, runs inside svc0 and checks what it reads.
#
#   mixed-load.sh [SECONDS a driver] [DRIVER...]      drivers: ram loop nbd logwrites flakey file null
#
# For each driver cached and direct jobs take turns, with checksums in every block, until the time is over;
# "file" is a file on ext4 on a loop disk, "null" a disk that keeps nothing: there the sectors of direct jobs
# are compared with /proc/diskstats, on nbd (which needs nbdkit) the requests that its server counted. The
# exit status is 0 when no difference was found. The tests' programs are fetched when they are
# not in target/guests.
set -euo pipefail
home=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-60}
[ $# -eq 0 ] || shift
drivers=("$@")
[ ${#drivers[@]} -gt 0 ] || drivers=(ram loop nbd logwrites flakey file null)
guests=${SVC0_GUESTS:-$home/target/guests}
[ -x "$guests/usr/bin/fio" ] || "$home/.ci/fetch-guests" "$guests" >&2

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
cat >"$work/load.sh" <<'END'
# load.sh FILE SECONDS: jobs take turns; the first difference ends it
end=$((SECONDS + $2))
round=0
while [ $SECONDS -lt $end ]; do
  round=$((round + 1))
  fio --name=cached --filename="$1" --size=16M --rw=randrw --bsrange=512-64k --blockalign=512 --verify=crc32c \
    --verify_fatal=1 --fallocate=none --ioengine=psync --fsync=64 --randseed=$round --thread --minimal >/tmp/out || exit 1
  fio --name=direct --filename="$1" --size=16M --rw=randrw --bsrange=4k-128k --blockalign=4k --direct=1 --verify=crc32c \
    --verify_fatal=1 --ioengine=psync --fdatasync=32 --randseed=$round --thread --minimal >/tmp/out || exit 1
  fio --name=mixed --filename="$1" --size=4M --rw=randwrite --bs=4k --numjobs=4 --offset_increment=4M \
    --verify=crc32c --verify_fatal=1 --fallocate=none --ioengine=psync --thread --randseed=$round --minimal >/tmp/out || exit 1
done
echo "$round rounds on $1"
sync
cat /proc/diskstats
END
cat >"$work/null.sh" <<'END'
# null.sh DEVICE SECONDS: what is written is gone, but errors and counts are seen
end=$((SECONDS + $2))
round=0
sectors() { awk '$3 == "nullb0" { print $6 + $10 }' /proc/diskstats; }
while [ $SECONDS -lt $end ]; do
  round=$((round + 1))
  fio --name=cached --filename="$1" --size=16M --rw=randrw --bsrange=512-64k --blockalign=512 --fallocate=none \
    --ioengine=psync --fsync=64 --randseed=$round --thread --minimal >/tmp/out || exit 1
  sync
  before=$(sectors)
  fio --name=direct --filename="$1" --size=16M --rw=randrw --bsrange=4k-128k --blockalign=4k --direct=1 \
    --ioengine=psync --randseed=$round --thread --minimal >/tmp/out || exit 1
  moved=$(awk -F';' '{ print 2 * ($6 + $47) }' /tmp/out)
  [ $(($(sectors) - before)) -eq "$moved" ] || { echo "fio moved $moved sectors, diskstats differ"; exit 1; }
done
echo "$round rounds on $1"
cat /proc/diskstats
END

# What nbdkit counted against a line of /proc/diskstats: reads, writes that carry data, and flushes, of which
# two more follow when the disk is closed.
compare_counts() {
  awk '
    FNR == NR { if ($3 == "nbd0") { reads = $4; writes = $8 - $19; flushes = $19 }; next }
    $1 == "read:" { server_reads = $2 } $1 == "write:" { server_writes = $2 } $1 == "flush:" { server_flushes = $2 }
    END {
      if (!reads || reads != server_reads || writes != server_writes ||
          server_flushes < flushes || server_flushes > flushes + 2) {
        print "diskstats " reads, writes, flushes ", nbdkit " server_reads, server_writes, server_flushes
        exit 1
      }
      print "nbdkit counted the same " reads " reads, " writes " writes, " flushes " flushes"
    }' "$1" "$2"
}

failed=0
for driver in "${drivers[@]}"; do
  truncate -s 32M "$work/$driver.img"
  options=()
  load=load.sh
  case $driver in
    ram) options=(--drive brd:size=32M) device=/dev/ram0 ;;
    loop) options=(--drive "loop:$work/loop.img") device=/dev/loop0 ;;
    nbd)
      nbdkit -f -U "$work/nbd.sock" --filter=stats file "$work/nbd.img" statsfile="$work/nbd.stats" &
      server=$!
      while [ ! -S "$work/nbd.sock" ]; do sleep 0.1; done
      options=(--drive "nbd:unix:$work/nbd.sock") device=/dev/nbd0
      ;;
    logwrites) options=(--drive brd:size=32M --drive "logwrites:ram0,log=$work/log") device=/dev/dm-0 ;;
    flakey) options=(--drive brd:size=32M --drive flakey:ram0,delay=200,delay_ms=1,seed=7) device=/dev/dm-0 ;;
    file)
      mke2fs -q -F -t ext4 "$work/file.img"
      options=(--image "$work/file.img:/mnt") device=/mnt/file
      ;;
    null) options=(--drive nullblk:size=32M) device=/dev/nullb0 load=null.sh ;;
    *) echo "mixed-load.sh: no driver $driver" >&2; exit 2 ;;
  esac
  echo "== $driver"
  "$home/svc0" run --root "$guests" --bind "$work:/load:ro" "${options[@]}" --env PATH=/usr/bin:/bin \
    /bin/bash "/load/$load" "$device" "$seconds" | tee "$work/said" \
    || { echo "$driver: a difference, or fio failed" >&2; failed=1; }
  if [ "$driver" = nbd ]; then
    kill "$server"
    wait "$server" || true
    server=
    compare_counts "$work/said" "$work/nbd.stats" || failed=1
  fi
  rm -f "$work/log"
done
exit $failed
