/*
 * Writes to a file in every usual way and says what came of each: buffered, overwriting, appended,
 * synced, synchronous, direct, and the errors a program must expect. Then calls a system call of our
 * own. Exits 0 when everything was as Linux has it.
 *
 * usage: write-paths FOLDER
 */
#include "svc.h"
#include "svc0-unistd.h"

#define AT_FDCWD -100
#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_CREAT 0100
#define O_TRUNC 01000
#define O_APPEND 02000
#define O_DIRECT 0200000 /* arm64's, not x86-64's */
#define O_SYNC 04010000
#define EBADF 9
#define EFAULT 14
#define EINVAL 22

#define BLOCK 4096

static char block[BLOCK] __attribute__((aligned(BLOCK)));
static char back[BLOCK * 3] __attribute__((aligned(BLOCK)));
static char path[256];
static int failures;

static void report(const char *what, long result, long expected) {
  print(what);
  print(" -> ");
  print_number(result);
  if (result != expected) {
    print(" BUT EXPECTED ");
    print_number(expected);
    failures++;
  }
  print("\n");
}

static void fill(char value) {
  for (int i = 0; i < BLOCK; i++) block[i] = value;
}

static long open_file(int flags) { return svc(__NR_openat, AT_FDCWD, path, flags, 0644); }

static void buffered(void) {
  long fd = open_file(O_RDWR | O_CREAT | O_TRUNC);
  fill('a');
  report("write 4096 bytes to a new file", svc(__NR_write, fd, block, BLOCK), BLOCK);
  fill('b');
  report("overwrite 4096 bytes", svc(__NR_pwrite64, fd, block, BLOCK, 0), BLOCK);
  report("fsync", svc(__NR_fsync, fd), 0);
  report("write 1 byte in the middle", svc(__NR_pwrite64, fd, "c", 1, 2048), 1);
  svc(__NR_close, fd);
}

static void appended(void) {
  long fd = open_file(O_WRONLY | O_APPEND);
  fill('d');
  report("append 100 bytes", svc(__NR_write, fd, block, 100), 100);
  report("fdatasync", svc(__NR_fdatasync, fd), 0);
  svc(__NR_close, fd);
}

static void synchronous(void) {
  long fd = open_file(O_WRONLY | O_SYNC);
  fill('e');
  report("write 4096 bytes with O_SYNC", svc(__NR_pwrite64, fd, block, BLOCK, BLOCK), BLOCK);
  svc(__NR_close, fd);
}

static void direct(void) {
  long fd = open_file(O_WRONLY | O_DIRECT);
  if (fd < 0) {
    report("open with O_DIRECT, which this file system does not have", fd, -EINVAL);
    return;
  }
  fill('f');
  report("write 4096 bytes with O_DIRECT", svc(__NR_pwrite64, fd, block, BLOCK, BLOCK * 2), BLOCK);
  svc(__NR_close, fd);
}

static void errors(void) {
  long fd = open_file(O_RDONLY);
  report("write to a descriptor that is not open", svc(__NR_write, 1000, block, 1), -EBADF);
  report("write to a file opened for reading", svc(__NR_write, fd, block, 1), -EBADF);
  svc(__NR_close, fd);
  fd = open_file(O_WRONLY);
  report("write from an address that is not mapped", svc(__NR_write, fd, 16, 1), -EFAULT);
  svc(__NR_close, fd);
}

static void read_back(void) {
  long fd = open_file(O_RDONLY);
  long bytes = svc(__NR_read, fd, back, sizeof back);
  report("read it all back", bytes >= BLOCK * 2 ? BLOCK * 2 : bytes, BLOCK * 2);
  int wrong = 0;
  for (int i = 0; i < BLOCK * 2; i++) {
    char expected = i == 2048 ? 'c' : i < BLOCK ? 'b' : 'e';
    if (back[i] != expected) wrong++;
  }
  report("bytes that differ from what was written", wrong, 0);
  svc(__NR_close, fd);
}

/* CRC-32 bit by bit, to check our own call against. */
static unsigned crc32(const char *p, long n) {
  unsigned crc = ~0u;
  while (n--) {
    crc ^= (unsigned char)*p++;
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

static void own_call(void) {
  fill('g');
  report("our own call: crc32 of 4096 bytes", svc(__NR_svc0_crc32, block, BLOCK),
         (long)crc32(block, BLOCK));
  report("our own call with a bad address", svc(__NR_svc0_crc32, 16, 1), -EFAULT);
}

__attribute__((used)) static void run(long *stack) {
  long argc = stack[0];
  char **argv = (char **)(stack + 1);
  const char *folder = argc > 1 ? argv[1] : "/tmp";
  size_t n = length(folder);
  if (n > 200) {
    print("usage: write-paths FOLDER\n");
    svc(__NR_exit_group, 2);
  }
  memcpy(path, folder, n);
  memcpy(path + n, "/written", 9);
  buffered();
  appended();
  synchronous();
  direct();
  errors();
  read_back();
  own_call();
  svc(__NR_exit_group, failures ? 1 : 0);
}

asm(".global _start\n_start:\n  mov x29, #0\n  mov x0, sp\n  bl run\n  brk #0\n");
