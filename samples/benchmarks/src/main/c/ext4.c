/*
 * One kind of work on a file system in a folder, and what it cost in CPU time. Arguments: the folder, the work, how
 * often. Prints "OWN ALL": nanoseconds for each operation, of this thread up to the last call, and of this process
 * and all threads of the kernel until everything is on the disk.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SMALL 4096
#define PER_FOLDER 1000
#define TINY 100

static double cpu_nanos(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1e9 + now.tv_nsec;
}

/* CPU time of all threads of the kernel: those without a command line. */
static double kernel_nanos(void) {
  double sum = 0;
  DIR *proc = opendir("/proc");
  for (struct dirent *entry; (entry = readdir(proc)) != NULL;) {
    char path[300], line[64];
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
    int fd = open(path, O_RDONLY);
    int user = fd < 0 || read(fd, line, 1) > 0;
    if (fd >= 0) close(fd);
    if (user) continue;
    snprintf(path, sizeof path, "/proc/%s/schedstat", entry->d_name);
    FILE *file = fopen(path, "r");
    if (file == NULL) continue;
    if (fgets(line, sizeof line, file) != NULL) sum += strtod(line, NULL);
    fclose(file);
  }
  closedir(proc);
  return sum;
}

static void check(int right, const char *what) {
  if (!right) {
    perror(what);
    exit(1);
  }
}

static char data[SMALL];

static void writes(int fd, long count) {
  for (long i = 0; i < count; i++) check(write(fd, data, SMALL) == SMALL, "write");
}

static void create(const char *top, long count) {
  char path[4096];
  for (long i = 0; i < count; i++) {
    if (i % PER_FOLDER == 0) {
      snprintf(path, sizeof path, "%s/d%ld", top, i / PER_FOLDER);
      check(mkdir(path, 0755) == 0, path);
    }
    snprintf(path, sizeof path, "%s/d%ld/f%ld", top, i / PER_FOLDER, i);
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
    check(fd >= 0 && write(fd, data, TINY) == TINY, path);
    close(fd);
  }
}

static void delete(const char *top, long count) {
  char path[4096];
  for (long i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s/d%ld/f%ld", top, i / PER_FOLDER, i);
    check(unlink(path) == 0, path);
  }
  for (long i = 0; i < count; i += PER_FOLDER) {
    snprintf(path, sizeof path, "%s/d%ld", top, i / PER_FOLDER);
    check(rmdir(path) == 0, path);
  }
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const char *top = argv[1], *work = argv[2];
  long count = atol(argv[3]);
  char path[4096];
  memset(data, 1, sizeof data);
  snprintf(path, sizeof path, "%s/file", top);
  int fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0644);
  check(fd >= 0, path);
  if (strcmp(work, "overwrite") == 0) {
    writes(fd, count);
    lseek(fd, 0, SEEK_SET);
  } else if (strcmp(work, "delete") == 0) {
    create(top, count);
  }
  sync();
  double kernel = kernel_nanos();
  double own = cpu_nanos(CLOCK_PROCESS_CPUTIME_ID);
  if (strcmp(work, "append") == 0) {
    for (long i = 0; i < count; i++) {
      writes(fd, 1);
      check(fsync(fd) == 0, "fsync");
    }
  } else if (strcmp(work, "create") == 0) {
    create(top, count);
  } else if (strcmp(work, "delete") == 0) {
    delete(top, count);
  } else {
    writes(fd, count);
  }
  double called = cpu_nanos(CLOCK_PROCESS_CPUTIME_ID) - own;
  int folder = open(top, O_RDONLY);
  check(syncfs(folder) == 0, "syncfs");
  double all = cpu_nanos(CLOCK_PROCESS_CPUTIME_ID) - own;
  all += kernel_nanos() - kernel;
  printf("%.1f %.1f\n", called / count, all / count);
  close(fd);
  unlink(path);
  if (strcmp(work, "create") == 0) delete(top, count);
  return 0;
}
