/* Runs the calls of a script on the host's kernel and writes the script with the results.
 *   gcc -O1 -o record record.c && ./record /dev/shm/somewhere < calls.txt
 * A line "case NAME" starts in a fresh, empty directory; other lines are calls. Runs as root. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static int vars[64];
static volatile int last_signal;
static void on_signal(int n) { last_signal = n; }

static struct { const char *name; long value; } names[] = {
  {"O_RDONLY", O_RDONLY}, {"O_WRONLY", O_WRONLY}, {"O_RDWR", O_RDWR}, {"O_ACCMODE", O_ACCMODE},
  {"O_CREAT", O_CREAT}, {"O_EXCL", O_EXCL}, {"O_TRUNC", O_TRUNC}, {"O_APPEND", O_APPEND},
  {"O_NONBLOCK", O_NONBLOCK}, {"O_DIRECTORY", O_DIRECTORY}, {"O_NOFOLLOW", O_NOFOLLOW},
  {"O_PATH", O_PATH}, {"O_TMPFILE", O_TMPFILE}, {"O_NOATIME", O_NOATIME}, {"O_SYNC", O_SYNC},
  {"O_DIRECT", O_DIRECT}, {"O_CLOEXEC", O_CLOEXEC},
  {"SEEK_SET", SEEK_SET}, {"SEEK_CUR", SEEK_CUR}, {"SEEK_END", SEEK_END},
  {"SEEK_DATA", SEEK_DATA}, {"SEEK_HOLE", SEEK_HOLE},
  {"RENAME_NOREPLACE", 1}, {"RENAME_EXCHANGE", 2}, {"RENAME_WHITEOUT", 4},
  {"XATTR_CREATE", 1}, {"XATTR_REPLACE", 2},
  {"AT_SYMLINK_NOFOLLOW", AT_SYMLINK_NOFOLLOW}, {"AT_SYMLINK_FOLLOW", AT_SYMLINK_FOLLOW},
  {"AT_EACCESS", AT_EACCESS}, {"AT_REMOVEDIR", AT_REMOVEDIR}, {"AT_EMPTY_PATH", AT_EMPTY_PATH},
  {"AT_FDCWD", AT_FDCWD},
  {"S_IFREG", S_IFREG}, {"S_IFIFO", S_IFIFO}, {"S_IFCHR", S_IFCHR}, {"S_IFDIR", S_IFDIR},
  {"S_IFSOCK", S_IFSOCK}, {"S_IFLNK", S_IFLNK},
  {"KEEP_SIZE", 1}, {"PUNCH_HOLE", 2}, {"COLLAPSE", 8}, {"ZERO", 16}, {"INSERT", 32},
  {"R_OK", 4}, {"W_OK", 2}, {"X_OK", 1}, {"F_OK", 0},
  {"LOCK_SH", LOCK_SH}, {"LOCK_EX", LOCK_EX}, {"LOCK_UN", LOCK_UN}, {"LOCK_NB", LOCK_NB},
  {"RESOLVE_NO_XDEV", 1}, {"RESOLVE_NO_MAGICLINKS", 2}, {"RESOLVE_NO_SYMLINKS", 4},
  {"RESOLVE_BENEATH", 8}, {"RESOLVE_IN_ROOT", 16},
  {"UTIME_NOW", UTIME_NOW}, {"UTIME_OMIT", UTIME_OMIT},
  {0, 0}};

static long num(const char *word) {
  char copy[256]; long sum = 0; char *save, *part;
  if (!word) return 0;
  snprintf(copy, sizeof copy, "%s", word);
  for (part = strtok_r(copy, "|", &save); part; part = strtok_r(0, "|", &save)) {
    int i, found = 0;
    for (i = 0; names[i].name; i++)
      if (!strcmp(names[i].name, part)) { sum |= names[i].value; found = 1; }
    if (!found) sum |= strtol(part, 0, 0);
  }
  return sum;
}
static int fd(const char *word) {
  if (!strcmp(word, "AT_FDCWD")) return AT_FDCWD;
  return word[0] == '%' ? vars[word[1] - 'a'] : atoi(word);
}
/* "" is an empty path; xN is a name of N letters; x/N is a path of N bytes. */
static const char *path(char *word) {
  static char big[4][9000]; static int next;
  if (!strcmp(word, "\"\"")) return "";
  if (word[0] == '@') {
    char *to = big[next++ & 3]; int n = atoi(word + 1), i;
    for (i = 0; i < n; i++) to[i] = 'x';
    to[n] = 0;
    return to;
  }
  if (word[0] == '^') {
    char *to = big[next++ & 3]; int n = atoi(word + 1), i;
    for (i = 0; i < n; i++) to[i] = i % 2 ? '/' : '.';
    to[n] = 0;
    return to;
  }
  return word;
}
static char out[65536];
static void result(long r) {
  if (r < 0) snprintf(out, sizeof out, "%s", strerrorname_np(errno));
  else snprintf(out, sizeof out, "%ld", r);
}
static void opened(long r, const char *var) {
  if (r < 0) { result(r); return; }
  if (var) vars[var[1] - 'a'] = r; else close(r);
  strcpy(out, "fd");
}
static void show_stat(int r, struct stat *st) {
  if (r < 0) { result(r); return; }
  snprintf(out, sizeof out, "%o nlink=%ld uid=%d gid=%d size=%lld", st->st_mode, (long) st->st_nlink,
           st->st_uid, st->st_gid, S_ISDIR(st->st_mode) ? 0LL : (long long) st->st_size);
}
static int by_name(const void *a, const void *b) { return strcmp(*(char **) a, *(char **) b); }
static void list(const char *where) {
  char *all[1000]; int n = 0, i; struct dirent *e; DIR *d = opendir(where);
  if (!d) { result(-1); return; }
  while ((e = readdir(d))) all[n++] = strdup(e->d_name);
  closedir(d);
  qsort(all, n, sizeof *all, by_name);
  out[0] = 0;
  for (i = 0; i < n; i++) { strcat(out, i ? "," : ""); strcat(out, all[i]); }
}
static int rm(const char *p, const struct stat *s, int f, struct FTW *w) { return remove(p); }

static void run(char **w) {
  struct stat st; char buf[20000]; long r;
  const char *c = w[0];
  out[0] = 0;
#define IS(x) !strcmp(c, x)
  if (IS("open")) opened(open(path(w[1]), num(w[2]), w[3] ? strtol(w[3], 0, 8) : 0), w[3] ? w[4] : 0);
  else if (IS("openat")) opened(openat(fd(w[1]), path(w[2]), num(w[3]), strtol(w[4], 0, 8)), w[5]);
  else if (IS("openat2")) {
    struct open_how how = {.flags = num(w[3]), .mode = strtol(w[4], 0, 8), .resolve = num(w[5])};
    opened(syscall(SYS_openat2, fd(w[1]), path(w[2]), &how, sizeof how), w[6]);
  } else if (IS("close")) result(close(fd(w[1])));
  else if (IS("mkdir")) result(mkdir(path(w[1]), strtol(w[2], 0, 8)));
  else if (IS("rmdir")) result(rmdir(path(w[1])));
  else if (IS("unlink")) result(unlink(path(w[1])));
  else if (IS("unlinkat")) result(unlinkat(fd(w[1]), path(w[2]), num(w[3])));
  else if (IS("symlink")) result(symlink(path(w[1]), path(w[2])));
  else if (IS("link")) result(link(path(w[1]), path(w[2])));
  else if (IS("linkat")) result(linkat(fd(w[1]), path(w[2]), fd(w[3]), path(w[4]), num(w[5])));
  else if (IS("rename")) result(syscall(SYS_renameat2, AT_FDCWD, path(w[1]), AT_FDCWD, path(w[2]), num(w[3])));
  else if (IS("mknod")) result(mknod(path(w[1]), num(w[2]) | strtol(w[3], 0, 8), w[4] ? num(w[4]) : 0));
  else if (IS("stat")) show_stat(stat(path(w[1]), &st), &st);
  else if (IS("lstat")) show_stat(lstat(path(w[1]), &st), &st);
  else if (IS("fstat")) show_stat(fstat(fd(w[1]), &st), &st);
  else if (IS("fstatat")) show_stat(fstatat(fd(w[1]), path(w[2]), &st, num(w[3])), &st);
  else if (IS("write")) result(write(fd(w[1]), w[2], strlen(w[2])));
  else if (IS("fill")) { memset(buf, 'z', sizeof buf); result(write(fd(w[1]), buf, num(w[2]))); }
  else if (IS("pwrite")) result(pwrite(fd(w[1]), w[2], strlen(w[2]), num(w[3])));
  else if (IS("read")) { r = read(fd(w[1]), buf, num(w[2])); if (r < 0) result(r); else snprintf(out, sizeof out, "%ld:%.*s", r, (int) (r > 60 ? 60 : r), buf); }
  else if (IS("pread")) { r = pread(fd(w[1]), buf, num(w[2]), num(w[3])); if (r < 0) result(r); else snprintf(out, sizeof out, "%ld:%.*s", r, (int) (r > 60 ? 60 : r), buf); }
  else if (IS("lseek")) result(lseek(fd(w[1]), num(w[2]), num(w[3])));
  else if (IS("truncate")) result(truncate(path(w[1]), num(w[2])));
  else if (IS("ftruncate")) result(ftruncate(fd(w[1]), num(w[2])));
  else if (IS("fallocate")) result(fallocate(fd(w[1]), num(w[2]), num(w[3]), num(w[4])));
  else if (IS("chmod")) result(chmod(path(w[1]), strtol(w[2], 0, 8)));
  else if (IS("fchmod")) result(fchmod(fd(w[1]), strtol(w[2], 0, 8)));
  else if (IS("chown")) result(chown(path(w[1]), num(w[2]), num(w[3])));
  else if (IS("lchown")) result(lchown(path(w[1]), num(w[2]), num(w[3])));
  else if (IS("access")) result(syscall(SYS_faccessat2, AT_FDCWD, path(w[1]), (int) num(w[2]), (int) num(w[3])));
  else if (IS("readlink")) { r = readlink(path(w[1]), buf, w[2] ? num(w[2]) : 4096); if (r < 0) result(r); else snprintf(out, sizeof out, "%ld:%.*s", r, (int) r, buf); }
  else if (IS("chdir")) result(chdir(path(w[1])));
  else if (IS("fchdir")) result(fchdir(fd(w[1])));
  else if (IS("umask")) { snprintf(out, sizeof out, "%o", umask(strtol(w[1], 0, 8))); }
  else if (IS("user")) {
    int uid = num(w[1]), gid = num(w[2]);
    setresuid(0, 0, 0); setgroups(0, 0); setresgid(gid, gid, gid); result(setresuid(uid, uid, 0));
  } else if (IS("dup")) opened(dup(fd(w[1])), w[2]);
  else if (IS("dup3")) { r = dup3(fd(w[1]), fd(w[2]), num(w[3])); result(r); if (r >= 0) close(r); }
  else if (IS("getfl")) { r = fcntl(fd(w[1]), F_GETFL); if (r < 0) result(r); else snprintf(out, sizeof out, "%ld", r & (O_ACCMODE | O_APPEND | O_NONBLOCK)); }
  else if (IS("setfl")) result(fcntl(fd(w[1]), F_SETFL, num(w[2])));
  else if (IS("flock")) result(flock(fd(w[1]), num(w[2])));
  else if (IS("ofdlock")) {
    struct flock l = {.l_type = !strcmp(w[2], "rd") ? F_RDLCK : !strcmp(w[2], "wr") ? F_WRLCK : F_UNLCK,
                      .l_start = num(w[3]), .l_len = num(w[4])};
    result(fcntl(fd(w[1]), F_OFD_SETLK, &l));
  } else if (IS("setxattr")) result(setxattr(path(w[1]), path(w[2]), w[3], strlen(w[3]), num(w[4])));
  else if (IS("getxattr")) { r = getxattr(path(w[1]), path(w[2]), buf, 100); if (r < 0) result(r); else snprintf(out, sizeof out, "%ld:%.*s", r, (int) r, buf); }
  else if (IS("removexattr")) result(removexattr(path(w[1]), path(w[2])));
  else if (IS("listxattr")) { r = listxattr(path(w[1]), buf, 1000); if (r < 0) result(r); else { int i; for (i = 0; i < r; i++) out[i] = buf[i] ? buf[i] : ','; out[r] = 0; } }
  else if (IS("utimens")) {
    struct timespec ts[2] = {{num(w[2]), num(w[3])}, {num(w[4]), num(w[5])}};
    result(utimensat(AT_FDCWD, path(w[1]), ts, num(w[6])));
  } else if (IS("times")) { r = stat(path(w[1]), &st); if (r < 0) result(r); else snprintf(out, sizeof out, "%ld %ld", st.st_atim.tv_sec, st.st_mtim.tv_sec); }
  else if (IS("list")) list(path(w[1]));
  else if (IS("pipe")) { int p[2]; r = pipe2(p, num(w[3])); result(r); if (!r) { vars[w[1][1] - 'a'] = p[0]; vars[w[2][1] - 'a'] = p[1]; } }
  else if (IS("pipesize")) result(fcntl(fd(w[1]), F_SETPIPE_SZ, num(w[2])));
  else if (IS("fsize")) { struct rlimit l = {num(w[1]), RLIM_INFINITY}; result(setrlimit(RLIMIT_FSIZE, &l)); }
  else if (IS("nofile")) { struct rlimit l = {num(w[1]), 4096}; result(setrlimit(RLIMIT_NOFILE, &l)); }
  else if (IS("signal")) { snprintf(out, sizeof out, "%d", last_signal); last_signal = 0; }
  else if (IS("fsync")) result(fsync(fd(w[1])));
  else if (IS("sync_file_range")) result(sync_file_range(fd(w[1]), num(w[2]), num(w[3]), num(w[4])));
  else if (IS("fadvise")) { errno = posix_fadvise(fd(w[1]), num(w[2]), num(w[3]), num(w[4])); result(errno ? -1 : 0); }
  else if (IS("badwrite")) result(write(fd(w[1]), (void *) 16, 10));
  else if (IS("badread")) result(read(fd(w[1]), (void *) 16, 10));
  else { fprintf(stderr, "unknown call %s\n", c); exit(2); }
}

int main(int argc, char **argv) {
  char line[4096], copy[4096], dir[4096]; int n = 0, i;
  struct rlimit none;
  getrlimit(RLIMIT_NOFILE, &none);
  signal(SIGPIPE, on_signal); signal(SIGXFSZ, on_signal);
  setvbuf(stdout, 0, _IOLBF, 0);
  while (fgets(line, sizeof line, stdin)) {
    char *w[12] = {0}, *save; int k = 0;
    line[strcspn(line, "\n")] = 0;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *t = strtok_r(copy, " ", &save); t && k < 11; t = strtok_r(0, " ", &save)) w[k++] = t;
    if (!k || w[0][0] == '#') { puts(line); continue; }
    if (!strcmp(w[0], "case")) {
      struct rlimit inf = {RLIM_INFINITY, RLIM_INFINITY};
      setresuid(0, 0, 0); setresgid(0, 0, 0); umask(022);
      setrlimit(RLIMIT_FSIZE, &inf); setrlimit(RLIMIT_NOFILE, &none);
      for (i = 3; i < 200; i++) close(i);
      for (i = 0; i < 64; i++) vars[i] = 900;
      last_signal = 0;
      if (n) nftw(dir, rm, 50, FTW_DEPTH | FTW_PHYS);
      snprintf(dir, sizeof dir, "%s/c%d", argv[1], n++);
      mkdir(dir, 0755); chmod(dir, 0777);
      if (chdir(dir)) { perror(dir); return 1; }
      puts(line);
      continue;
    }
    run(w);
    printf("%s => %s\n", line, out);
  }
  return 0;
}
