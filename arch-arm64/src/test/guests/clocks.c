/* Calls about the whole machine and the terminal's old settings: every line says what a call did. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

static long barrier(int command, int flags) { return syscall(SYS_membarrier, command, flags, 0); }
static void* inThread(void* arg) {
  (void)arg;
  say("thread registers", barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0));
  return 0;
}

static void barriers(void) {
  printf("commands %lx\n", barrier(MEMBARRIER_CMD_QUERY, 0));
  say("flags", barrier(MEMBARRIER_CMD_QUERY, 1));
  say("unknown", barrier(1 << 20, 0));
  say("two at once", barrier(3, 0));
  say("global", barrier(MEMBARRIER_CMD_GLOBAL, 0));
  say("global expedited", barrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0));
  say("not registered", barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0));
  say("core not registered", barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0));
  say("rseq not registered", barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 0));
  pthread_t t;
  pthread_create(&t, 0, inThread, 0);
  pthread_join(t, 0);
  say("the process is", barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0));
  say("core", barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0));
  say("core", barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0));
  say("rseq", barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0));
  say("rseq", barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 0));
  say("register global", barrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0));
  printf("registered %lx\n", barrier(512, 0));
  fflush(stdout);
  pid_t c = fork();
  if (!c) {
    printf("child %lx\n", barrier(512, 0));
    fflush(stdout);
    _exit(0);
  }
  waitpid(c, 0, 0);
}

static void disciplines(void) {
  struct timex t;
  memset(&t, 0, sizeof t);
  int r = adjtimex(&t);
  printf("error %d unsynchronized %d tick %ld near %d\n", r == TIME_ERROR || r == TIME_OK,
         r == TIME_OK || (t.status & STA_UNSYNC) != 0, t.tick, labs(time(0) - t.time.tv_sec) < 3);
  say("bad", syscall(SYS_adjtimex, 16));
  memset(&t, 0, sizeof t);
  say("monotonic", clock_adjtime(CLOCK_MONOTONIC, &t));
  say("no clock", clock_adjtime(77, &t));
  fflush(stdout);
  pid_t c = fork();
  if (!c) {
    if (setgid(1) || setuid(1)) _exit(1);
    t.modes = ADJ_TICK;
    t.tick = 10000;
    say("not allowed", adjtimex(&t));
    fflush(stdout);
    _exit(0);
  }
  waitpid(c, 0, 0);
}

struct oldSettings {
  unsigned short iflag, oflag, cflag, lflag;
  unsigned char line, cc[8];
};
static void terminal(void) {
  int m = posix_openpt(O_RDWR | O_NOCTTY);
  grantpt(m);
  unlockpt(m);
  int s = open(ptsname(m), O_RDWR | O_NOCTTY);
  struct oldSettings o;
  memset(&o, 0xff, sizeof o);
  say("get", ioctl(s, 0x5405, &o));
  printf("%x %x %x %x %x:", o.iflag, o.oflag, o.cflag, o.lflag, o.line);
  for (int i = 0; i < 8; i++) printf(" %d", o.cc[i]);
  printf("\n");
  o.lflag &= ~8;
  o.cc[0] = 7;
  say("set", ioctl(s, 0x5406, &o));
  say("set and wait", ioctl(s, 0x5407, &o));
  say("set and flush", ioctl(s, 0x5408, &o));
  memset(&o, 0, sizeof o);
  ioctl(m, 0x5405, &o);
  printf("%x %d\n", o.lflag, o.cc[0]);
  say("bad", ioctl(s, 0x5405, 16));
  say("not a terminal", ioctl(0, 0x5405, &o) < 0 ? -1 : 0);
}

int main(void) {
  barriers();
  disciplines();
  terminal();
  return 0;
}
