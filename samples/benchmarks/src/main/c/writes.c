/*
 * Writes to a file in a folder, and a plain copy to measure them by: what one costs, in nanoseconds of the
 * thread's CPU time. Prints "NAME NANOSECONDS" a line: the best of several rounds.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SMALL 4096
#define LARGE (1 << 20)
#define ROUNDS 7

static double cpu_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e9 + now.tv_nsec;
}

static void writes(const char *name, int fd, const char *data, size_t bytes, long calls) {
  double best = 1e18;
  for (int round = 0; round < ROUNDS; round++) {
    double start = cpu_nanos();
    for (long i = 0; i < calls; i++) {
      if (pwrite(fd, data, bytes, 0) != (ssize_t)bytes) {
        perror(name);
        exit(1);
      }
    }
    double each = (cpu_nanos() - start) / calls;
    if (each < best) best = each;
  }
  printf("%s %.1f\n", name, best);
}

static void copies(char *to, const char *from, long calls) {
  double best = 1e18;
  for (int round = 0; round < ROUNDS; round++) {
    double start = cpu_nanos();
    for (long i = 0; i < calls; i++) {
      memcpy(to, from, LARGE);
      __asm__ volatile("" : : "r"(to) : "memory");
    }
    double each = (cpu_nanos() - start) / calls;
    if (each < best) best = each;
  }
  printf("copy1M %.1f\n", best);
}

int main(int argc, char **argv) {
  char path[4096];
  long calls = argc > 2 ? atol(argv[2]) : 20000;
  char *data = malloc(LARGE);
  char *copy = malloc(LARGE);
  snprintf(path, sizeof path, "%s/svc0-writes.tmp", argc > 1 ? argv[1] : ".");
  int file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600);
  int null = open("/dev/null", O_WRONLY);
  if (file < 0 || null < 0) {
    perror(path);
    return 1;
  }
  memset(data, 1, LARGE);
  memset(copy, 2, LARGE);
  writes("devNull", null, data, 1, calls * 5);
  writes("write4K", file, data, SMALL, calls);
  writes("write1M", file, data, LARGE, calls / 100 + 1);
  copies(copy, data, calls / 100 + 1);
  unlink(path);
  return 0;
}
