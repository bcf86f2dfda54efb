/* Signals, threads, exec and exit under load. Argument: which part. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static atomic_int hits[4];
static atomic_int stop;

static void hit(int sig) { hits[sig == SIGUSR1 ? 0 : sig == SIGUSR2 ? 1 : sig == SIGALRM ? 2 : 3]++; }

static void install(void) {
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_handler = hit;
  sa.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &sa, NULL);
  sigaction(SIGUSR2, &sa, NULL);
  sigaction(SIGALRM, &sa, NULL);
  sigaction(SIGRTMIN, &sa, NULL);
}

static double pi(void) {
  double sum = 0;
  for (int i = 0; i < 200000; i++) {
    sum += (i % 2 ? -4.0 : 4.0) / (2 * i + 1);
  }
  return sum;
}

static void *compute(void *arg) {
  double first = pi();
  long wrong = 0, rounds = 0;
  while (!stop) {
    wrong += pi() != first;
    rounds++;
  }
  (void)arg;
  return (void *)(rounds ? wrong : 0);
}

/* Handlers run all over computing threads; no result may change. */
static int storm(void) {
  install();
  pthread_t t[3];
  for (int i = 0; i < 3; i++) {
    pthread_create(&t[i], NULL, compute, NULL);
  }
  struct itimerval it = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &it, NULL);
  int queued = 0;
  for (int i = 0; i < 3000; i++) {
    pthread_kill(t[i % 3], i % 2 ? SIGUSR1 : SIGUSR2);
    union sigval v = {.sival_int = i};
    if (i % 10 == 0 && sigqueue(getpid(), SIGRTMIN, v) == 0) {
      queued++;
    }
    if (i % 100 == 0) {
      usleep(1000);
    }
  }
  memset(&it, 0, sizeof it);
  setitimer(ITIMER_REAL, &it, NULL);
  usleep(20000);
  stop = 1;
  long wrong = 0;
  for (int i = 0; i < 3; i++) {
    void *result;
    pthread_join(t[i], &result);
    wrong += (long)result;
  }
  printf("wrong %ld usr1 %d usr2 %d alarm %d queued all %d\n", wrong, hits[0] > 0, hits[1] > 0,
         hits[2] > 0, hits[3] == queued);
  return 0;
}

static void *spin(void *arg) {
  (void)arg;
  while (1) {
  }
  return NULL;
}

/* A thread that is not the first one executes another program. */
static void *execute(void *arg) {
  char *argv[] = {(char *)arg, "ids", NULL};
  usleep(5000);
  execv((char *)arg, argv);
  return NULL;
}

static int execer(char *self) {
  pthread_t t;
  printf("pid %d\n", getpid() > 0);
  fflush(stdout);
  for (int i = 0; i < 3; i++) {
    pthread_create(&t, NULL, spin, NULL);
  }
  pthread_create(&t, NULL, execute, self);
  pause();
  return 9;
}

static int ids(void) {
  printf("same ids %d\n", getpid() == (int)syscall(SYS_gettid));
  return 11;
}

/* Loops for ever in all threads; only a signal ends it. */
static int looper(int sig) {
  pid_t pid = fork();
  if (pid == 0) {
    pthread_t t;
    pthread_create(&t, NULL, spin, NULL);
    spin(NULL);
  }
  usleep(20000);
  kill(pid, sig);
  int status;
  struct timespec a, b;
  clock_gettime(CLOCK_MONOTONIC, &a);
  waitpid(pid, &status, 0);
  clock_gettime(CLOCK_MONOTONIC, &b);
  printf("killed %d by %d soon %d\n", WIFSIGNALED(status), WTERMSIG(status), b.tv_sec - a.tv_sec < 5);
  return 0;
}

/* exit_group from one thread ends threads that sleep, spin and wait. */
static void *leaver(void *arg) {
  (void)arg;
  usleep(5000);
  exit(21);
}

static int leave(void) {
  pthread_t t;
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_create(&t, NULL, spin, NULL);
  pthread_create(&t, NULL, leaver, NULL);
  pthread_mutex_lock(&m);
  pthread_mutex_lock(&m);
  return 9;
}

/* The first thread leaves by pthread_exit; the process ends with the last one. */
static void *last(void *arg) {
  (void)arg;
  usleep(20000);
  printf("last\n");
  fflush(stdout);
  return NULL;
}

static int first(void) {
  pthread_t t;
  pthread_create(&t, NULL, last, NULL);
  pthread_exit(NULL);
}

/* A robust mutex whose owner dies. */
static pthread_mutex_t robust;
static void *dier(void *arg) {
  (void)arg;
  pthread_mutex_lock(&robust);
  return NULL;
}

static int robustness(void) {
  pthread_mutexattr_t attr;
  pthread_t t;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&robust, &attr);
  pthread_create(&t, NULL, dier, NULL);
  pthread_join(t, NULL);
  int result = pthread_mutex_lock(&robust);
  printf("owner died %d\n", result == EOWNERDEAD);
  return 0;
}

/* Orphans, sessions, groups. */
static int families(void) {
  int fds[2];
  if (pipe(fds)) {
    return 1;
  }
  pid_t pid = fork();
  if (pid == 0) {
    setsid();
    if (fork() == 0) {
      usleep(20000);
      dprintf(fds[1], "orphan: leader gone %d session ok %d\n", getppid() == 1, getsid(0) != getpid());
      _exit(0);
    }
    _exit(0);
  }
  waitpid(pid, NULL, 0);
  close(fds[1]);
  char line[200];
  ssize_t n = read(fds[0], line, sizeof line);
  printf("%.*s", (int)n, line);
  pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    for (int i = 0; i < 3; i++) {
      if (fork() == 0) {
        pause();
      }
    }
    pause();
  }
  usleep(30000);
  printf("group %d\n", getpgid(pid) == pid);
  kill(-pid, SIGTERM);
  int status;
  waitpid(pid, &status, 0);
  printf("group ended by %d\n", WTERMSIG(status));
  signal(SIGCHLD, SIG_IGN);
  pid = fork();
  if (pid == 0) {
    _exit(3);
  }
  printf("nothing to wait for %d\n", waitpid(pid, &status, 0) < 0 && errno == ECHILD);
  return 0;
}

/* POSIX timers and the clocks. */
static int timers(void) {
  install();
  struct sigevent ev;
  memset(&ev, 0, sizeof ev);
  ev.sigev_notify = SIGEV_SIGNAL;
  ev.sigev_signo = SIGUSR1;
  timer_t id;
  printf("create %d\n", timer_create(CLOCK_MONOTONIC, &ev, &id));
  struct itimerspec its = {{0, 2000000}, {0, 1000000}};
  timer_settime(id, 0, &its, NULL);
  while (hits[0] < 5) {
    pause();
  }
  memset(&its, 0, sizeof its);
  timer_settime(id, 0, &its, NULL);
  timer_gettime(id, &its);
  printf("disarmed %d\n", its.it_value.tv_sec == 0 && its.it_value.tv_nsec == 0);
  printf("delete %d\n", timer_delete(id));
  struct itimerval it = {{0, 0}, {0, 20000}};
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_handler = hit;
  sigaction(SIGPROF, &sa, NULL);
  int before = hits[3];
  setitimer(ITIMER_PROF, &it, NULL);
  while (hits[3] == before) {
  }
  printf("prof\n");
  struct timespec ts;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
  printf("cpu time %d\n", ts.tv_sec * 1000000000L + ts.tv_nsec >= 15000000);
  clockid_t clock;
  pthread_getcpuclockid(pthread_self(), &clock);
  printf("thread clock %d\n", clock_gettime(clock, &ts));
  ts.tv_sec = 0;
  ts.tv_nsec = 5000000;
  printf("absolute %d\n", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL));
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    return 1;
  }
  if (!strcmp(argv[1], "storm")) return storm();
  if (!strcmp(argv[1], "exec")) return execer(argv[0]);
  if (!strcmp(argv[1], "ids")) return ids();
  if (!strcmp(argv[1], "loopkill")) return looper(SIGKILL);
  if (!strcmp(argv[1], "loopterm")) return looper(SIGTERM);
  if (!strcmp(argv[1], "leave")) return leave();
  if (!strcmp(argv[1], "first")) return first();
  if (!strcmp(argv[1], "robust")) return robustness();
  if (!strcmp(argv[1], "families")) return families();
  if (!strcmp(argv[1], "timers")) return timers();
  return 2;
}
