/* What happens when there is too much of something; each part says of itself what came out. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int alive(int wanted) {
  int ends[2], made = 0, ready = 0, wrong = 0, failure = 0;
  static pid_t children[4096];
  char byte;
  if (pipe(ends)) return 1;
  while (made < wanted) {
    pid_t pid = fork();
    if (pid < 0) {
      failure = errno;
      break;
    }
    if (pid == 0) {
      close(ends[0]);
      if (write(ends[1], "x", 1) != 1) _exit(1);
      for (;;) pause();
    }
    children[made++] = pid;
  }
  close(ends[1]);
  while (ready < made && read(ends[0], &byte, 1) == 1) ready++;
  for (int i = 0; i < made; i++) kill(children[i], SIGTERM);
  for (int i = 0; i < made; i++) {
    int status;
    if (waitpid(children[i], &status, 0) != children[i] || !WIFSIGNALED(status) || WTERMSIG(status) != SIGTERM) wrong++;
  }
  if (failure) printf("full: %s\n", strerrorname_np(failure));
  else printf("%d alive\n", ready);
  printf("wrong %d\n", wrong);
  return 0;
}

static int eat(void) {
  pid_t pid = fork();
  if (pid == 0) {
    for (;;) memset(malloc(1 << 20), 1, 1 << 20);
  }
  int status;
  waitpid(pid, &status, 0);
  printf("killed %d by %d\n", WIFSIGNALED(status), WTERMSIG(status));
  char *still = malloc(1 << 20);
  memset(still, 1, 1 << 20);
  printf("memory again %d\n", still[4096]);
  return 0;
}

static void deeper(int signal) { raise(signal); }

static int handlers(void) {
  pid_t pid = fork();
  if (pid == 0) {
    struct sigaction action = {.sa_handler = deeper, .sa_flags = SA_NODEFER};
    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
    _exit(0);
  }
  int status;
  waitpid(pid, &status, 0);
  printf("killed %d by %d\n", WIFSIGNALED(status), WTERMSIG(status));
  return 0;
}

static int files(void) {
  int n = 0;
  while (open("/", O_RDONLY) >= 0) n++;
  printf("%d and %s\n", n + 3, strerrorname_np(errno));
  return 0;
}

static int users(void) {
  struct rlimit limit = {5, 5};
  if (setrlimit(RLIMIT_NPROC, &limit) || setuid(1234)) return 1;
  return alive(10);
}

/* The clocks without a system call agree with those with one. */
static int clocks(void) {
  unsigned char *image = (unsigned char *) getauxval(AT_SYSINFO_EHDR);
  printf("image %d\n", image && !memcmp(image, "\177ELF", 4));
  for (int clock = 0; clock < 8; clock++) {
    struct timespec before, between, after;
    clock_gettime(clock, &before);
    syscall(SYS_clock_gettime, clock, &between);
    clock_gettime(clock, &after);
    int ordered = before.tv_sec * 1000000000L + before.tv_nsec <= between.tv_sec * 1000000000L + between.tv_nsec &&
        between.tv_sec * 1000000000L + between.tv_nsec <= after.tv_sec * 1000000000L + after.tv_nsec;
    /* The wall clock of the host may be moved. */
    printf("%d", clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? 1 : ordered);
  }
  struct timeval now;
  gettimeofday(&now, 0);
  printf(" %d\n", labs(time(0) - now.tv_sec) < 2);
  char line[300];
  FILE *maps = fopen("/proc/self/maps", "r");
  while (maps && fgets(line, sizeof line, maps)) {
    char *at = strstr(line, "[v");
    if (at) printf("%.4s %s", strchr(line, ' ') + 1, at);
  }
  return 0;
}

/* Runs a copy of this program that has set-id bits. */
static int setid(void) {
  static char copy[4 << 20];
  const char *self = "/tmp/setid";
  int from = open("/proc/self/exe", O_RDONLY), to = open(self, O_WRONLY | O_CREAT, 0755);
  if (write(to, copy, read(from, copy, sizeof copy)) <= 0) return 1;
  close(to);
  if (chown(self, 1001, 1002) || chmod(self, 06755)) return 1;
  for (int refuse = 0; refuse < 2; refuse++) {
    pid_t pid = fork();
    if (pid == 0) {
      if (refuse) syscall(SYS_prctl, 38, 1, 0, 0, 0);
      if (setgid(2002) || setuid(2001)) _exit(9);
      execl(self, self, "ids", (char *) 0);
      _exit(8);
    }
    int status;
    waitpid(pid, &status, 0);
  }
  return 0;
}

static int ids(void) {
  uid_t r, e, s;
  getresuid(&r, &e, &s);
  printf("uid %d %d %d", r, e, s);
  getresgid(&r, &e, &s);
  printf(" gid %d %d %d secure %ld\n", r, e, s, getauxval(AT_SECURE));
  return 0;
}

int main(int argc, char **argv) {
  const char *part = argc > 1 ? argv[1] : "";
  if (!strcmp(part, "alive")) return alive(atoi(argv[2]));
  if (!strcmp(part, "eat")) return eat();
  if (!strcmp(part, "handlers")) return handlers();
  if (!strcmp(part, "files")) return files();
  if (!strcmp(part, "users")) return users();
  if (!strcmp(part, "clocks")) return clocks();
  if (!strcmp(part, "setid")) return setid();
  if (!strcmp(part, "ids")) return ids();
  return 2;
}
