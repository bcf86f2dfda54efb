/* What a pseudo-terminal does: prints the same on every Linux. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int master, slave;
static char name[64];
static volatile sig_atomic_t winch, hup, cont;

static void note(int signal) {
  if (signal == SIGWINCH) winch++;
  if (signal == SIGHUP) hup++;
  if (signal == SIGCONT) cont++;
}

static void open_pair(void) {
  master = posix_openpt(O_RDWR | O_NOCTTY);
  grantpt(master);
  unlockpt(master);
  ptsname_r(master, name, sizeof name);
  slave = open(name, O_RDWR | O_NOCTTY);
}

/* Input may need a moment from one end to the other. */
static int readable(int fd, int wanted) {
  int n = 0;
  for (int i = 0; i < 10000 && n < wanted; i++) {
    ioctl(fd, FIONREAD, &n);
    if (n < wanted) usleep(1000);
  }
  return n;
}

/* A child that leads a session on the slave. */
static pid_t session(void) {
  pid_t pid = fork();
  if (pid == 0) {
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    close(master);
  }
  return pid;
}

static void status(const char *what, pid_t pid, int options) {
  int s;
  pid_t got = waitpid(pid, &s, options);
  if (got != pid) printf("%s: nobody %s\n", what, strerror(errno));
  else if (WIFSTOPPED(s)) printf("%s: stopped by %d\n", what, WSTOPSIG(s));
  else if (WIFSIGNALED(s)) printf("%s: killed by %d\n", what, WTERMSIG(s));
  else if (WIFCONTINUED(s)) printf("%s: continued\n", what);
  else printf("%s: exit %d\n", what, WEXITSTATUS(s));
}

static void basics(void) {
  char buffer[100];
  struct stat a, b;
  int locked = posix_openpt(O_RDWR | O_NOCTTY);
  ptsname_r(locked, name, sizeof name);
  printf("locked %d %s\n", open(name, O_RDWR | O_NOCTTY), strerror(errno));
  close(locked);
  open_pair();
  printf("tty %d %d %s\n", isatty(master), isatty(slave), strcmp(ttyname(slave), name) ? "other" : "same");
  fstat(slave, &a);
  stat(name, &b);
  printf("node %d %d major %d\n", S_ISCHR(a.st_mode), a.st_ino == b.st_ino, (int) (a.st_rdev >> 8));
  write(master, "hi\n", 3);
  printf("read %zd", read(slave, buffer, sizeof buffer));
  printf(" echo %zd\n", read(master, buffer, sizeof buffer));
  struct pollfd p = {master, POLLIN | POLLOUT, 0};
  printf("poll %d %x\n", poll(&p, 1, 0), p.revents);
  write(slave, "x", 1);
  readable(master, 1);
  printf("poll %d %x\n", poll(&p, 1, 0), p.revents);
  int n = 0;
  write(master, "abc\n", 4);
  printf("fionread %d %d\n", readable(slave, 4), readable(master, 6));
  tcflush(slave, TCIOFLUSH);
  ioctl(slave, FIONREAD, &n);
  printf("flushed %d\n", n);
  close(slave);
  printf("closed: %zd", read(master, buffer, sizeof buffer));
  printf(" %s", strerror(errno));
  printf(" poll %d %x\n", poll(&p, 1, 0), p.revents);
  slave = open(name, O_RDWR | O_NOCTTY);
  printf("again %d poll %d %x\n", slave >= 0, poll(&p, 1, 0), p.revents);
  close(master);
  printf("cut: %zd", read(slave, buffer, sizeof buffer));
  printf(" %zd %s", write(slave, "x", 1), strerror(errno));
  struct pollfd q = {slave, POLLIN | POLLOUT, 0};
  printf(" poll %d %x\n", poll(&q, 1, 0), q.revents);
  printf("gone %d\n", access(name, F_OK));
  close(slave);
}

static void timed(void) {
  char buffer[100];
  struct termios t;
  open_pair();
  tcgetattr(slave, &t);
  cfmakeraw(&t);
  t.c_cc[VMIN] = 0;
  t.c_cc[VTIME] = 1;
  tcsetattr(slave, TCSANOW, &t);
  printf("timeout %zd\n", read(slave, buffer, sizeof buffer));
  write(master, "ab", 2);
  readable(slave, 2);
  printf("got %zd\n", read(slave, buffer, sizeof buffer));
  t.c_cc[VMIN] = 5;
  tcsetattr(slave, TCSANOW, &t);
  write(master, "abc", 3);
  readable(slave, 3);
  printf("between %zd\n", read(slave, buffer, sizeof buffer));
  t.c_cc[VTIME] = 0;
  tcsetattr(slave, TCSANOW, &t);
  write(master, "abcdefg", 7);
  readable(slave, 7);
  printf("minimum %zd\n", read(slave, buffer, 6));
  printf("rest %d", fcntl(slave, F_SETFL, O_NONBLOCK));
  t.c_cc[VMIN] = 1;
  tcsetattr(slave, TCSANOW, &t);
  printf(" %zd", read(slave, buffer, 6));
  printf(" %zd %s\n", read(slave, buffer, 6), strerror(errno));
  close(slave);
  close(master);
}

static void jobs(void) {
  open_pair();
  pid_t leader = session();
  if (leader == 0) {
    char c;
    int n = -1;
    signal(SIGTTOU, SIG_IGN);
    printf("group %d\n", tcgetpgrp(slave) == getpid());
    printf("/dev/tty %d\n", open("/dev/tty", O_RDWR) >= 0);
    /* The background may write but not read. */
    pid_t job = fork();
    if (job == 0) {
      setpgid(0, 0);
      signal(SIGTTOU, SIG_DFL);
      write(slave, "out\n", 4);
      n = read(slave, &c, 1);
      _exit(n == 1 ? c : 99);
    }
    status("background read", job, WUNTRACED);
    tcsetpgrp(slave, job);
    kill(job, SIGCONT);
    status("foreground", job, 0);
    tcsetpgrp(slave, getpid());
    /* Settings from the background. */
    job = fork();
    if (job == 0) {
      struct termios t;
      setpgid(0, 0);
      signal(SIGTTOU, SIG_DFL);
      tcgetattr(slave, &t);
      tcsetattr(slave, TCSANOW, &t);
      _exit(0);
    }
    status("background settings", job, WUNTRACED);
    kill(job, SIGKILL);
    status("killed", job, 0);
    /* An orphan cannot be stopped. */
    printf("foreign group %d %s\n", tcsetpgrp(slave, 1), strerror(errno));
    /* A foreground job that ^Z stops and ^C ends. */
    for (int i = 0; i < 2; i++) {
      job = fork();
      if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(slave, getpid());
        write(slave, "ready\n", 6);
        for (;;) pause();
      }
      status(i ? "typed ^C" : "typed ^Z", job, WUNTRACED);
      kill(job, SIGKILL);
      tcsetpgrp(slave, getpid());
      if (!i) status("after", job, 0);
    }
    fflush(stdout);
    _exit(7);
  }
  close(slave);
  char buffer[200];
  int seen = 0, ready = 0, typed = 0;
  ssize_t n;
  while ((n = read(master, buffer, sizeof buffer - 1)) > 0) {
    buffer[n] = 0;
    if (!typed && strstr(buffer, "out")) typed = write(master, "k\n", 2);
    for (char *at = buffer; (at = strstr(at, "ready")); at++) write(master, ready++ ? "\003" : "\032", 1);
    seen += n > 0;
  }
  printf("end %s\n", strerror(errno));
  status("leader", leader, 0);
  close(master);
}

static void window(void) {
  open_pair();
  int ready[2], go[2];
  pipe(ready);
  pipe(go);
  pid_t leader = session();
  if (leader == 0) {
    struct sigaction a = {.sa_handler = note};
    sigaction(SIGWINCH, &a, 0);
    sigaction(SIGHUP, &a, 0);
    sigaction(SIGCONT, &a, 0);
    struct winsize w;
    sigset_t all, old;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &old);
    write(ready[1], "x", 1);
    while (!winch) sigsuspend(&old);
    ioctl(slave, TIOCGWINSZ, &w);
    printf("window %d %d signals %d\n", w.ws_row, w.ws_col, winch);
    fflush(stdout);
    write(ready[1], "x", 1);
    while (!hup) sigsuspend(&old);
    while (!cont) sigsuspend(&old);
    printf("hangup %d %d tty %d\n", hup, cont, open("/dev/tty", O_RDWR));
    fflush(stdout);
    _exit(3);
  }
  char c;
  struct winsize w = {.ws_row = 33, .ws_col = 99};
  read(ready[0], &c, 1);
  ioctl(master, TIOCSWINSZ, &w);
  ioctl(master, TIOCSWINSZ, &w);
  read(ready[0], &c, 1);
  close(slave);
  close(master);
  status("leader", leader, 0);
}

int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  basics();
  timed();
  fflush(stdout);
  jobs();
  window();
  return 0;
}
