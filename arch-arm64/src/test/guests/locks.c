/* Futexes of every kind: priority inheritance, robust, vectors, requeue; one line for each step. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct waitv {
  uint64_t val, uaddr;
  uint32_t flags, reserved;
};
enum { WAITV = 449, WAKE2 = 454, WAIT2 = 455, REQUEUE2 = 456, U32 = 2, PRIVATE = 128 };

static const char *name(long result) {
  static char text[32];
  if (result >= 0) {
    snprintf(text, sizeof text, "%ld", result);
    return text;
  }
  return errno == ENOSYS ? "ENOSYS" : strerrorname_np(errno);
}

static long futex(int *word, int op, int val, void *timeout, int *word2, int val3) {
  return syscall(SYS_futex, word, op, val, timeout, word2, val3);
}

static void say(const char *what, long result) { printf("%s %s\n", what, name(result)); }

static struct timespec in(int clock, long millis) {
  struct timespec t;
  clock_gettime(clock, &t);
  t.tv_nsec += millis * 1000000;
  t.tv_sec += t.tv_nsec / 1000000000;
  t.tv_nsec %= 1000000000;
  return t;
}

static int state(pid_t tid) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
  FILE *file = fopen(path, "r");
  if (!file) {
    return 0;
  }
  size_t got = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[got] = 0;
  return strrchr(text, ')')[2];
}

/* Waits until a thread sleeps. */
static void asleep(volatile int *tid) {
  while (*tid == 0 || state(*tid) != 'S') {
    usleep(1000);
  }
}

static int word, word2, pi;
static long thread_result;
static volatile int tids[4];

static void *take_pi(void *arg) {
  int me = (int)(long)arg;
  tids[me] = gettid();
  long result = futex(&pi, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
  int own = (pi & FUTEX_TID_MASK) == gettid();
  printf("waiter %d got it %s own %d died %d\n", me, name(result), own, !!(pi & FUTEX_OWNER_DIED));
  if (me == 3) {
    return NULL; /* ends with the lock */
  }
  futex(&pi, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
  return NULL;
}

static int mine, theirs, held, release;

static void *cross(void *arg) {
  (void)arg;
  tids[0] = gettid();
  futex(&theirs, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
  tids[1] = gettid();
  thread_result = futex(&mine, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
  futex(&mine, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
  futex(&theirs, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
  return NULL;
}

static void *hold(void *arg) {
  (void)arg;
  futex(&held, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
  tids[0] = gettid();
  futex(&release, FUTEX_WAIT, 0, NULL, NULL, 0);
  thread_result = futex(&held, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
  return NULL;
}

static void priority(void) {
  struct timespec past = {1, 0}, soon = in(CLOCK_MONOTONIC, 20);
  struct timespec bad = {0, 1000000000};
  say("unlock not owned", futex(&pi, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
  say("lock free", futex(&pi, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
  printf("word %d\n", pi == gettid());
  say("lock again", futex(&pi, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
  say("try again", futex(&pi, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
  say("misaligned", futex((int *)((char *)&pi + 1), FUTEX_LOCK_PI, 0, NULL, NULL, 0));
  say("bad time", futex(&pi, FUTEX_LOCK_PI, 0, &bad, NULL, 0));
  pthread_t threads[4];
  for (long i = 0; i < 4; i++) {
    pthread_create(&threads[i], NULL, take_pi, (void *)i);
    asleep(&tids[i]);
  }
  printf("waiters %d\n", pi == (gettid() | (int)FUTEX_WAITERS));
  long unlocked = futex(&pi, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
  }
  say("unlock", unlocked);
  pi = 0x3ffffff0;
  say("no such owner", futex(&pi, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
  pi = FUTEX_OWNER_DIED;
  say("owner died", futex(&pi, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
  printf("word %d\n", pi == (gettid() | FUTEX_OWNER_DIED));
  say("unlock", futex(&pi, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
  printf("word %x\n", pi);

  memset((void *)tids, 0, sizeof tids);
  futex(&mine, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
  pthread_create(&threads[0], NULL, cross, NULL);
  asleep(&tids[1]);
  say("cycle", futex(&theirs, FUTEX_LOCK_PI, 0, &past, NULL, 0));
  say("cycle", futex(&theirs, FUTEX_LOCK_PI2, 0, &soon, NULL, 0));
  say("busy", futex(&theirs, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
  say("unlock", futex(&mine, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
  pthread_join(threads[0], NULL);
  say("crossed", thread_result);

  tids[0] = 0;
  pthread_create(&threads[0], NULL, hold, NULL);
  asleep(&tids[0]);
  say("timed out", futex(&held, FUTEX_LOCK_PI, 0, &past, NULL, 0));
  soon = in(CLOCK_MONOTONIC, 10);
  say("timed out", futex(&held, FUTEX_LOCK_PI2, 0, &soon, NULL, 0));
  release = 1;
  futex(&release, FUTEX_WAKE, 1, NULL, NULL, 0);
  pthread_join(threads[0], NULL);
  say("held", thread_result);
  printf("word %x\n", held);
}

struct shared {
  pthread_mutex_t mutex;
  long count;
};

static void mutexes(void) {
  struct shared *s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  printf("init %d\n", pthread_mutex_init(&s->mutex, &attributes));
  printf("lock %d\n", pthread_mutex_lock(&s->mutex));
  printf("lock %s\n", strerrorname_np(pthread_mutex_lock(&s->mutex)));
  printf("unlock %d\n", pthread_mutex_unlock(&s->mutex));
  fflush(stdout);
  for (int i = 0; i < 3; i++) {
    if (fork() == 0) {
      for (int n = 0; n < 3000; n++) {
        pthread_mutex_lock(&s->mutex);
        s->count++;
        pthread_mutex_unlock(&s->mutex);
      }
      _exit(0);
    }
  }
  while (wait(NULL) > 0) {
  }
  printf("count %ld\n", s->count);
  if (fork() == 0) {
    pthread_mutex_lock(&s->mutex);
    _exit(0);
  }
  wait(NULL);
  printf("after death %s\n", strerrorname_np(pthread_mutex_lock(&s->mutex)));
  printf("consistent %d\n", pthread_mutex_consistent(&s->mutex));
  printf("unlock %d\n", pthread_mutex_unlock(&s->mutex));
}

static void *wait_word(void *arg) {
  tids[0] = gettid();
  thread_result = futex(arg, FUTEX_WAIT_BITSET, 0, NULL, NULL, 6);
  return NULL;
}

static void *wait_vector(void *arg) {
  tids[0] = gettid();
  thread_result = syscall(WAITV, arg, 2, 0, NULL, 0);
  return NULL;
}

static void on_alarm(int number) { (void)number; }

static void vectors(void) {
  struct waitv v[2] = {{0, (uintptr_t)&word, U32 | PRIVATE, 0}, {0, (uintptr_t)&word2, U32, 0}};
  struct timespec soon = in(CLOCK_MONOTONIC, 10);
  struct timespec bad = {0, -1};
  pthread_t thread;
  say("none", syscall(WAITV, v, 0, 0, NULL, 0));
  say("flags", syscall(WAITV, v, 2, 1, NULL, 0));
  say("many", syscall(WAITV, v, 129, 0, NULL, 0));
  say("no vector", syscall(WAITV, NULL, 2, 0, NULL, 0));
  say("clock", syscall(WAITV, v, 2, 0, &soon, CLOCK_BOOTTIME));
  say("time", syscall(WAITV, v, 2, 0, &bad, CLOCK_MONOTONIC));
  say("time out", syscall(WAITV, v, 2, 0, &soon, CLOCK_MONOTONIC));
  v[1].val = 5;
  say("value", syscall(WAITV, v, 2, 0, NULL, 0));
  v[1].val = 1UL << 32;
  say("wide value", syscall(WAITV, v, 2, 0, NULL, 0));
  v[1].val = 0;
  v[1].flags = 3;
  say("64 bits", syscall(WAITV, v, 2, 0, NULL, 0));
  v[1].flags = U32;
  v[1].reserved = 1;
  say("reserved", syscall(WAITV, v, 2, 0, NULL, 0));
  v[1].reserved = 0;
  v[1].uaddr = 16;
  say("address", syscall(WAITV, v, 2, 0, NULL, 0));
  v[1].uaddr = (uintptr_t)&word2 + 2;
  say("misaligned", syscall(WAITV, v, 2, 0, NULL, 0));
  v[1].uaddr = (uintptr_t)&word2;
  for (int i = 0; i < 2; i++) {
    tids[0] = 0;
    pthread_create(&thread, NULL, wait_vector, v);
    asleep(&tids[0]);
    say("other scope", futex(&word2, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9, NULL, NULL, 0));
    say("wake", i ? syscall(WAKE2, &word2, -1U, 1, U32)
                  : futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0));
    pthread_join(thread, NULL);
    say("vector", thread_result);
  }
  say("nobody left", futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9, NULL, NULL, 0));

  struct sigaction action = {.sa_handler = on_alarm};
  sigaction(SIGALRM, &action, NULL);
  ualarm(20000, 0);
  say("interrupted", syscall(WAITV, v, 2, 0, NULL, 0));
  say("wait2 value", syscall(WAIT2, &word, 1UL, -1U, U32, NULL, 0));
  say("wait2 mask", syscall(WAIT2, &word, 0UL, 0UL, U32, NULL, 0));
  say("wait2 wide", syscall(WAIT2, &word, 0UL, 1UL << 32, U32, NULL, 0));
  say("wait2 size", syscall(WAIT2, &word, 0UL, -1U, 1, NULL, 0));
  say("wait2 flags", syscall(WAIT2, &word, 0UL, -1U, U32 | 64, NULL, 0));
  soon = in(CLOCK_REALTIME, 5);
  say("wait2", syscall(WAIT2, &word, 0UL, -1U, U32, &soon, CLOCK_REALTIME));

  tids[0] = 0;
  pthread_create(&thread, NULL, wait_word, &word);
  asleep(&tids[0]);
  struct waitv move[2] = {{1, (uintptr_t)&word, U32, 0}, {0, (uintptr_t)&word2, U32, 0}};
  say("requeue value", syscall(REQUEUE2, move, 0, 0, 1));
  move[0].val = 0;
  say("requeue flags", syscall(REQUEUE2, move, 1, 0, 1));
  say("requeue", syscall(REQUEUE2, move, 0, 0, 1));
  say("not here", futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0));
  say("other bits", futex(&word2, FUTEX_WAKE_BITSET, 1, NULL, NULL, 1));
  say("here", futex(&word2, FUTEX_WAKE_BITSET, 1, NULL, NULL, 2));
  pthread_join(thread, NULL);
  say("woken", thread_result);
}

static void operations(void) {
  struct timespec soon = {0, 1000000};
  pthread_t thread;
  say("real time", futex(&word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 0, &soon, NULL, 0));
  say("no command", futex(&word, 99, 0, NULL, NULL, 0));
  tids[0] = 0;
  pthread_create(&thread, NULL, wait_word, &word);
  asleep(&tids[0]);
  say("cmp requeue", futex(&word, FUTEX_CMP_REQUEUE, 0, (void *)1, &word2, 7));
  say("cmp requeue", futex(&word, FUTEX_CMP_REQUEUE, 0, (void *)1, &word2, 0));
  say("negative", futex(&word, FUTEX_CMP_REQUEUE, -1, (void *)1, &word2, 0));
  say("bad op", futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &word2, FUTEX_OP(7, 1, 0, 0)));
  int add = FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 0);
  say("wake op", futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &word2, add));
  printf("word %d\n", word2);
  pthread_join(thread, NULL);
  say("woken", thread_result);
  int shift = FUTEX_OP(FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 4, FUTEX_OP_CMP_LT, -1);
  say("shifted", futex(&word, FUTEX_WAKE_OP, 1, (void *)1, &word2, shift));
  printf("word %d\n", word2);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  priority();
  mutexes();
  vectors();
  operations();
  return 0;
}
