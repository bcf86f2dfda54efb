/* The scenarios of the recorded function graphs, with the result of each call, the signal it raised, and
 * whether the file or disk holds what it should afterwards.
 *   write-results        with /ext2, /ext4, /full (a small ext4) and /tmpfs mounted, /dev/ram0, /dev/loop0 (a
 *                        disk), /dev/loop4 (another one) and the pipe and null devices; as root
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096
#define MIB (1 << 20)
#define UNMAPPED ((void*)16)
#define KERNEL ((void*)0xffff000000000000)

static unsigned char *data, *back;
static volatile int caught;
static int results;

static void on_signal(int n) { caught = n; }

static void scenario(const char* name) {
  printf("%s\t", name);
  results = 0;
}
static long result(const char* label, long r) {
  int e = r == -1 ? errno : 0;
  printf("%sRESULT %s ret=%ld errno=%d(%s) sig=%d", results++ ? " | " : "", label, r, e, e ? strerror(e) : "", caught);
  caught = 0;
  return r;
}
/* Ends a scenario: the bytes at a position are those of data. */
static void holds(int fd, long at, long n) {
  memset(back, 0xee, n);
  long got = pread(fd, back, n, at);
  puts(got == n && !memcmp(data, back, n) ? "" : " WRONG CONTENT");
}
/* The same for a file that must not have grown. */
static void size(int fd, long n) {
  struct stat s;
  fstat(fd, &s);
  puts(s.st_size == n ? "" : " WRONG SIZE");
}
static int fresh(const char* path, int flags) {
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL | flags, 0644);
  if (fd < 0) perror(path), exit(1);
  return fd;
}
/* A file with a page of other bytes, in the cache and on the disk. */
static int filled(const char* path, int flags) {
  int fd = fresh(path, 0);
  memset(back, 0x11, PAGE);
  if (write(fd, back, PAGE) != PAGE || fsync(fd)) perror(path), exit(1);
  close(fd);
  return open(path, O_RDWR | flags);
}
static int device(const char* path, int flags, long at) {
  int fd = open(path, O_RDWR | flags);
  if (fd < 0) perror(path), exit(1);
  lseek(fd, at, SEEK_SET);
  return fd;
}

/* A write that succeeds, of which the content is looked at. */
static void writes(const char* name, const char* label, int fd, long at, long n) {
  scenario(name);
  result(label, write(fd, data, n));
  holds(fd, at, n);
  close(fd);
}
static void writes_and_syncs(const char* name, const char* label, int fd, long at) {
  scenario(name);
  result(label, write(fd, data, PAGE));
  result("fsync", fsync(fd));
  holds(fd, at, PAGE);
  close(fd);
}

static void errors(void) {
  scenario("EBADF");
  result("ebadf", write(99, data, PAGE));
  puts("");
  int fd = open("/dev/null", O_RDONLY);
  scenario("EBADF_rdonly");
  result("ebadfro", write(fd, data, PAGE));
  puts("");
  close(fd);
  fd = fresh("/ext4/efault", 0);
  scenario("ext4_EFAULT");
  result("efault", write(fd, UNMAPPED, PAGE));
  size(fd, 0);
  scenario("ext4_EFAULT_kernaddr");
  result("efaultkern", write(fd, KERNEL, PAGE));
  size(fd, 0);
  close(fd);
  fd = filled("/ext4/efbig", 0);
  lseek(fd, PAGE, SEEK_SET);
  struct rlimit one = {1, RLIM_INFINITY}, all = {RLIM_INFINITY, RLIM_INFINITY};
  scenario("ext4_EFBIG_SIGXFSZ");
  fflush(stdout);
  setrlimit(RLIMIT_FSIZE, &one);
  long r = write(fd, data, PAGE);
  int e = errno;
  setrlimit(RLIMIT_FSIZE, &all);
  errno = e;
  result("efbig", r);
  size(fd, PAGE);
  close(fd);
  fd = fresh("/ext4/unaligned", O_DIRECT);
  scenario("ext4_odirect_unaligned_EINVAL");
  result("directunalign", write(fd, data, 100));
  size(fd, 0);
  close(fd);
  fd = fresh("/full/file", 0);
  int other = fresh("/full/other", 0);
  while (write(other, data, MIB) > 0) ;
  while (write(other, data, PAGE) > 0) ;
  scenario("ext4_ENOSPC");
  result("enospc", write(fd, data, PAGE));
  size(fd, 0);
  close(fd);
  close(other);
}

static void disks(void) {
  writes("bdev_brd_odirect", "bdevdirect", device("/dev/ram0", O_DIRECT, 0), 0, PAGE);
  writes("bdev_loop_odirect", "bdevdirect", device("/dev/loop0", O_DIRECT, 0), 0, PAGE);
  writes("bdev_loop_buffered", "bdev", device("/dev/loop0", 0, MIB), MIB, PAGE);
  writes("args_bdev_loop_buffered", "bdev", device("/dev/loop0", 0, MIB), MIB, PAGE);
  writes_and_syncs("bdev_loop_write_fsync", "bdevfsync", device("/dev/loop0", 0, 2 * MIB), 2 * MIB);
  writes_and_syncs("bdev_virtio_write_fsync", "bdevfsync", device("/dev/loop4", 0, MIB), MIB);
  int fd = device("/dev/loop0", 0, 0);
  lseek(fd, 0, SEEK_END);
  scenario("bdev_loop_end_ENOSPC");
  result("bdevend", write(fd, data, PAGE));
  puts("");
  close(fd);
  fd = device("/dev/loop4", 0, 0);
  int on = 1;
  scenario("bdev_ro_write_EPERM");
  result("BLKROSET", ioctl(fd, BLKROSET, &on));
  result("bdevro2", write(fd, data, PAGE));
  puts("");
  close(fd);
  int third = open("/dev/null", O_RDONLY); /* the recording had a descriptor open */
  scenario("bdev_ro_loop_open_ok_write_EPERM");
  fd = open("/dev/loop4", O_RDWR);
  result("open-rdwr", fd);
  result("bdevro", write(fd, data, PAGE));
  puts("");
  close(fd);
  close(third);
}

static void files(void) {
  writes("tmpfs_buffered", "alloc", fresh("/tmpfs/a", 0), 0, PAGE);
  writes("ext2_buffered_alloc", "alloc", fresh("/ext2/a", 0), 0, PAGE);
  writes("ext2_buffered_overwrite", "over", filled("/ext2/b", 0), 0, PAGE);
  writes_and_syncs("ext2_write_fsync", "fsync", fresh("/ext2/c", 0), 0);
  writes("ext4_buffered_alloc", "alloc", fresh("/ext4/a", 0), 0, PAGE);
  writes("args_ext4_buffered_alloc", "alloc", fresh("/ext4/a2", 0), 0, PAGE);
  writes("ext4_buffered_overwrite", "over", filled("/ext4/b", 0), 0, PAGE);
  writes("args_ext4_buffered_overwrite", "over", filled("/ext4/b2", 0), 0, PAGE);
  writes("ext4_buffered_overwrite_1byte", "over1", filled("/ext4/c", 0), 0, 1);
  writes("ext4_buffered_1MiB", "alloc1m", fresh("/ext4/d", 0), 0, MIB);
  int fd = filled("/ext4/e", O_APPEND);
  writes("ext4_append", "append", fd, PAGE, 100);
  writes("ext4_odirect_overwrite", "directover", filled("/ext4/f", O_DIRECT), 0, PAGE);
  writes("ext4_odirect_alloc", "directalloc", fresh("/ext4/g", O_DIRECT), 0, PAGE);
  writes("ext4_osync", "osync", fresh("/ext4/h", O_SYNC), 0, PAGE);
  writes_and_syncs("ext4_write_fsync", "fsync", fresh("/ext4/i", 0), 0);
  writes_and_syncs("ext4_overwrite_fsync", "overfsync", filled("/ext4/j", 0), 0);
}

static void others(void) {
  int fd = open("/dev/null", O_WRONLY);
  scenario("devnull_write");
  result("null", write(fd, data, 1));
  puts("");
  close(fd);
  int p[2];
  if (pipe(p)) exit(1);
  scenario("pipe_write");
  result("pipe", write(p[1], data, PAGE));
  memset(back, 0, PAGE);
  puts(read(p[0], back, PAGE) == PAGE && !memcmp(data, back, PAGE) ? "" : " WRONG CONTENT");
}

int main(void) {
  data = mmap(0, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  back = mmap(0, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < MIB; i++) data[i] = i * 7 + i / PAGE + 1;
  signal(SIGXFSZ, on_signal);
  signal(SIGPIPE, on_signal);
  signal(SIGSEGV, on_signal);
  errors();
  disks();
  files();
  others();
  return 0;
}
