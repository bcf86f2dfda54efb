/* What calls on files answer: a table of cases, each a list of calls. Every line of output is a call as
 * it stands here and what came of it: a number, an error's name, or the state of a file afterwards.
 *   files FOLDER            runs all cases, each in a fresh folder below FOLDER, as root
 *   files FOLDER prepare    makes what is to lie below, for
 *   files FOLDER layered    which works on FOLDER with an empty layer above it
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

struct how { uint64_t flags, mode, resolve; };
#define NO_XDEV 1
#define NO_MAGICLINKS 2
#define NO_SYMLINKS 4
#define BENEATH 8
#define IN_ROOT 16
#ifndef RWF_NOAPPEND
#define RWF_NOAPPEND 0x20
#endif
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 32
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8
#endif
#define KEEP 1
#define PUNCH 2
#define COLLAPSE 8
#define ZERO 16
#define INSERT 32
#define UNSHARE 64
#define USER 1000
#define BAD ((void*)16)

static char buf[1 << 20];
static volatile int last_signal;
static int a, b, c, p[2];

static void on_signal(int n) { last_signal = n; }

static const char* error_name(int e) {
  const char* n = strerrorname_np(e);
  return n ? n : "?";
}
static void answer(const char* call, long long result, int e) {
  if (result == -1) printf("%s => %s", call, error_name(e));
  else printf("%s => %lld", call, result);
  if (last_signal) printf(" signal %d", last_signal);
  last_signal = 0;
  putchar('\n');
}
/* The call, and its value or error. */
#define R(call) do { errno = 0; long long r_ = (long long)(call); answer(#call, r_, errno); } while (0)
/* The call, and whether it was done: for values that differ from run to run. */
#define K(call) do { errno = 0; long long r_ = (long long)(call); answer(#call, r_ == -1 ? -1 : 0, errno); } while (0)
/* Sets up; a failure ends the case with a line of its own. */
#define S(call) do { if ((long long)(call) == -1) printf("set-up %s: %s\n", #call, error_name(errno)); } while (0)

static int make(const char* name, const char* text) {
  int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
  if (write(fd, text, strlen(text)) < 0) printf("set-up %s: %s\n", name, error_name(errno));
  lseek(fd, 0, SEEK_SET);
  return fd;
}
/* Type, mode, links, owner, size and content of what a name stands for. */
static void state(const char* name) {
  struct stat s;
  if (lstat(name, &s) < 0) {
    printf("  %s: %s\n", name, error_name(errno));
    return;
  }
  printf("  %s: mode %o links %d owner %d:%d", name, s.st_mode, S_ISDIR(s.st_mode) ? 0 : (int)s.st_nlink, s.st_uid, s.st_gid);
  if (S_ISREG(s.st_mode)) {
    printf(" size %lld", (long long)s.st_size);
    int fd = open(name, O_RDONLY);
    unsigned hash = 5381;
    ssize_t n;
    static char part[65536];
    while ((n = read(fd, part, sizeof part)) > 0)
      for (ssize_t i = 0; i < n; i++) hash = hash * 33 + (unsigned char)part[i];
    close(fd);
    if (s.st_size <= 40) {
      fd = open(name, O_RDONLY);
      n = read(fd, part, 40);
      close(fd);
      printf(" \"");
      for (ssize_t i = 0; i < n; i++) printf(part[i] >= 32 && part[i] < 127 ? "%c" : "\\%02x", (unsigned char)part[i]);
      printf("\"");
    } else printf(" hash %08x", hash);
  }
  if (S_ISLNK(s.st_mode)) {
    char to[100] = "";
    ssize_t n = readlink(name, to, 99);
    printf(" -> %.*s", (int)n, to);
  }
  if (S_ISCHR(s.st_mode) || S_ISBLK(s.st_mode)) printf(" rdev %llx", (unsigned long long)s.st_rdev);
  putchar('\n');
}
static int same(const char* x, const char* y) {
  struct stat s, t;
  return lstat(x, &s) == 0 && lstat(y, &t) == 0 && s.st_ino == t.st_ino;
}
/* As a user without rights, in a process of its own. */
#define AS_USER(body) do { fflush(stdout); pid_t u_ = fork(); \
  if (!u_) { S(setgroups(0, 0)); S(setresgid(USER, USER, USER)); S(setresuid(USER, USER, USER)); body; fflush(stdout); _exit(0); } \
  waitpid(u_, 0, 0); } while (0)
#define OTHER(body) do { fflush(stdout); pid_t u_ = fork(); \
  if (!u_) { body; fflush(stdout); _exit(0); } waitpid(u_, 0, 0); } while (0)

static long openat2_(int dir, const char* name, uint64_t flags, uint64_t mode, uint64_t resolve) {
  struct how h = {flags, mode, resolve};
  return syscall(437, dir, name, &h, sizeof h);
}
static long renameat2_(const char* from, const char* to, unsigned flags) {
  return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}
static long pwritev2_(int fd, const char* text, long at, int flags) {
  struct iovec v = {(void*)text, strlen(text)};
  return pwritev2(fd, &v, 1, at, flags);
}
static long preadv2_(int fd, size_t n, long at, int flags) {
  struct iovec v = {buf, n};
  return preadv2(fd, &v, 1, at, flags);
}
static char* repeat(char ch, int n) {
  static char text[5000];
  memset(text, ch, n);
  text[n] = 0;
  return text;
}
static long copy(int from, long from_at, int to, long to_at, size_t n, unsigned flags) {
  loff_t x = from_at, y = to_at;
  long r = copy_file_range(from, from_at < 0 ? 0 : &x, to, to_at < 0 ? 0 : &y, n, flags);
  if (r > 0) printf("  offsets %lld %lld\n", from_at < 0 ? -1LL : (long long)x, to_at < 0 ? -1LL : (long long)y);
  return r;
}
static long lock(int fd, int command, int type, long start, long length) {
  struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
  long r = fcntl(fd, command, &l);
  if (r == 0 && (command == F_GETLK || command == F_OFD_GETLK))
    printf("  type %d start %lld length %lld owner %s\n", l.l_type, (long long)l.l_start, (long long)l.l_len,
           l.l_pid == -1 ? "a file" : l.l_type == F_UNLCK ? "none" : "a process");
  return r;
}

static void paths(void) {
  S(close(make("f", "data")));
  S(mkdir("d", 0755));
  S(symlink("f", "l"));
  S(symlink("nowhere", "dangling"));
  S(symlink("loop", "loop"));
  R(open("", O_RDONLY));
  R(open(repeat('n', 256), O_CREAT | O_RDWR, 0600));
  K(open(repeat('n', 255), O_CREAT | O_RDWR, 0600));
  R(open(repeat('/', 4096), O_RDONLY));
  K(open(repeat('/', 4095), O_RDONLY));
  R(open(BAD, O_RDONLY));
  R(open("f/", O_RDONLY));
  R(open("f/x", O_RDONLY));
  R(open("f/.", O_RDONLY));
  R(open("f/..", O_RDONLY));
  R(open("new/", O_CREAT | O_RDWR, 0600));
  R(open("d", O_CREAT, 0600));
  R(open("d", O_WRONLY));
  R(open("d", O_RDONLY | O_TRUNC));
  R(open("d/", O_CREAT | O_EXCL, 0600));
  R(open("loop", O_RDONLY));
  R(open("loop", O_CREAT | O_EXCL, 0600));
  R(open("l", O_RDONLY | O_NOFOLLOW));
  R(open("l", O_CREAT | O_EXCL, 0600));
  R(open("l/", O_RDONLY));
  R(open("l", O_DIRECTORY));
  R(open("dangling", O_RDONLY));
  R(open("dangling", O_CREAT | O_NOFOLLOW, 0600));
  K(open("dangling", O_CREAT | O_RDWR, 0600));
  state("nowhere");
  R(mkdir("dangling", 0700));
  R(mkdir("loop", 0700));
  R(mkdir("f/", 0700));
  R(mkdir("d/", 0700));
  R(mkdir(".", 0700));
  R(mkdir("/", 0700));
  R(mkdir("x/y", 0700));
  R(mkdir("e/", 0700));
  R(mknod("n/", S_IFREG, 0));
  R(symlink("", "s"));
  R(symlink(repeat('t', 4096), "s"));
  R(symlink("t", "s/"));
  R(symlink("t", "d"));
  R(readlink("f", buf, 10));
  R(readlink("l", buf, 0));
  R(readlink("l", buf, -1));
  R(readlink("d", buf, 10));
  R(openat(99, "f", O_RDONLY));
  a = open("f", O_RDONLY);
  R(openat(a, "x", O_RDONLY));
  R(openat(a, "", O_RDONLY));
  R(faccessat(a, "x", F_OK, 0));
  R(open("f", O_DIRECTORY | O_CREAT, 0600));
  R(open("f", O_RDONLY | O_EXCL) >= 0);
  for (int i = 0; i < 42; i++) {
    char name[8], to[8];
    snprintf(name, 8, "k%d", i);
    snprintf(to, 8, i ? "k%d" : "f", i - 1);
    S(symlink(to, name));
  }
  K(open("k39", O_RDONLY));
  R(open("k40", O_RDONLY));
  R(lstat("k40", &(struct stat){0}));
  R(chdir("f"));
  R(chdir("nope"));
  R(chdir(""));
  R(chroot("f"));
  R(access("f", 8));
  R(access("f", W_OK));
  R(access("f", X_OK));
  R(access("d", X_OK));
  R(syscall(439, AT_FDCWD, "f", R_OK, 0x1));
  R(syscall(439, a, "", R_OK, AT_EMPTY_PATH));
}

static void opath(void) {
  S(close(make("f", "data")));
  S(mkdir("d", 0755));
  S(symlink("f", "l"));
  a = open("f", O_PATH);
  R(fcntl(a, F_GETFL) == O_PATH);
  R(read(a, buf, 1));
  R(write(a, buf, 1));
  R(pread(a, buf, 1, 0));
  R(lseek(a, 0, SEEK_SET));
  R(ftruncate(a, 0));
  R(fchmod(a, 0600));
  R(fchown(a, 0, 0));
  R(ioctl(a, FIONREAD, buf));
  R(fsync(a));
  R(fallocate(a, 0, 0, 1));
  R(mmap(0, 4096, PROT_READ, MAP_PRIVATE, a, 0));
  R(fgetxattr(a, "user.x", buf, 1));
  R(flock(a, LOCK_SH));
  R(lock(a, F_SETLK, F_RDLCK, 0, 1));
  R(fcntl(a, F_SETFL, O_NONBLOCK));
  R(fcntl(a, F_GETFD));
  R(syscall(SYS_getdents64, a, buf, 100));
  R(posix_fadvise(a, 0, 0, 0) == EBADF);
  R(readahead(a, 0, 1));
  R(sync_file_range(a, 0, 1, 0));
  R(syncfs(a));
  R(fstat(a, &(struct stat){0}));
  R(close(dup(a)));
  R(linkat(a, "", AT_FDCWD, "g", AT_EMPTY_PATH));
  R(linkat(AT_FDCWD, "/proc/self/fd/99", AT_FDCWD, "h", AT_SYMLINK_FOLLOW));
  R(fchmodat(AT_FDCWD, "/proc/self/fd/999", 0600, 0));
  R(syscall(452, a, "", 0640, AT_EMPTY_PATH));
  R(fchownat(a, "", 5, 6, AT_EMPTY_PATH));
  state("f");
  b = open("l", O_PATH | O_NOFOLLOW);
  R(readlinkat(b, "", buf, 10));
  R(readlinkat(a, "", buf, 10));
  R(openat(b, "x", O_RDONLY));
  R(syscall(452, AT_FDCWD, "l", 0640, AT_SYMLINK_NOFOLLOW));
  R(syscall(452, AT_FDCWD, "l", 0640, 1));
  R(fchownat(AT_FDCWD, "l", 7, 8, AT_SYMLINK_NOFOLLOW));
  state("l");
  c = open("d", O_PATH);
  R(fchdir(a));
  R(mkdirat(c, "sub", 0700));
  R(fchdir(c));
  state("sub");
  R(open("sub", O_PATH | O_CREAT | O_EXCL | O_TRUNC, 0600) >= 0);
  R(open("none", O_PATH | O_CREAT, 0600));
  char name[40];
  snprintf(name, 40, "/proc/self/fd/%d", a);
  R(open(name, O_RDONLY) >= 0);
  R(open(name, O_WRONLY) >= 0);
  snprintf(name, 40, "/proc/self/fd/%d", b);
  R(open(name, O_RDONLY));
}

static void openat2_flags(void) {
  S(close(make("f", "data")));
  S(mkdir("d", 0755));
  S(mkdir("d/e", 0755));
  S(close(make("d/f", "inner")));
  S(symlink("f", "d/l"));
  S(symlink("../f", "d/up"));
  S(symlink("/f", "d/abs"));
  S(symlink("/proc/self/fd/0", "d/magic"));
  a = open("d", O_RDONLY | O_DIRECTORY);
  R(openat2_(a, "f", O_RDONLY, 0, 0) >= 0);
  R(openat2_(a, "f", O_RDONLY, 0600, 0));
  R(openat2_(a, "f", 1ULL << 40, 0, 0));
  R(openat2_(a, "f", O_RDONLY, 0, 64));
  R(openat2_(a, "f", O_CREAT | O_RDWR, 010000, 0));
  R(openat2_(a, "f", O_PATH | O_RDWR, 0, 0));
  R(openat2_(a, "f", O_PATH | O_CREAT, 0600, 0));
  R(openat2_(a, "f", O_TMPFILE | O_RDONLY, 0600, 0));
  R(openat2_(a, "x", O_CREAT | O_DIRECTORY | O_RDWR, 0600, 0));
  R(openat2_(a, "f", O_RDONLY, 0, BENEATH | IN_ROOT));
  R(openat2_(a, "../f", O_RDONLY, 0, BENEATH));
  R(openat2_(a, "e/../f", O_RDONLY, 0, BENEATH) >= 0);
  R(openat2_(a, "up", O_RDONLY, 0, BENEATH));
  R(openat2_(a, "abs", O_RDONLY, 0, BENEATH));
  R(openat2_(a, "/f", O_RDONLY, 0, BENEATH));
  R(openat2_(a, "l", O_RDONLY, 0, BENEATH) >= 0);
  R(openat2_(a, "up", O_RDONLY, 0, IN_ROOT) >= 0);
  R(openat2_(a, "abs", O_RDONLY, 0, IN_ROOT) >= 0);
  R(openat2_(a, "../../../../f", O_RDONLY, 0, IN_ROOT) >= 0);
  R(openat2_(a, "l", O_RDONLY, 0, NO_SYMLINKS));
  R(openat2_(a, "l", O_RDONLY | O_NOFOLLOW, 0, NO_SYMLINKS));
  R(openat2_(a, "l", O_PATH | O_NOFOLLOW, 0, NO_SYMLINKS) >= 0);
  R(openat2_(a, "l", O_RDONLY, 0, NO_MAGICLINKS) >= 0);
  R(openat2_(a, "magic", O_RDONLY, 0, NO_MAGICLINKS));
  R(openat2_(AT_FDCWD, "/proc/self", O_RDONLY, 0, NO_XDEV));
  R(openat2_(AT_FDCWD, "/proc/self/fd/0", O_PATH, 0, NO_XDEV));
  R(openat2_(a, "f", O_RDONLY, 0, NO_XDEV) >= 0);
  R(syscall(437, a, "f", &(struct how){0}, 23));
  R(syscall(437, a, "f", &(struct how){0}, 0));
  R(syscall(437, a, "f", BAD, 24));
  struct { struct how h; uint64_t more; } big = {{0}, 0};
  R(syscall(437, a, "f", &big, sizeof big) >= 0);
  big.more = 1;
  R(syscall(437, a, "f", &big, sizeof big));
  R(syscall(437, a, "f", &big, 1 << 20));
}

static void tmpfile_(void) {
  R(open(".", O_TMPFILE | O_RDONLY, 0600));
  R(open("nowhere", O_TMPFILE | O_RDWR, 0600));
  S(close(make("f", "x")));
  R(open("f", O_TMPFILE | O_RDWR, 0600));
  a = open(".", O_TMPFILE | O_RDWR, 0600);
  R(write(a, "hidden", 6));
  struct stat s;
  R(fstat(a, &s));
  R(s.st_nlink);
  R(linkat(a, "", AT_FDCWD, "f", AT_EMPTY_PATH));
  R(linkat(a, "", AT_FDCWD, "g", AT_EMPTY_PATH));
  R(linkat(a, "", AT_FDCWD, "h", AT_EMPTY_PATH));
  state("g");
  b = open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600);
  R(linkat(b, "", AT_FDCWD, "i", AT_EMPTY_PATH));
  R(unlink("g"));
  R(unlink("h"));
  R(linkat(a, "", AT_FDCWD, "j", AT_EMPTY_PATH));
  AS_USER(R(open(".", O_TMPFILE | O_RDWR, 0600)));
}

static void renames(void) {
  S(close(make("f", "f")));
  S(close(make("g", "g")));
  S(link("f", "f2"));
  S(mkdir("d", 0755));
  S(mkdir("e", 0755));
  S(mkdir("e/x", 0755));
  S(symlink("f", "l"));
  R(renameat2_("f", "g", 8));
  R(renameat2_("f", "g", 1 | 2));
  R(renameat2_("f", "g", 2 | 4));
  R(renameat2_("f", "g", 1));
  R(renameat2_("f", "new", 2));
  R(renameat2_("none", "g", 1));
  R(rename("f", "f2"));
  state("f");
  R(rename("f", "d"));
  R(rename("d", "f"));
  R(rename("d", "e"));
  R(rename("e", "e/x/y"));
  R(rename("e/x", "e"));
  R(rename(".", "y"));
  R(rename("..", "y"));
  R(rename("d", "."));
  R(rename("d/.", "y"));
  R(rename("f/", "y"));
  R(rename("f", "y/"));
  R(rename("d/", "y/"));
  R(rename("y", "d"));
  R(rename("l", "f"));
  state("f");
  R(renameat2_("f", "g", 2));
  state("f");
  state("g");
  R(renameat2_("f", "e", 2));
  state("e");
  state("f/x");
  R(renameat2_("f", "f/x", 2));
  R(renameat2_("f/x", "f", 2));
  R(renameat2_("e", "white", 4));
  state("e");
  state("white");
  R(rename("f2", "/proc/f2"));
  R(rename("", "y"));
  R(rename("f2", ""));
  R(rename("d", "f2/x"));
  R(rename(repeat('n', 256), "y"));
  R(rename("f2", repeat('n', 256)));
  S(chmod(".", 01777));
  S(chmod("d", 0777));
  AS_USER(R(rename("f2", "z")); R(rename("d", "z")); R(unlink("f2")); R(close(open("own", O_CREAT | O_RDWR, 0600)));
          R(rename("own", "f2")); R(rename("own", "d/own")));
  state("d/own");
}

static void links(void) {
  S(close(make("f", "f")));
  S(mkdir("d", 0755));
  S(symlink("f", "l"));
  S(symlink("none", "dangling"));
  R(link("f", "f"));
  R(link("f", "g"));
  R(link("d", "h"));
  R(link("none", "h"));
  R(link("f", "none/h"));
  R(link("l", "m"));
  R(same("l", "m"));
  R(linkat(AT_FDCWD, "l", AT_FDCWD, "n", AT_SYMLINK_FOLLOW));
  R(same("n", "f"));
  R(linkat(AT_FDCWD, "dangling", AT_FDCWD, "o", AT_SYMLINK_FOLLOW));
  R(linkat(AT_FDCWD, "f", AT_FDCWD, "o", 1));
  R(linkat(AT_FDCWD, "f", AT_FDCWD, "o/", 0));
  R(linkat(AT_FDCWD, "f/", AT_FDCWD, "o", 0));
  R(link("f", "/proc/x"));
  R(link("f", ""));
  state("f");
  R(unlink("d"));
  R(unlink("f/"));
  R(unlink("l/"));
  R(unlink(""));
  R(unlink("."));
  R(unlink("none"));
  R(rmdir("f"));
  R(rmdir("."));
  R(rmdir("d/.."));
  R(rmdir(".."));
  R(rmdir("d/."));
  R(rmdir("/"));
  R(rmdir("l"));
  R(unlinkat(AT_FDCWD, "d", 1));
  R(unlinkat(AT_FDCWD, "f", AT_REMOVEDIR));
  S(mkdir("d/x", 0755));
  R(rmdir("d"));
  R(rmdir("d/x/"));
  a = open("d", O_RDONLY);
  R(rmdir("d"));
  R(openat(a, "y", O_CREAT | O_RDWR, 0600));
  R(mkdirat(a, "y", 0700));
  R(openat(a, ".", O_RDONLY) >= 0);
  R(openat(a, "..", O_RDONLY) >= 0);
  R(syscall(SYS_getdents64, a, buf, 1000));
  a = open("f", O_RDWR);
  R(unlink("f"));
  R(unlink("g"));
  R(unlink("n"));
  struct stat s;
  R(fstat(a, &s));
  R(s.st_nlink);
  R(write(a, "still", 5));
  R(linkat(a, "", AT_FDCWD, "back", AT_EMPTY_PATH));
  S(chmod(".", 0777));
}

static void nodes(void) {
  R(mknod("reg", 0644, 0));
  R(mknod("fifo", S_IFIFO | 0600, 5));
  R(mknod("sock", S_IFSOCK | 0600, 0));
  R(mknod("chr", S_IFCHR | 0600, 0x105));
  R(mknod("blk", S_IFBLK | 0600, 0x7fff12345ULL));
  R(mknod("dir", S_IFDIR | 0600, 0));
  R(mknod("lnk", S_IFLNK | 0600, 0));
  R(mknod("what", 0170000 | 0600, 0));
  R(mknod("reg", 0644, 0));
  state("reg"); state("fifo"); state("sock"); state("chr"); state("blk");
  R(open("sock", O_RDONLY));
  R(open("fifo", O_WRONLY | O_NONBLOCK));
  R(open("fifo", O_RDONLY | O_NONBLOCK) >= 0);
  umask(027);
  R(mkdir("m", 07777));
  state("m");
  R(close(open("n", O_CREAT | O_RDWR, 07777)));
  state("n");
  umask(022);
  S(mkdir("g", 0755));
  S(chown("g", 0, 77));
  S(chmod("g", 02755));
  S(mkdir("g/sub", 0755));
  S(close(make("g/f", "")));
  state("g/sub"); state("g/f");
  S(chmod("g", 02777));
  AS_USER(R(close(open("g/u", O_CREAT | O_RDWR, 02775))); state("g/u"); R(mkdir("g/v", 0777)); state("g/v");
          R(mknod("g/c", S_IFCHR | 0600, 0x105)); R(mknod("g/p", S_IFIFO | 0600, 0)); R(chmod("g/u", 02770)); state("g/u");
          R(chmod("g/f", 0600)); R(chown("g/u", 0, -1)); R(chown("g/u", -1, USER)); R(chown("g/u", -1, 5)));
  state("g/u");
}

static void attributes(void) {
  S(close(make("f", "f")));
  S(symlink("f", "l"));
  S(mkdir("d", 0755));
  S(mkfifo("p", 0644));
  R(setxattr("f", "user.a", "123", 3, 0));
  R(setxattr("f", "user.a", "1234", 4, XATTR_CREATE));
  R(setxattr("f", "user.b", "1", 1, XATTR_REPLACE));
  R(setxattr("f", "user.a", "12345", 5, XATTR_REPLACE));
  R(setxattr("f", "user.a", "1", 1, 4));
  R(setxattr("f", "user.a", "1", 1, 3));
  R(getxattr("f", "user.a", buf, 0));
  R(getxattr("f", "user.a", buf, 4));
  R(getxattr("f", "user.a", buf, 5));
  R(getxattr("f", "user.none", buf, 5));
  R(getxattr("f", "", buf, 5));
  R(getxattr("f", "user.", buf, 5));
  R(getxattr("f", "nonsense", buf, 5));
  R(getxattr("f", "what.ever", buf, 5));
  R(setxattr("f", "what.ever", "1", 1, 0));
  R(setxattr("f", "", "1", 1, 0));
  R(setxattr("f", "user.", "1", 1, 0));
  R(setxattr("f", "user.empty", "", 0, 0));
  R(getxattr("f", "user.empty", buf, 5));
  char name[300] = "user.";
  memset(name + 5, 'n', 250);
  R(setxattr("f", name, "1", 1, 0));
  name[255] = 'n';
  R(setxattr("f", name, "1", 1, 0));
  R(getxattr("f", name, "1", 1));
  R(setxattr("f", "user.big", buf, 65537, 0));
  R(setxattr("f", "user.null", BAD, 5, 0));
  R(setxattr("f", BAD, "1", 1, 0));
  R(listxattr("f", buf, 0));
  R(listxattr("f", buf, 5));
  R(removexattr("f", "user.none"));
  R(removexattr("f", "user.a"));
  R(removexattr("f", "user.a"));
  R(listxattr("f", buf, 1000));
  R(lsetxattr("l", "user.a", "1", 1, 0));
  R(lgetxattr("l", "user.a", buf, 5));
  R(lsetxattr("l", "trusted.a", "1", 1, 0));
  R(lgetxattr("l", "trusted.a", buf, 5));
  R(setxattr("d", "user.a", "1", 1, 0));
  R(setxattr("p", "user.a", "1", 1, 0));
  R(setxattr("p", "trusted.a", "1", 1, 0));
  R(setxattr("none", "user.a", "1", 1, 0));
  a = open("f", O_RDONLY);
  R(fsetxattr(a, "user.fd", "1", 1, 0));
  R(fgetxattr(a, "user.fd", buf, 1));
  R(fremovexattr(a, "user.fd"));
  R(setxattr("f", "trusted.t", "1", 1, 0));
  R(setxattr("f", "user.t", "1", 1, 0));
  S(mkdir("s", 0755));
  S(chmod("s", 01777));
  AS_USER(R(getxattr("f", "trusted.t", buf, 5)); R(setxattr("f", "trusted.t", "1", 1, 0)); R(listxattr("f", buf, 1000));
          R(getxattr("f", "user.t", buf, 5)); R(setxattr("f", "user.t", "1", 1, 0)); R(removexattr("f", "user.none"));
          R(setxattr("s", "user.t", "1", 1, 0)); R(setxattr("f", "security.x", "1", 1, 0)));
}

static void times(void) {
  S(close(make("f", "f")));
  S(symlink("f", "l"));
  struct stat s;
  struct timespec t[2] = {{100, 5}, {200, 6}};
#define SHOW(n) do { lstat(n, &s); printf("  %s atime %lld.%ld mtime %lld.%ld\n", n, (long long)s.st_atim.tv_sec, (long)s.st_atim.tv_nsec, (long long)s.st_mtim.tv_sec, (long)s.st_mtim.tv_nsec); } while (0)
  R(utimensat(AT_FDCWD, "f", t, 0));
  SHOW("f");
  t[0].tv_nsec = UTIME_OMIT; t[1].tv_sec = 300;
  R(utimensat(AT_FDCWD, "f", t, 0));
  SHOW("f");
  t[1].tv_nsec = 1000000000;
  R(utimensat(AT_FDCWD, "f", t, 0));
  t[1].tv_nsec = -1;
  R(utimensat(AT_FDCWD, "f", t, 0));
  t[0].tv_nsec = t[1].tv_nsec = UTIME_OMIT;
  R(utimensat(AT_FDCWD, "none", t, 0));
  R(utimensat(AT_FDCWD, "f", t, 1));
  t[0] = (struct timespec){400, 0}; t[1] = (struct timespec){500, 999999999};
  R(utimensat(AT_FDCWD, "l", t, AT_SYMLINK_NOFOLLOW));
  SHOW("l"); SHOW("f");
  t[0] = (struct timespec){-5, 7};
  R(utimensat(AT_FDCWD, "f", t, 0));
  SHOW("f");
  a = open("f", O_RDONLY);
  R(syscall(SYS_utimensat, a, NULL, t, 0));
  R(syscall(SYS_utimensat, AT_FDCWD, NULL, t, 0));
  R(syscall(SYS_utimensat, a, NULL, t, AT_SYMLINK_NOFOLLOW));
  R(syscall(SYS_utimensat, a, "", t, AT_EMPTY_PATH));
  R(utimensat(AT_FDCWD, "f", BAD, 0));
  t[0] = (struct timespec){1LL << 40, 0};
  R(utimensat(AT_FDCWD, "f", t, 0));
  t[0] = (struct timespec){0, UTIME_NOW}; t[1] = (struct timespec){0, UTIME_OMIT};
  R(utimensat(AT_FDCWD, "f", t, 0));
  t[1] = t[0];
  S(chmod("f", 0666));
  AS_USER(R(utimensat(AT_FDCWD, "f", 0, 0)); R(utimensat(AT_FDCWD, "f", t, 0)); t[1].tv_nsec = UTIME_OMIT; R(utimensat(AT_FDCWD, "f", t, 0));
          t[0].tv_nsec = 1; R(utimensat(AT_FDCWD, "f", t, 0)); t[0].tv_nsec = UTIME_OMIT; R(utimensat(AT_FDCWD, "f", t, 0)));
  S(chmod("f", 0644));
  AS_USER(R(utimensat(AT_FDCWD, "f", 0, 0)));
}

static void statx_(void) {
  S(close(make("f", "hello")));
  S(mkdir("d", 0750));
  S(symlink("f", "l"));
  struct statx x;
#define X(...) do { memset(&x, 0, sizeof x); R(statx(__VA_ARGS__, &x)); } while (0)
  X(AT_FDCWD, "f", 0, STATX_BASIC_STATS);
  printf("  mask %d size %d mode %d links %d mount %d\n", (x.stx_mask & 0x7ff) == 0x7ff, (int)x.stx_size, x.stx_mode, x.stx_nlink, x.stx_mnt_id == 0);
  X(AT_FDCWD, "f", 0, 0);
  printf("  size %d\n", (int)x.stx_size);
  X(AT_FDCWD, "f", 0, STATX_MNT_ID);
  printf("  mount %d %d\n", (x.stx_mask & STATX_MNT_ID) != 0, x.stx_mnt_id != 0);
  X(AT_FDCWD, "f", 0, 0x80000000);
  X(AT_FDCWD, "f", AT_STATX_FORCE_SYNC | AT_STATX_DONT_SYNC, 0x7ff);
  X(AT_FDCWD, "f", 0x40000000, 0x7ff);
  X(AT_FDCWD, "l", AT_SYMLINK_NOFOLLOW, 0x7ff);
  printf("  mode %o\n", x.stx_mode);
  X(AT_FDCWD, "", 0, 0x7ff);
  X(AT_FDCWD, "", AT_EMPTY_PATH, 0x7ff);
  printf("  mode %o\n", x.stx_mode);
  a = open("f", O_RDONLY);
  X(a, "", AT_EMPTY_PATH, 0x7ff);
  X(99, "", AT_EMPTY_PATH, 0x7ff);
  R(statx(AT_FDCWD, "f", 0, 0x7ff, BAD));
  X(AT_FDCWD, "d", 0, STATX_DIOALIGN);
  X(AT_FDCWD, "/", 0, STATX_BASIC_STATS);
  printf("  root of a mount %d\n", (x.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0);
  R(syscall(SYS_newfstatat, AT_FDCWD, "", &(struct stat){0}, 0));
  R(syscall(SYS_newfstatat, AT_FDCWD, "f", &(struct stat){0}, 0x40000));
  R(syscall(SYS_newfstatat, AT_FDCWD, "f", BAD, 0));
  struct stat s;
  S(truncate("f", 10000));
  R(stat("f", &s));
  printf("  blksize %d\n", (int)s.st_blksize);
}

static void fallocates(void) {
  a = make("f", "0123456789");
  R(fallocate(a, 0, 0, 0));
  R(fallocate(a, 0, -1, 5));
  R(fallocate(a, 0, 5, -1));
  R(fallocate(a, 128, 0, 5));
  R(fallocate(a, PUNCH, 0, 5));
  R(fallocate(a, PUNCH | ZERO | KEEP, 0, 5));
  R(fallocate(a, COLLAPSE | KEEP, 0, 4096));
  R(fallocate(a, INSERT | KEEP, 0, 4096));
  R(fallocate(a, 0, 0x7fffffffffffffff, 5));
  R(fallocate(open("f", O_RDONLY), 0, 0, 5));
  R(fallocate(open(".", O_RDONLY), 0, 0, 5));
  S(pipe(p));
  R(fallocate(p[1], 0, 0, 5));
  R(fallocate(99, 0, 0, 5));
  R(fallocate(a, 0, 0, 20));
  state("f");
  R(fallocate(a, KEEP, 100, 5000));
  state("f");
  memset(buf, 'x', 20000);
  S(pwrite(a, buf, 20000, 0));
  R(fallocate(a, PUNCH | KEEP, 1000, 10000));
  state("f");
  R(fallocate(a, PUNCH | KEEP, 19000, 100000));
  state("f");
  R(lseek(a, 0, SEEK_HOLE) <= 4096);
  R(fallocate(a, ZERO | KEEP, 15000, 10000));
  state("f");
  R(fallocate(a, ZERO, 15000, 10000));
  state("f");
  R(fallocate(a, COLLAPSE, 1, 4096));
  R(fallocate(a, COLLAPSE, 0, 4096));
  state("f");
  R(fallocate(a, COLLAPSE, 16384, 8192));
  R(fallocate(a, INSERT, 4096, 8192));
  state("f");
  R(fallocate(a, INSERT, 1 << 20, 4096));
  R(fallocate(a, INSERT, 0, 100));
  b = memfd_create("m", 0);
  R(fallocate(b, PUNCH | KEEP, 0, 4096));
}

static void copies(void) {
  a = make("f", "0123456789abcdef");
  b = make("g", "");
  R(copy(a, 0, b, 0, 5, 0));
  R(copy(a, 10, b, -1, 100, 0));
  R(copy(a, 16, b, 0, 5, 0));
  R(copy(a, 0, b, 20, 5, 0));
  state("g");
  R(copy(a, 0, b, 0, 5, 1));
  R(copy(a, 0, a, 2, 5, 0));
  R(copy(a, 0, a, 8, 8, 0));
  R(copy(a, 0, a, 0, 0, 0));
  state("f");
  R(copy(a, -1, b, -1, 3, 0));
  R(lseek(a, 0, SEEK_CUR));
  c = open("g", O_RDONLY);
  R(copy(a, 0, c, 0, 5, 0));
  c = open("g", O_WRONLY | O_APPEND);
  R(copy(a, 0, c, 0, 5, 0));
  c = open("g", O_WRONLY);
  R(copy(c, 0, b, 0, 5, 0));
  S(pipe(p));
  R(copy(a, 0, p[1], -1, 5, 0));
  c = open(".", O_RDONLY);
  R(copy(c, 0, b, 0, 5, 0));
  R(copy(99, 0, b, 0, 5, 0));
  R(copy(a, 0, b, 0x7ffffffffffffff0, 100, 0));
  R(copy(a, 0x7ffffffffffffff0, b, 0, 100, 0));
  c = open("/dev/null", O_RDWR);
  R(copy(a, 0, c, 0, 5, 0));
  off_t at = 3;
  R(sendfile(b, a, &at, 4));
  R(at);
  R(sendfile(b, a, 0, 100));
  R(sendfile(p[1], a, &at, 4));
  R(read(p[0], buf, 100));
  R(sendfile(b, p[0], &at, 4));
  R(sendfile(b, p[0], 0, 4));
  R(sendfile(a, b, (off_t*)BAD, 4));
  at = -1;
  R(sendfile(b, a, &at, 4));
  c = open("g", O_WRONLY | O_APPEND);
  at = 0;
  R(sendfile(c, a, &at, 4));
  c = open("g", O_RDONLY);
  R(sendfile(c, a, &at, 4));
  R(sendfile(a, a, &at, 0));
}

static void splices(void) {
  a = make("f", "0123456789");
  b = make("g", "");
  S(pipe2(p, O_NONBLOCK));
  loff_t at = 2;
  R(splice(a, &at, p[1], 0, 4, 0));
  R(at);
  R(splice(p[0], 0, b, 0, 100, 0));
  state("g");
  R(splice(p[0], 0, b, 0, 100, SPLICE_F_NONBLOCK));
  R(splice(a, 0, b, 0, 5, 0));
  R(splice(a, 0, p[1], &at, 5, 0));
  R(splice(p[0], &at, b, 0, 5, 0));
  R(splice(a, 0, p[1], 0, 5, 64));
  R(splice(a, 0, p[1], 0, 0, 0));
  R(splice(p[0], 0, p[1], 0, 5, 0));
  R(splice(99, 0, p[1], 0, 5, 0));
  R(splice(p[1], 0, b, 0, 5, 0));
  R(splice(open("f", O_WRONLY), 0, p[1], 0, 5, 0));
  c = open("g", O_WRONLY | O_APPEND);
  S(write(p[1], "pipe", 4));
  R(splice(p[0], 0, c, 0, 4, 0));
  at = 1;
  R(splice(p[0], 0, b, &at, 4, 0));
  R(at);
  state("g");
  int q[2];
  S(pipe2(q, O_NONBLOCK));
  S(write(p[1], "teetee", 6));
  R(tee(p[0], q[1], 3, 0));
  R(read(q[0], buf, 10));
  R(read(p[0], buf, 10));
  R(tee(p[0], q[1], 3, 0));
  R(tee(p[0], p[1], 3, 0));
  R(tee(a, q[1], 3, 0));
  R(tee(p[0], q[1], 3, 128));
  struct iovec v = {"mapped", 6};
  R(vmsplice(p[1], &v, 1, 0));
  R(read(p[0], buf, 10));
  R(vmsplice(a, &v, 1, 0));
  R(vmsplice(p[1], &v, 1, 64));
  R(vmsplice(p[1], &v, 1025, 0));
  R(splice(a, &(loff_t){100}, p[1], 0, 5, 0));
  close(p[0]);
  R(splice(a, &(loff_t){0}, p[1], 0, 5, 0));
}

static void ranges(void) {
  a = make("f", "0123456789");
  S(pipe(p));
  R(sync_file_range(a, 0, 0, 7));
  R(sync_file_range(a, 0, 0, 8));
  R(sync_file_range(a, -1, 0, 0));
  R(sync_file_range(a, 0, -1, 0));
  R(sync_file_range(a, 0x7fffffffffffffff, 2, 0));
  R(sync_file_range(p[1], 0, 0, 0));
  R(sync_file_range(99, 0, 0, 0));
  R(sync_file_range(open("/dev/null", O_RDWR), 0, 0, 2));
  R(sync_file_range(open(".", O_RDONLY), 0, 0, 2));
  R(fsync(p[1]));
  R(fdatasync(open("/dev/null", O_RDWR)));
  R(fsync(open(".", O_RDONLY)));
  R(syncfs(99));
  R(posix_fadvise(a, 0, 0, POSIX_FADV_DONTNEED));
  R(posix_fadvise(a, 0, 0, POSIX_FADV_RANDOM));
  R(posix_fadvise(a, 0, 0, 9));
  R(posix_fadvise(a, 0, -1, 0));
  R(posix_fadvise(p[0], 0, 0, 0) == ESPIPE);
  R(posix_fadvise(99, 0, 0, 0) == EBADF);
  R(readahead(a, 0, 100));
  R(readahead(p[0], 0, 100));
  R(readahead(open("f", O_WRONLY), 0, 100));
  R(readahead(open(".", O_RDONLY), 0, 100));
  R(lseek(a, 0, SEEK_END));
  R(lseek(a, -11, SEEK_END));
  R(lseek(a, 0x7fffffffffffffff, SEEK_SET));
  R(lseek(a, 5, SEEK_SET));
  R(lseek(a, 0x7fffffffffffffff, SEEK_CUR));
  R(lseek(a, 0, 5));
  R(lseek(a, 10, SEEK_DATA));
  R(lseek(a, 10, SEEK_HOLE));
  R(lseek(a, 9, SEEK_DATA));
  R(lseek(a, 9, SEEK_HOLE));
  R(lseek(a, -1, SEEK_HOLE));
  R(lseek(p[0], 0, SEEK_SET));
  R(lseek(open("/dev/null", O_RDWR), 77, SEEK_SET));
  R(ftruncate(a, -1));
  R(ftruncate(a, 0x7fffffffffffffff));
  R(ftruncate(open("f", O_RDONLY), 5));
  R(ftruncate(p[1], 5));
  R(ftruncate(open(".", O_RDONLY), 5));
  R(truncate(".", 5));
  R(truncate("f", -5));
  R(truncate("none", 5));
  R(truncate("f/", 5));
  R(ftruncate(a, 4));
  R(ftruncate(a, 12));
  state("f");
  S(chmod("f", 0600));
  AS_USER(R(truncate("f", 5)));
  R(pread(a, buf, 5, -1));
  R(pwrite(a, buf, 5, -1));
  R(pread(p[0], buf, 5, 0));
  R(pwrite(a, "x", 1, 0x7fffffffffffffff));
  R(pread(a, buf, 5, 0x7fffffffffffffff));
  R(read(a, buf, -1));
  R(write(a, buf, -1));
  R(read(open(".", O_RDONLY), buf, 1));
  R(readv(a, (struct iovec[]){{buf, -1}}, 1));
  R(readv(a, (struct iovec[]){{buf, 1}}, -1));
  R(readv(a, (struct iovec[]){{buf, 1}}, 1025));
  R(readv(a, 0, 0));
  R(readv(a, BAD, 1));
}

static void flags_of_writes(void) {
  a = make("f", "0123456789");
  R(pwritev2_(a, "A", 2, RWF_DSYNC));
  R(pwritev2_(a, "B", 3, RWF_SYNC));
  R(pwritev2_(a, "C", 4, RWF_APPEND));
  R(pwritev2_(a, "D", -1, RWF_APPEND));
  R(lseek(a, 0, SEEK_CUR));
  R(pwritev2_(a, "E", -1, 0));
  R(lseek(a, 0, SEEK_CUR));
  R(pwritev2_(a, "F", 5, 0x10000));
  R(pwritev2_(a, "F", 5, RWF_HIPRI));
  R(pwritev2_(a, "F", 5, RWF_APPEND | RWF_NOAPPEND));
  R(pwritev2_(a, "F", -2, 0));
  R(preadv2_(a, 5, 0, RWF_NOWAIT));
  R(preadv2_(a, 5, 0, RWF_DSYNC));
  R(preadv2_(a, 5, 0, RWF_APPEND) >= -1);
  R(preadv2_(a, 5, -1, 0));
  state("f");
  b = open("f", O_WRONLY | O_APPEND);
  R(write(b, "+", 1));
  R(pwrite(b, "*", 1, 0));
  R(pwritev2_(b, "N", 0, RWF_NOAPPEND));
  R(lseek(b, 0, SEEK_CUR));
  R(fcntl(b, F_SETFL, 0));
  R(pwrite(b, "O", 1, 1));
  R(fcntl(b, F_SETFL, O_APPEND));
  R(lseek(b, 3, SEEK_SET));
  R(write(b, "end", 3));
  R(lseek(b, 0, SEEK_CUR));
  state("f");
  S(pipe(p));
  R(pwritev2_(p[1], "x", -1, RWF_NOWAIT));
  R(pwritev2_(p[1], "x", 0, 0));
  R(preadv2_(p[0], 5, -1, RWF_NOWAIT));
  R(preadv2_(p[0], 5, -1, RWF_NOWAIT));
  R(fcntl(a, F_SETFL, O_NOATIME | O_NONBLOCK));
  R((fcntl(a, F_GETFL) & (O_NOATIME | O_NONBLOCK)) == (O_NOATIME | O_NONBLOCK));
  R(write(open("f", O_RDONLY), "x", 1));
  R(read(b, buf, 1));
  R(write(open("f", O_RDONLY), 0, 0));
  R(write(b, 0, 0));
}

static void size_limit(void) {
  a = make("f", "");
  struct rlimit l = {10, RLIM_INFINITY};
  memset(buf, 'x', 100);
  R(setrlimit(RLIMIT_FSIZE, &l));
  R(write(a, buf, 15));
  R(write(a, buf, 1));
  R(write(a, buf, 0));
  R(pwrite(a, buf, 5, 8));
  R(pwrite(a, buf, 5, 10));
  R(pwrite(a, buf, 5, 3));
  R(writev(a, (struct iovec[]){{buf, 3}, {buf, 3}}, 2));
  R(ftruncate(a, 11));
  R(ftruncate(a, 10));
  R(truncate("f", 100));
  R(fallocate(a, 0, 0, 11));
  R(fallocate(a, KEEP, 0, 11));
  b = open("f", O_WRONLY | O_APPEND);
  R(write(b, buf, 1));
  S(ftruncate(a, 4));
  R(write(b, buf, 20));
  state("f");
  c = make("g", "");
  S(ftruncate(a, 10));
  R(copy(a, 0, c, 8, 10, 0));
  R(copy(a, 0, c, 10, 10, 0));
  state("g");
  R(sendfile(c, a, &(off_t){0}, 100));
  R(sendfile(c, a, &(off_t){0}, 100));
  S(pipe(p));
  R(write(p[1], buf, 20));
  R(splice(p[0], 0, c, &(loff_t){8}, 20, 0));
  R(splice(p[0], 0, c, &(loff_t){12}, 20, 0));
  signal(SIGXFSZ, SIG_IGN);
  R(write(a, buf, 100));
  R(pwrite(a, buf, 100, 11));
  signal(SIGXFSZ, on_signal);
  l.rlim_cur = RLIM_INFINITY;
  R(setrlimit(RLIMIT_FSIZE, &l));
}

static void locks(void) {
  a = make("f", "0123456789");
  R(lock(a, F_SETLK, F_WRLCK, 0, 10));
  R(lock(a, F_SETLK, F_UNLCK, 3, 2));
  OTHER(b = open("f", O_RDWR); R(lock(b, F_GETLK, F_WRLCK, 0, 0)); R(lock(b, F_GETLK, F_RDLCK, 4, 0)); R(lock(b, F_GETLK, F_RDLCK, 3, 2));
        R(lock(b, F_SETLK, F_RDLCK, 2, 1)); R(lock(b, F_SETLK, F_RDLCK, 3, 2)));
  R(lock(a, F_SETLK, F_RDLCK, 0, 5));
  OTHER(b = open("f", O_RDWR); R(lock(b, F_GETLK, F_RDLCK, 0, 0)); R(lock(b, F_GETLK, F_WRLCK, 0, 0)); R(lock(b, F_SETLK, F_RDLCK, 0, 5)));
  R(lock(a, F_SETLK, F_WRLCK, 0, 0));
  OTHER(b = open("f", O_RDWR); R(lock(b, F_GETLK, F_RDLCK, 1000, 1)); R(lock(b, F_SETLK, F_RDLCK, 1000000, 1)));
  b = open("f", O_RDWR);
  close(b);
  OTHER(b = open("f", O_RDWR); R(lock(b, F_GETLK, F_WRLCK, 0, 0)));
  R(lock(a, F_SETLK, 9, 0, 1));
  R(lock(a, F_SETLK, F_RDLCK, -1, 1));
  R(lock(a, F_SETLK, F_RDLCK, 5, -3));
  R(lock(a, F_SETLK, F_RDLCK, 2, -3));
  R(lock(a, F_SETLK, F_RDLCK, 0x7fffffffffffffff, 2));
  R(lock(a, F_GETLK, F_UNLCK, 0, 1));
  R(fcntl(a, F_SETLK, BAD));
  b = open("f", O_WRONLY);
  R(lock(b, F_SETLK, F_RDLCK, 0, 1));
  c = open("f", O_RDONLY);
  R(lock(c, F_SETLK, F_WRLCK, 0, 1));
  struct flock l = {.l_type = F_WRLCK, .l_pid = 5};
  R(fcntl(a, F_OFD_SETLK, &l));
  R(lock(a, F_OFD_SETLK, F_WRLCK, 0, 5));
  b = open("f", O_RDWR);
  R(lock(b, F_OFD_SETLK, F_RDLCK, 4, 5));
  R(lock(b, F_OFD_GETLK, F_RDLCK, 4, 5));
  R(lock(b, F_OFD_SETLK, F_RDLCK, 5, 5));
  R(lock(dup(a), F_OFD_SETLK, F_WRLCK, 0, 5));
  R(lock(a, F_GETLK, F_WRLCK, 0, 5));
  R(lock(a, F_GETLK, F_WRLCK, 6, 5));
  R(flock(a, LOCK_EX));
  R(flock(b, LOCK_EX | LOCK_NB));
  R(flock(dup(a), LOCK_SH | LOCK_NB));
  R(flock(b, LOCK_SH | LOCK_NB));
  R(flock(a, LOCK_EX | LOCK_NB));
  R(flock(b, LOCK_SH | LOCK_NB));
  R(flock(a, LOCK_UN));
  R(flock(b, LOCK_EX | LOCK_NB));
  R(flock(a, 0));
  R(flock(a, LOCK_SH | LOCK_EX));
  R(flock(99, LOCK_SH));
  S(pipe(p));
  R(flock(p[0], LOCK_EX));
  R(lock(p[0], F_SETLK, F_RDLCK, 0, 1));
}

static void leases(void) {
  S(close(make("f", "0123456789")));
  a = open("f", O_RDONLY);
  R(fcntl(a, F_GETLEASE));
  R(fcntl(a, F_SETLEASE, F_RDLCK));
  R(fcntl(a, F_GETLEASE));
  R(fcntl(a, F_SETLEASE, F_WRLCK));
  R(fcntl(a, F_SETLEASE, F_UNLCK));
  R(fcntl(a, F_SETLEASE, F_UNLCK));
  R(fcntl(a, F_SETLEASE, 7));
  b = open("f", O_RDWR);
  R(fcntl(a, F_SETLEASE, F_RDLCK));
  R(fcntl(b, F_SETLEASE, F_RDLCK));
  R(fcntl(b, F_SETLEASE, F_WRLCK));
  close(a);
  R(fcntl(b, F_SETLEASE, F_WRLCK));
  close(b);
  a = open("f", O_RDONLY);
  R(fcntl(a, F_SETLEASE, F_RDLCK));
  R(open("f", O_RDONLY) >= 0);
  R(open("f", O_WRONLY | O_NONBLOCK));
  R(fcntl(a, F_GETLEASE));
  R(fcntl(a, F_SETLEASE, F_UNLCK));
  R(open("f", O_WRONLY | O_NONBLOCK) >= 0);
  R(fcntl(open(".", O_RDONLY), F_SETLEASE, F_RDLCK));
  S(pipe(p));
  R(fcntl(p[0], F_SETLEASE, F_RDLCK));
  S(close(make("g", "")));
  c = open("g", O_RDWR);
  R(fcntl(c, F_SETSIG, SIGUSR2));
  R(fcntl(c, F_SETLEASE, F_WRLCK));
  fflush(stdout);
  pid_t opener = fork();
  if (!opener) _exit(open("g", O_RDONLY) >= 0 ? 0 : 1);
  for (int i = 0; !last_signal && i < 3000; i++) usleep(1000);
  R(fcntl(c, F_GETLEASE));
  R(fcntl(c, F_SETLEASE, F_RDLCK));
  R(fcntl(c, F_SETLEASE, F_UNLCK));
  int status;
  R(waitpid(opener, &status, 0) == opener);
  R(status);
  R(fcntl(c, F_GETLEASE));
  R(fcntl(c, F_SETLEASE, F_WRLCK));
  fflush(stdout);
  opener = fork();
  if (!opener) close(c), _exit(truncate("g", 3) == 0 ? 0 : 1);
  for (int i = 0; !last_signal && i < 3000; i++) usleep(1000);
  R(close(c));
  R(waitpid(opener, &status, 0) == opener);
  R(status);
  state("g");
  AS_USER(a = open("f", O_RDONLY); R(fcntl(a, F_SETLEASE, F_RDLCK)));
}

static void seals(void) {
  a = memfd_create("m", MFD_ALLOW_SEALING);
  R(fcntl(a, F_GET_SEALS));
  S(write(a, "0123456789", 10));
  R(fcntl(a, F_ADD_SEALS, 64));
  R(fcntl(a, F_ADD_SEALS, F_SEAL_SHRINK));
  R(ftruncate(a, 5));
  R(ftruncate(a, 20));
  R(fcntl(a, F_ADD_SEALS, F_SEAL_GROW));
  R(ftruncate(a, 30));
  R(pwrite(a, "xxxxx", 5, 18));
  R(pwrite(a, "xxxxx", 5, 20));
  R(pwrite(a, "x", 1, 0));
  R(fallocate(a, 0, 0, 30));
  R(fallocate(a, PUNCH | KEEP, 0, 5));
  void* m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, a, 0);
  R(fcntl(a, F_ADD_SEALS, F_SEAL_WRITE));
  S(munmap(m, 4096));
  R(fcntl(a, F_ADD_SEALS, F_SEAL_WRITE));
  R(write(a, "x", 1));
  R(fallocate(a, PUNCH | KEEP, 0, 5));
  R(mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, a, 0));
  K(m = mmap(0, 4096, PROT_READ, MAP_SHARED, a, 0));
  R(mprotect(m, 4096, PROT_READ | PROT_WRITE));
  R(fcntl(a, F_ADD_SEALS, F_SEAL_SEAL));
  R(fcntl(a, F_ADD_SEALS, F_SEAL_EXEC));
  R(fcntl(a, F_GET_SEALS));
  b = memfd_create("n", 0);
  R(fcntl(b, F_GET_SEALS));
  R(fcntl(b, F_ADD_SEALS, F_SEAL_SHRINK));
  R(memfd_create("o", 0x1000));
  R(memfd_create(repeat('m', 250), 0));
  K(memfd_create(repeat('m', 249), 0));
  b = memfd_create("p", MFD_ALLOW_SEALING);
  R(fcntl(b, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
  R(write(b, "x", 1));
  R(mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, b, 0));
  b = memfd_create("q", MFD_NOEXEC_SEAL);
  R(fcntl(b, F_GET_SEALS));
  R(fchmod(b, 0777));
  R(fchmod(b, 0600));
  c = make("f", "x");
  R(fcntl(c, F_GET_SEALS) >= 0 || errno == EINVAL);
}

static void set_ids(void) {
  struct { int mode; } modes[] = {{06777}, {04777}, {02767}, {02777}, {06666}};
  for (int i = 0; i < 5; i++) {
    S(close(make("f", "0123456789")));
    S(chmod("f", modes[i].mode));
    printf("mode %o\n", modes[i].mode);
    AS_USER(a = open("f", O_WRONLY); R(write(a, "x", 0)));
    state("f");
    AS_USER(a = open("f", O_WRONLY); R(write(a, "x", 1)));
    state("f");
    S(chmod("f", modes[i].mode));
    AS_USER(R(truncate("f", 5)));
    state("f");
    S(chmod("f", modes[i].mode));
    AS_USER(a = open("f", O_WRONLY); R(fallocate(a, 0, 0, 3) == 0 || errno == EOPNOTSUPP));
    S(chmod("f", modes[i].mode));
    AS_USER(R(close(open("f", O_WRONLY | O_TRUNC))));
    state("f");
    S(chmod("f", modes[i].mode));
    S(chown("f", 3, 4));
    state("f");
    S(chmod("f", modes[i].mode));
    a = open("f", O_WRONLY);
    S(write(a, "root", 4));
    state("f");
    S(unlink("f"));
  }
  S(close(make("f", "x")));
  S(chown("f", USER, 55));
  AS_USER(R(chmod("f", 06755)));
  state("f");
  AS_USER(R(chown("f", USER, -1)));
  state("f");
  S(mkdir("d", 0755));
  S(chmod("d", 06755));
  S(chown("d", 5, 5));
  state("d");
  AS_USER(R(chmod("d", 0700)));
}

static void bad_addresses(void) {
  char* m = mmap(0, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  S(munmap(m + 4096, 4096));
  memset(m, 'm', 4096);
  memset(m + 8192, 'n', 4096);
  a = make("f", "");
  R(write(a, m + 4000, 200));
  R(write(a, m + 4096, 10));
  R(lseek(a, 0, SEEK_CUR));
  R(writev(a, (struct iovec[]){{m, 10}, {m + 4096, 10}, {m, 10}}, 3));
  R(writev(a, (struct iovec[]){{m + 4096, 10}, {m, 10}}, 2));
  R(writev(a, (struct iovec[]){{m, 10}, {(void*)(1UL << 63), 10}}, 2));
  R(write(a, (void*)0xffff000000000000, 10));
  R(write(a, (void*)0xffff000000000000, 0));
  state("f");
  S(ftruncate(a, 0));
  S(lseek(a, 0, SEEK_SET));
  S(pwrite(a, buf, 10000, 0));
  R(read(a, m + 4000, 200));
  R(lseek(a, 0, SEEK_CUR));
  R(read(a, m + 4096, 10));
  R(pread(a, m + 8192, 10, 9995));
  R(readv(a, (struct iovec[]){{m, 10}, {m + 4096, 10}}, 2));
  S(mprotect(m, 4096, PROT_READ));
  R(pread(a, m, 10, 0));
  S(pipe2(p, O_NONBLOCK));
  R(write(p[1], m + 4090, 20));
  R(write(p[1], m + 4096, 20));
  R(read(p[0], m + 8192, 3));
  R(read(p[0], m, 3));
  R(read(p[0], m + 8192, 100));
  R(stat("f", (struct stat*)(m + 4096)));
  R(read(open("/dev/zero", O_RDONLY), m + 8192 + 4000, 200));
  R(write(open("/dev/null", O_WRONLY), m + 4096, 10));
  R(write(open("/dev/full", O_WRONLY), m, 10));
  R(getcwd(m + 4096, 100));
  R(getcwd(m + 8192, 1));
  R(syscall(SYS_getdents64, open(".", O_RDONLY), m + 4096, 1000));
  R(syscall(SYS_getdents64, open(".", O_RDONLY), m + 8192, 20));
}

static void pipes(void) {
  S(pipe2(p, O_NONBLOCK));
  R(fcntl(p[0], F_GETPIPE_SZ));
  R(fcntl(p[0], F_SETPIPE_SZ, 0));
  R(fcntl(p[0], F_SETPIPE_SZ, 5000));
  R(fcntl(p[0], F_SETPIPE_SZ, 4096));
  R(write(p[1], buf, 5000));
  R(write(p[1], buf, 1));
  R(fcntl(p[0], F_SETPIPE_SZ, 65536));
  R(write(p[1], buf, 8192));
  R(fcntl(p[0], F_SETPIPE_SZ, 4096));
  int n;
  R(ioctl(p[0], FIONREAD, &n));
  R(n);
  R(fcntl(p[0], F_SETPIPE_SZ, 1 << 30) >= 0);
  R(fcntl(p[0], F_SETPIPE_SZ, -1));
  R(fcntl(p[0], F_SETPIPE_SZ, 0x80000001));
  AS_USER(R(fcntl(p[0], F_SETPIPE_SZ, 2 << 20)));
  R(fcntl(open("/dev/null", O_RDWR), F_GETPIPE_SZ));
  R(read(p[0], buf, sizeof buf));
  R(read(p[0], buf, 1));
  R(write(p[0], buf, 1));
  R(read(p[1], buf, 1));
  R(lseek(p[0], 0, SEEK_CUR));
  close(p[0]);
  R(write(p[1], buf, 1));
  S(pipe2(p, O_NONBLOCK | O_DIRECT));
  R(write(p[1], "one", 3));
  R(write(p[1], "three", 5));
  R(write(p[1], buf, 5000));
  R(read(p[0], buf, 100));
  R(read(p[0], buf, 2));
  R(read(p[0], buf, 100) <= 100);
  R(read(p[0], buf, 10000));
  close(p[1]);
  R(read(p[0], buf, 10000) >= 0);
  R(read(p[0], buf, 10000));
  R(pipe2(p, 0x10));
  R(pipe2(BAD, 0));
  S(pipe2(p, O_NONBLOCK));
  S(fcntl(p[1], F_SETPIPE_SZ, 65536));
  R(write(p[1], buf, 65536 - 4096 + 1));
  R(write(p[1], buf, 4096));
  R(write(p[1], buf, 4097));
  struct pollfd f[2] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}};
  R(poll(f, 2, 0));
  R(f[0].revents);
  R(f[1].revents);
}

static void descriptors(void) {
  a = make("f", "0123456789");
  struct rlimit l, old;
  getrlimit(RLIMIT_NOFILE, &old);
  R(dup(99));
  R(dup2(a, -1));
  R(dup2(a, a) == a);
  R(dup3(a, a, 0));
  R(dup3(a, 50, 1));
  R(dup3(a, 50, O_CLOEXEC));
  R(fcntl(50, F_GETFD));
  R(fcntl(a, F_DUPFD, 60));
  R(fcntl(a, F_DUPFD_CLOEXEC, 60));
  R(fcntl(a, F_DUPFD, -1));
  l = (struct rlimit){64, old.rlim_max};
  S(setrlimit(RLIMIT_NOFILE, &l));
  R(fcntl(a, F_DUPFD, 64));
  R(dup2(a, 64));
  R(fcntl(a, F_DUPFD, 63));
  S(setrlimit(RLIMIT_NOFILE, &old));
  R(fcntl(a, 77));
  R(fcntl(99, F_GETFL));
  R(fcntl(a, F_SETFD, 3));
  R(fcntl(a, F_GETFD));
  R(fcntl(a, F_SETOWN, 0x80000000));
  R(fcntl(a, F_SETSIG, 65));
  R(fcntl(a, F_SETSIG, 64));
  R(fcntl(a, F_GETSIG));
  R(fcntl(a, F_SETFL, O_DIRECT) == 0 || errno == EINVAL);
  R(syscall(436, 60, 61, 0));
  R(fcntl(60, F_GETFD));
  R(syscall(436, 61, 60, 0));
  R(syscall(436, 50, 50, 8));
  R(close(99));
  R(close(-1));
  R(ioctl(a, 0x1234, 0));
  R(ioctl(a, FIONREAD, buf));
  R(*(int*)buf);
  R(ioctl(a, FIONBIO, &(int){1}));
  R((fcntl(a, F_GETFL) & O_NONBLOCK) != 0);
  R(ioctl(a, FIOCLEX, 0));
  R(fcntl(a, F_GETFD));
  R(ioctl(open(".", O_RDONLY), FIONREAD, buf));
  int mnt;
  struct { struct file_handle h; char room[128]; } handle = {0};
  R(name_to_handle_at(AT_FDCWD, "f", &handle.h, &mnt, 0));
  R(handle.h.handle_bytes > 0);
  R(name_to_handle_at(AT_FDCWD, "f", &handle.h, &mnt, 1));
}

static void text_busy(void) {
  a = open("/proc/self/exe", O_RDONLY);
  b = open("prog", O_CREAT | O_RDWR, 0755);
  ssize_t n;
  while ((n = read(a, buf, sizeof buf)) > 0) S(write(b, buf, n));
  fflush(stdout);
  pid_t child = fork();
  if (!child) { execl("prog", "prog", "sleep", NULL); printf("execl => %s\n", error_name(errno)); fflush(stdout); _exit(0); }
  waitpid(child, 0, 0);
  close(b);
  S(pipe(p));
  child = fork();
  if (!child) { dup2(p[1], 1); execl("prog", "prog", "sleep", NULL); _exit(1); }
  R(read(p[0], buf, 1));
  R(open("prog", O_RDWR));
  R(open("prog", O_RDONLY | O_TRUNC));
  R(truncate("prog", 0));
  R(open("prog", O_RDONLY) >= 0);
  R(unlink("prog"));
  kill(child, SIGKILL);
  waitpid(child, 0, 0);
}

static void notices(void) {
  S(mkdir("d", 0755));
  S(close(make("d/f", "x")));
  a = open("d", O_RDONLY);
  R(fcntl(a, F_NOTIFY, DN_CREATE));
  R(close(open("d/g", O_CREAT | O_RDWR, 0600)));
  R(close(open("d/h", O_CREAT | O_RDWR, 0600)));
  R(fcntl(a, F_NOTIFY, DN_MULTISHOT | DN_DELETE | DN_RENAME | DN_ATTRIB | DN_MODIFY | DN_ACCESS));
  R(unlink("d/h"));
  R(rename("d/g", "d/i"));
  R(chmod("d/i", 0640));
  b = open("d/i", O_RDWR);
  R(write(b, "x", 1));
  R(pread(b, buf, 1, 0));
  R(mkdir("d/j", 0700));
  R(fcntl(a, F_NOTIFY, 0));
  R(unlink("d/i"));
  R(fcntl(b, F_NOTIFY, DN_CREATE));
  R(fcntl(a, F_NOTIFY, 0x40));
}

static void directory_entries(void) {
  for (int i = 0; i < 200; i++) {
    char name[40];
    snprintf(name, 40, "entry-number-%d", i);
    S(close(make(name, "")));
  }
  int count = 0, dots = 0;
  DIR* d = opendir(".");
  struct dirent* e;
  while ((e = readdir(d))) { count++; dots += e->d_name[0] == '.'; if (e->d_type != (e->d_name[0] == '.' ? DT_DIR : DT_REG)) printf("type of %s: %d\n", e->d_name, e->d_type); }
  R(count);
  R(dots);
  rewinddir(d);
  for (int i = 0; i < 100; i++) readdir(d);
  long at = telldir(d);
  char next[300];
  snprintf(next, 300, "%s", readdir(d)->d_name);
  seekdir(d, at);
  R(strcmp(next, readdir(d)->d_name));
  for (int i = 0; i < 200; i += 2) { char name[40]; snprintf(name, 40, "entry-number-%d", i); S(unlink(name)); }
  rewinddir(d);
  for (count = 0; readdir(d); count++) {}
  R(count);
  R(syscall(SYS_getdents64, open("entry-number-1", O_RDONLY), buf, 100));
  R(syscall(SYS_getdents64, 99, buf, 100));
}

static void mappings(void) {
  a = make("f", "0123456789");
  char* m = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, a, 0);
  R(m[3]);
  m[3] = 'M';
  R(pread(a, buf, 10, 0));
  R(buf[3]);
  R(pwrite(a, "P", 1, 5));
  R(m[5]);
  m[100] = 'Z';
  R(ftruncate(a, 200));
  state("f");
  R(msync(m, 8192, MS_SYNC));
  R(msync(m + 1, 10, MS_SYNC));
  R(msync(m, 10, MS_SYNC | MS_ASYNC));
  R(msync(m, 10, 64));
  S(ftruncate(a, 8));
  R(m[9]);
  S(ftruncate(a, 50));
  R(m[9]);
  char* q = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, a, 0);
  q[0] = 'Q';
  R(pread(a, buf, 1, 0));
  R(buf[0]);
  R(mmap(0, 0, PROT_READ, MAP_SHARED, a, 0));
  R(mmap(0, 4096, PROT_READ, MAP_SHARED, a, 1));
  R(mmap(0, 4096, PROT_READ, 0, a, 0));
  R(mmap(0, 4096, PROT_WRITE, MAP_SHARED, open("f", O_RDONLY), 0));
  K(mmap(0, 4096, PROT_WRITE, MAP_PRIVATE, open("f", O_RDONLY), 0));
  R(mmap(0, 4096, PROT_READ, MAP_SHARED, open("f", O_WRONLY), 0));
  R(mmap(0, 4096, PROT_READ, MAP_SHARED, open(".", O_RDONLY), 0));
  S(pipe(p));
  R(mmap(0, 4096, PROT_READ, MAP_SHARED, p[0], 0));
  R(mmap(0, 4096, PROT_READ, 0x83, a, 0) != MAP_FAILED || errno == EOPNOTSUPP);
  R(write(a, m, 50));
  state("f");
}

/* What lies in the lower layer of the layered cases. */
static void prepare(void) {
  S(close(make("f", "lower")));
  S(close(make("suid", "program")));
  S(chmod("suid", 06755));
  S(mkdir("d", 0750));
  S(close(make("d/a", "a")));
  S(close(make("d/b", "b")));
  S(mkdir("empty", 0755));
  S(symlink("f", "l"));
  S(symlink("d", "ld"));
  S(close(make("h1", "linked")));
  S(link("h1", "h2"));
  S(mkdir("deep", 0755));
  S(mkdir("deep/x", 0711));
  S(close(make("deep/x/y", "deep")));
  S(close(make("x", "attributes")));
  setxattr("x", "user.k", "value", 5, 0); /* where the file system can; it can where this is recorded */
  struct timespec t[2] = {{100, 5}, {200, 6}};
  S(utimensat(AT_FDCWD, "x", t, 0));
  S(mkfifo("fifo", 0600));
  S(mkdir("m", 0755));
  S(close(make("m/n", "n")));
}
static int names(const char* folder) {
  int count = 0;
  DIR* d = opendir(folder);
  if (!d) return -1;
  while (readdir(d)) count++;
  closedir(d);
  return count;
}
static void layered(void) {
  state("f"); state("suid"); state("d"); state("l"); state("h1"); state("deep/x/y"); state("fifo");
  R(names("."));
  a = open("f", O_RDONLY);
  b = open("f", O_RDWR);
  R(write(b, "UP", 2));
  R(pread(a, buf, 5, 0));
  printf("  %.5s\n", buf);
  R(pread(b, buf, 5, 0));
  printf("  %.5s\n", buf);
  state("f");
  R(open("f", O_CREAT | O_EXCL, 0600));
  R(close(open("deep/x/y", O_WRONLY | O_APPEND)));
  a = open("deep/x/y", O_WRONLY | O_APPEND);
  R(write(a, "er", 2));
  state("deep/x/y"); state("deep/x");
  R(rename("d", "d2"));
  R(rename("empty", "e2"));
  R(mkdir("new", 0700));
  R(rename("new", "new2"));
  R(rename("d/a", "a2"));
  R(open("d/a", O_RDONLY));
  R(names("d"));
  state("a2");
  R(rename("a2", "d/b"));
  state("d/b");
  R(rename("d/b", "empty/b"));
  R(names("d"));
  R(rmdir("d"));
  state("d");
  R(mkdir("d", 0755));
  R(names("d"));
  R(rename("d", "d3"));
  R(mkdir("d", 0700));
  state("d");
  R(rmdir("empty"));
  R(unlink("empty/b"));
  R(rmdir("empty"));
  R(link("h1", "h3"));
  a = open("h1", O_WRONLY);
  R(write(a, "LINK", 4));
  close(a);
  R(close(open("h1", O_RDONLY)));
  struct stat s;
  a = open("h1", O_RDONLY); R(read(a, buf, 10)); printf("  %.6s\n", buf);
  a = open("h3", O_RDONLY); R(read(a, buf, 10)); printf("  %.6s\n", buf);
  a = open("h2", O_RDONLY); R(read(a, buf, 10)); printf("  %.6s\n", buf);
  R(unlink("h1"));
  R(unlink("h2"));
  R(open("h2", O_RDONLY));
  R(open("h3", O_RDONLY) >= 0);
  R(getxattr("x", "user.k", buf, 100));
  lstat("x", &s);
  printf("  times %lld.%ld %lld.%ld\n", (long long)s.st_atim.tv_sec, (long)s.st_atim.tv_nsec, (long long)s.st_mtim.tv_sec, (long)s.st_mtim.tv_nsec);
  R(chmod("x", 0600));
  lstat("x", &s);
  printf("  times %lld.%ld %lld.%ld\n", (long long)s.st_atim.tv_sec, (long)s.st_atim.tv_nsec, (long long)s.st_mtim.tv_sec, (long)s.st_mtim.tv_nsec);
  R(getxattr("x", "user.k", buf, 100));
  R(setxattr("x", "user.k", "new", 3, XATTR_REPLACE));
  R(getxattr("x", "user.k", buf, 100));
  R(setxattr("f", "trusted.overlay.opaque", "y", 1, 0));
  R(getxattr("f", "trusted.overlay.opaque", buf, 10));
  R(chown("suid", 5, 6));
  state("suid");
  R(truncate("l", 3));
  state("f");
  R(unlink("l"));
  R(symlink("x", "l"));
  state("l");
  R(unlink("ld"));
  R(open("ld", O_RDONLY));
  R(unlink("fifo"));
  R(mkfifo("fifo", 0644));
  state("fifo");
  R(mknod("white", S_IFCHR, 0));
  state("white");
  R(renameat2_("f", "x", 2));
  state("f"); state("x");
  R(renameat2_("m", "f", 2));
  R(renameat2_("f", "gone", 4));
  R(unlink("m/n"));
  R(close(make("m/n", "again")));
  state("m/n");
  R(rename("m/n", "f"));
  R(names("m"));
  R(rmdir("m"));
  R(close(make("m", "file now")));
  state("m");
  R(link("deep/x/y", "deep/z"));
  R(same("deep/x/y", "deep/z"));
  a = open("deep", O_TMPFILE | O_RDWR, 0600);
  R(a >= 0);
  R(names("."));
}

static const struct { const char* name; void (*run)(void); } cases[] = {
  {"paths", paths}, {"O_PATH", opath}, {"openat2", openat2_flags}, {"O_TMPFILE", tmpfile_}, {"rename", renames},
  {"link and unlink", links}, {"nodes", nodes}, {"extended attributes", attributes}, {"times", times}, {"statx", statx_},
  {"fallocate", fallocates}, {"copy_file_range and sendfile", copies}, {"splice", splices}, {"ranges", ranges},
  {"RWF and O_APPEND", flags_of_writes}, {"RLIMIT_FSIZE", size_limit}, {"locks", locks}, {"leases", leases}, {"seals", seals},
  {"set-id bits", set_ids}, {"bad addresses", bad_addresses}, {"pipes", pipes}, {"descriptors", descriptors},
  {"text busy", text_busy}, {"dnotify", notices}, {"directory entries", directory_entries}, {"mappings", mappings},
};

int main(int argc, char** argv) {
  if (argc > 1 && !strcmp(argv[1], "sleep")) { if (write(1, "x", 1) == 1) pause(); return 0; }
  signal(SIGXFSZ, on_signal);
  signal(SIGPIPE, on_signal);
  signal(SIGUSR2, on_signal);
  signal(SIGIO, on_signal);
  umask(022);
  if (argc > 2 && (!strcmp(argv[2], "prepare") || !strcmp(argv[2], "layered"))) {
    S(chdir(argv[1]));
    if (argv[2][0] == 'p') prepare(); else layered();
    return 0;
  }
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (argc > 2 && strcmp(argv[2], cases[i].name)) continue;
    char folder[300];
    snprintf(folder, 300, "%s/%u", argv[1], i);
    printf("== %s\n", cases[i].name);
    fflush(stdout);
    /* A process each: what one leaves open or lowers does not reach the next. */
    pid_t child = fork();
    if (!child) {
      S(mkdir(folder, 0755));
      S(chdir(folder));
      cases[i].run();
      fflush(stdout);
      _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    if (status) printf("ended with %x\n", status);
  }
  return 0;
}
