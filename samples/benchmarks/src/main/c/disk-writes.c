/*
 * Writes of 4 KiB to a file in a folder: what one costs, in nanoseconds of its caller's CPU time. Prints
 * "NAME NANOSECONDS": the best of five rounds, or of as many more as fill the seconds (of CPU time; at most
 * five times as long).
 *
 *   disk-writes FOLDER NAME SECONDS
 *
 *   overwrite   pages that are cached, one after the other
 *   append      to a new file each round
 *   fsync       append, and wait until it is on the disk
 *   direct      with O_DIRECT over blocks that are there
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 4096
#define BLOCKS 2048
#define SYNCED 128

static double nanos(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1e9 + now.tv_nsec;
}

static void check(int right, const char *what) {
  if (!right) {
    perror(what);
    exit(1);
  }
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const char *name = argv[2];
  double seconds = atof(argv[3]), best = 1e18, begin = nanos(CLOCK_MONOTONIC), used = 0;
  int fresh = !strcmp(name, "append") || !strcmp(name, "fsync");
  int sync = !strcmp(name, "fsync");
  int direct = !strcmp(name, "direct");
  int blocks = sync ? SYNCED : BLOCKS;
  char path[4096];
  char *data = aligned_alloc(BLOCK, BLOCK);
  memset(data, 1, BLOCK);
  snprintf(path, sizeof path, "%s/svc0-disk-writes.tmp", argv[1]);
  int fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0600);
  check(fd >= 0, path);
  for (int i = 0; !fresh && i < blocks; i++) check(write(fd, data, BLOCK) == BLOCK, "write");
  check(fsync(fd) == 0, "fsync");
  if (direct) {
    close(fd);
    fd = open(path, O_RDWR | O_DIRECT);
    check(fd >= 0, path);
  }
  for (int round = 0; round < 5 || (used < seconds * 1e9 && nanos(CLOCK_MONOTONIC) - begin < seconds * 5e9); round++) {
    if (fresh) check(ftruncate(fd, 0) == 0 && fsync(fd) == 0, "ftruncate");
    double start = nanos(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < blocks; i++) {
      check(pwrite(fd, data, BLOCK, (off_t)i * BLOCK) == BLOCK, "pwrite");
      if (sync) check(fsync(fd) == 0, "fsync");
    }
    double took = nanos(CLOCK_THREAD_CPUTIME_ID) - start, each = took / blocks;
    used += took;
    if (each < best) best = each;
  }
  printf("%s %.1f\n", name, best);
  unlink(path);
  return 0;
}
