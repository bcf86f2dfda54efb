/*
 * System calls by the bare instruction, without libc's wrapper: what one costs, in nanoseconds of the
 * thread's CPU time. Prints "NAME NANOSECONDS" a line: the best of five rounds, or of as many more as fill
 * the seconds.
 *
 *   calls [CALLS [PATH [SECONDS [NAME]]]]      CALLS a round; PATH of a file to make; all calls unless one is named
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long bare(long nr, long a, long b, long c, long d) {
#if defined(__x86_64__)
  register long r10 __asm__("r10") = d;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = nr;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
#else
#error "x86-64 or arm64"
#endif
}

static double cpu_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e9 + now.tv_nsec;
}

static double seconds;
static const char *only;

static void measure(const char *name, long calls, long nr, long a, long b, long c, long d) {
  double best = 1e18, begin = cpu_nanos(), start;
  if (only && strcmp(only, name)) return;
  for (int round = 0; start = cpu_nanos(), round < 5 || start - begin < seconds * 1e9; round++) {
    for (long i = 0; i < calls; i++) {
      if (bare(nr, a, b, c, d) < 0) {
        fprintf(stderr, "%s failed\n", name);
        exit(1);
      }
    }
    double each = (cpu_nanos() - start) / calls;
    if (each < best) best = each;
  }
  printf("%s %.1f\n", name, best);
}

int main(int argc, char **argv) {
  static char page[4096];
  long calls = argc > 1 ? atol(argv[1]) : 300000;
  const char *path = argc > 2 ? argv[2] : "svc0-calls.tmp";
  seconds = argc > 3 ? atof(argv[3]) : 0;
  only = argc > 4 ? argv[4] : 0;
  int null = open("/dev/null", O_WRONLY);
  int file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600);
  if (null < 0 || file < 0) {
    perror(path);
    return 1;
  }
  measure("getppid", calls, SYS_getppid, 0, 0, 0, 0);
  measure("writeDevNull", calls, SYS_write, null, (long)page, 1, 0);
  measure("overwrite4K", calls / 4, SYS_pwrite64, file, (long)page, sizeof page, 0);
  unlink(path);
  return 0;
}
