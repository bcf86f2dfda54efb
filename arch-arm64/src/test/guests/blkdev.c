/* What a block device answers: its requests of ioctl(2), direct I/O, its end, opening it twice. Every line
 * of output is a call as it stands here and what came of it: a number, or an error's name.
 *   blkdev DEVICE      of 1 MiB, whose content is lost; as root
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE (1 << 20)
#define USER 1000
#define BAD ((void*)16)
#define BAD_PAGE ((void*)4096)
#define UNKNOWN 0x12ff

static int a, b;
static char* buf;
static int number;
static long large;
static uint64_t wide;
static unsigned short narrow;
static uint64_t range[2];

/* The call, and its value or error. */
#define R(call) do { errno = 0; long long r_ = (long long)(call); \
  if (r_ == -1) printf("%s => %s\n", #call, strerrorname_np(errno)); else printf("%s => %lld\n", #call, r_); } while (0)
#define AS_USER(body) do { fflush(stdout); pid_t u_ = fork(); \
  if (!u_) { setgroups(0, 0); setresgid(USER, USER, USER); setresuid(USER, USER, USER); body; fflush(stdout); _exit(0); } \
  waitpid(u_, 0, 0); } while (0)

static int on_range(int fd, unsigned long request, uint64_t start, uint64_t length) {
  range[0] = start;
  range[1] = length;
  return ioctl(fd, request, range);
}
/* Whether a part of the device holds nothing but one byte. */
static int holds(long at, long n, char what) {
  if (pread(b, buf, n, at) != n) return -1;
  for (long i = 0; i < n; i++) if (buf[i] != what) return 0;
  return 1;
}
static int fill(char what) {
  memset(buf, what, SIZE);
  return pwrite(b, buf, SIZE, 0) == SIZE && fsync(b) == 0;
}

static void sizes(void) {
  R(ioctl(a, BLKGETSIZE64, &wide));
  R(wide);
  R(ioctl(a, BLKGETSIZE, &large));
  R(large);
  R(ioctl(a, BLKSSZGET, &number));
  R(number);
  R(ioctl(a, BLKPBSZGET, &number));
  R(ioctl(a, BLKIOMIN, &number));
  R(ioctl(a, BLKIOOPT, &number));
  R(number);
  R(ioctl(a, BLKALIGNOFF, &number));
  R(number);
  R(ioctl(a, BLKROTATIONAL, &narrow));
  R(ioctl(a, BLKSECTGET, &narrow));
  R(narrow > 0);
  R(ioctl(a, BLKDISCARDZEROES, &number));
  R(number);
  R(ioctl(a, BLKGETSIZE64, BAD));
  R(ioctl(a, BLKSSZGET, BAD));
  R(lseek(a, 0, SEEK_END));
  R(lseek(a, SIZE + 1, SEEK_SET));
  R(lseek(a, -1, SEEK_SET));
  R(lseek(a, 0, SEEK_HOLE));
  R(ftruncate(b, 4096));
}

static void settings(void) {
  R(ioctl(a, BLKBSZGET, &number));
  for (int* n = (int[]){0, 1, 511, 512, 1000, 1024, 4096, -1}; *n >= 0; n++) {
    number = *n;
    R(number);
    R(ioctl(a, BLKBSZSET, &number));
    R(ioctl(a, BLKBSZGET, &number));
    R(number);
  }
  R(ioctl(a, BLKBSZSET, 0));
  R(ioctl(a, BLKBSZSET, BAD));
  AS_USER(R(ioctl(a, BLKBSZSET, &number)));
  R(ioctl(a, BLKRAGET, &large));
  R(ioctl(a, BLKRASET, 64));
  R(ioctl(a, BLKRAGET, &large));
  R(large);
  R(ioctl(a, BLKFRAGET, &large));
  R(large);
  R(ioctl(a, BLKFRASET, 32));
  R(ioctl(a, BLKRAGET, &large));
  R(large);
  AS_USER(R(ioctl(a, BLKRASET, 128)));
  R(ioctl(a, BLKRASET, 256));
}

static void read_only(void) {
  number = 1;
  AS_USER(R(ioctl(a, BLKROSET, &number)));
  R(ioctl(a, BLKROSET, BAD));
  R(ioctl(a, BLKROSET, &number));
  number = 0;
  R(ioctl(a, BLKROGET, &number));
  R(number);
  R(pwrite(b, "x", 1, 0));
  R(on_range(b, BLKZEROOUT, 0, 4096));
  R(on_range(b, BLKDISCARD, 0, 4096));
  R(fallocate(b, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
  R(fsync(b));
  R((long)mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, b, 0));
  R((long)mmap(0, 4096, PROT_READ, MAP_SHARED, b, 0));
  R(mmap(0, 4096, PROT_READ, MAP_SHARED, a, 0) != MAP_FAILED);
  R(mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, b, 0) != MAP_FAILED);
  number = 0;
  R(ioctl(a, BLKROSET, &number));
  R(pwrite(b, "x", 1, 0));
}

static void ranges(void) {
  R(fill(7));
  R(on_range(a, BLKDISCARD, 0, 4096));
  R(on_range(a, BLKZEROOUT, 0, 4096));
  R(on_range(b, BLKZEROOUT, 4096, 8192));
  R(holds(0, 4096, 7));
  R(holds(4096, 8192, 0));
  R(holds(12288, 4096, 7));
  R(on_range(b, BLKDISCARD, 16384, 8192));
  R(holds(16384, 8192, 0));
  R(on_range(b, BLKZEROOUT, 100, 512));
  R(on_range(b, BLKZEROOUT, 512, 100));
  R(on_range(b, BLKZEROOUT, 512, 512));
  R(holds(512, 512, 0));
  R(holds(1024, 3072, 7));
  R(on_range(b, BLKDISCARD, 100, 512));
  R(on_range(b, BLKDISCARD, 512, 0));
  R(on_range(b, BLKZEROOUT, 512, 0));
  R(on_range(b, BLKZEROOUT, SIZE - 512, 1024));
  R(on_range(b, BLKDISCARD, SIZE - 512, 1024));
  R(on_range(b, BLKZEROOUT, SIZE, 512));
  R(on_range(b, BLKZEROOUT, -512, 1024));
  R(ioctl(b, BLKZEROOUT, BAD));
  R(ioctl(b, BLKDISCARD, BAD));
  R(on_range(b, BLKSECDISCARD, 0, 4096));
  R(fallocate(b, 0, 0, 4096));
  R(fallocate(b, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 65536, 4096));
  R(holds(65536, 4096, 0));
  R(fallocate(b, FALLOC_FL_ZERO_RANGE, 131072, 4096));
  R(holds(131072, 4096, 0));
  R(fallocate(b, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, 200, 512));
  R(fallocate(b, FALLOC_FL_ZERO_RANGE, SIZE - 512, 1024));
  R(fallocate(b, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, SIZE - 512, 1024));
  R(fallocate(b, FALLOC_FL_ZERO_RANGE, SIZE, 512));
  R(fallocate(a, FALLOC_FL_ZERO_RANGE, 0, 4096));
  R(ioctl(a, BLKFLSBUF, 0));
  AS_USER(R(ioctl(a, BLKFLSBUF, 0)));
  R(ioctl(a, UNKNOWN, 0) == -1);
}

static void the_end(void) {
  R(fill(3));
  R(pwrite(b, buf, 8192, SIZE - 4096));
  R(pwrite(b, buf, 1, SIZE));
  R(pwrite(b, buf, 0, SIZE));
  R(pread(b, buf, 8192, SIZE - 4096));
  R(pread(b, buf, 1, SIZE));
  R(pread(b, buf, 1, SIZE + 4096));
  R(pwrite(b, buf, 3, SIZE - 3));
  R(pwrite(b, BAD, 4096, 0));
  R(pread(b, BAD, 4096, 0));
  R(pwrite(a, buf, 1, 0));
}

static void direct(const char* device) {
  int d = open(device, O_RDWR | O_DIRECT);
  memset(buf, 5, 16384);
  R(pwrite(d, buf, 4096, 0));
  R(pwrite(d, buf, 512, 512));
  R(pwrite(d, buf + 1, 4096, 0));
  R(pwrite(d, buf + 512, 512, 0));
  R(pwrite(d, buf, 100, 0));
  R(pwrite(d, buf, 512, 100));
  R(pread(d, buf, 100, 0));
  R(pread(d, buf, 512, 100));
  R(pread(d, buf, 8192, SIZE - 4096));
  R(pread(d, buf, 4096, SIZE));
  R(pwrite(d, buf, 8192, SIZE - 4096));
  R(pwrite(d, buf, 4096, SIZE));
  R(pwrite(d, BAD_PAGE, 4096, 0));
  R(pread(d, BAD_PAGE, 4096, 0));
  struct iovec v[2] = {{buf, 512}, {buf + 4096, 1024}};
  R(pwritev(d, v, 2, 0));
  R(preadv(d, v, 2, 0));
  v[1].iov_len = 100;
  R(pwritev(d, v, 2, 0));
  R(holds(0, 4096, 5));
  close(d);
}

static void now(const char* device) {
  struct iovec v = {buf, 4096};
  R(fill(1));
  R(ioctl(a, BLKFLSBUF, 0));
  R(preadv2(a, &v, 1, 0, RWF_NOWAIT));
  R(pread(a, buf, 4096, 0));
  R(preadv2(a, &v, 1, 0, RWF_NOWAIT));
  R(pwritev2(b, &v, 1, 0, RWF_NOWAIT));
  int d = open(device, O_RDWR | O_DIRECT);
  R(pwritev2(d, &v, 1, 0, RWF_NOWAIT));
  R(pwrite(b, buf, 4096, 0));
  R(preadv2(d, &v, 1, 0, RWF_NOWAIT));
  R(fsync(b));
  R(preadv2(d, &v, 1, 0, RWF_NOWAIT));
  close(d);
}

static void opening(const char* device) {
  int d = open(device, O_RDWR | O_EXCL);
  R(d >= 0);
  R(open(device, O_RDONLY | O_EXCL));
  R(close(open(device, O_RDONLY)));
  close(d);
  R(close(open(device, O_RDONLY | O_EXCL)));
  R(close(open(device, O_RDONLY | O_TRUNC)));
  R(open(device, O_RDONLY | O_DIRECTORY));
  AS_USER(R(open(device, O_RDONLY)));
}

int main(int argc, char** argv) {
  buf = mmap(0, 2 * SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  a = open(argv[1], O_RDONLY);
  b = open(argv[1], O_RDWR);
  if (argc != 2 || a < 0 || b < 0) return 1;
  printf("== sizes\n"); sizes();
  printf("== settings\n"); settings();
  printf("== read-only\n"); read_only();
  printf("== ranges\n"); ranges();
  printf("== the end\n"); the_end();
  printf("== direct\n"); direct(argv[1]);
  printf("== without waiting\n"); now(argv[1]);
  printf("== opening\n"); opening(argv[1]);
  return 0;
}
