/*
 * Signals, futexes, pipes, threads that end and processes that come and go, all at once. Arguments: seconds,
 * or 0 and a number of rounds. Prints what has to hold at the end; a hang is for the caller to notice.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 16, ITEMS = 400 };

static atomic_int stop;
static atomic_long wrong, alarms, kills, handled;
static char *self;

static void bad(const char *what, long value) {
  wrong++;
  fprintf(stderr, "%s: %ld (errno %d)\n", what, value, errno);
}

static void on_alarm(int number) {
  int before = errno;
  (void)number;
  alarms++;
  getppid();
  errno = before;
}

static void on_usr(int number) {
  (void)number;
  handled++;
}

/* A queue under a mutex and two condition variables: what goes in comes out, in number and sum. */
struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t not_full, not_empty;
  long slots[SLOTS];
  int used, first;
};

static void put(struct queue *q, long value) {
  pthread_mutex_lock(&q->mutex);
  while (q->used == SLOTS) {
    pthread_cond_wait(&q->not_full, &q->mutex);
  }
  q->slots[(q->first + q->used++) % SLOTS] = value;
  pthread_cond_signal(&q->not_empty);
  pthread_mutex_unlock(&q->mutex);
}

static long take(struct queue *q) {
  pthread_mutex_lock(&q->mutex);
  while (q->used == 0) {
    pthread_cond_wait(&q->not_empty, &q->mutex);
  }
  long value = q->slots[q->first];
  q->first = (q->first + 1) % SLOTS;
  q->used--;
  pthread_cond_signal(&q->not_full);
  pthread_mutex_unlock(&q->mutex);
  return value;
}

static void *produce(void *arg) {
  for (long i = 1; i <= ITEMS; i++) {
    put(arg, i);
  }
  return NULL;
}

static void *consume(void *arg) {
  long sum = 0;
  for (long i = 1; i <= ITEMS; i++) {
    sum += take(arg);
  }
  return (void *)sum;
}

static void queues(void) {
  struct queue q = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER,
                    {0}, 0, 0};
  pthread_t threads[4];
  long sum = 0;
  for (int i = 0; i < 4; i++) {
    pthread_create(&threads[i], NULL, i % 2 ? produce : consume, &q);
  }
  for (int i = 0; i < 4; i++) {
    void *result;
    pthread_join(threads[i], &result);
    sum += (long)result;
  }
  if (sum != (long)ITEMS * (ITEMS + 1)) {
    bad("sum of the queue", sum);
  }
}

/* Reads and writes that signals interrupt all the time and that SA_RESTART begins again. */
static void *fill(void *arg) {
  char buffer[997];
  memset(buffer, 'x', sizeof buffer);
  for (int i = 0; i < 300; i++) {
    ssize_t done = 0;
    while (done < (ssize_t)sizeof buffer) {
      ssize_t n = write(*(int *)arg, buffer + done, sizeof buffer - done);
      if (n < 0) {
        bad("write", n);
        return NULL;
      }
      done += n;
    }
  }
  close(*(int *)arg);
  return NULL;
}

static void pipes(void) {
  int ends[2];
  char buffer[4096];
  long total = 0;
  ssize_t n;
  pthread_t writer;
  if (pipe(ends) != 0) {
    bad("pipe", 0);
    return;
  }
  pthread_create(&writer, NULL, fill, &ends[1]);
  while ((n = read(ends[0], buffer, sizeof buffer)) > 0) {
    total += n;
  }
  if (n < 0 || total != 300 * 997) {
    bad("read", total);
  }
  pthread_join(writer, NULL);
  close(ends[0]);
}

static void *nothing(void *arg) { return arg; }

static void *leave(void *arg) {
  pthread_t other;
  pthread_create(&other, NULL, nothing, arg);
  pthread_detach(other);
  syscall(SYS_exit, 0); /* the last words are the kernel's: clear_child_tid, robust list */
  return NULL;
}

/* Threads that end in every way while others run. */
static void threads(void) {
  for (int i = 0; i < 6; i++) {
    pthread_t one;
    void *result;
    if (pthread_create(&one, NULL, i % 3 == 2 ? leave : nothing, (void *)(long)i) != 0) {
      bad("pthread_create", i);
      continue;
    }
    pthread_join(one, &result);
    if (i % 3 != 2 && (long)result != i) {
      bad("thread", (long)result);
    }
  }
}

/* fork, exec, death by signal, with several threads alive and a timer running. */
static void processes(int round) {
  int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t children[4];
  for (int i = 0; i < 4; i++) {
    children[i] = fork();
    if (children[i] == 0) {
      char code[16];
      switch (i) {
        case 0:
          _exit(round & 63);
        case 1:
          snprintf(code, sizeof code, "%d", round & 63);
          execl(self, self, "exec", code, NULL);
          _exit(99);
        case 2:
          while (1) {
            pause();
          }
        default:
          __atomic_add_fetch(shared, 1, __ATOMIC_SEQ_CST);
          abort();
      }
    }
  }
  kill(children[2], SIGKILL);
  for (int i = 0; i < 4; i++) {
    int status, expected = i < 2 ? (round & 63) << 8 : i == 2 ? SIGKILL : SIGABRT;
    if (waitpid(children[i], &status, 0) != children[i] || (status & 0xff7f) != expected) {
      bad("child", status);
    }
  }
  if (*shared != 1) {
    bad("shared", *shared);
  }
  munmap(shared, 4096);
}

static pthread_t workers[3];

static void *work(void *arg) {
  long me = (long)arg;
  int rounds = 0;
  while (!stop) {
    switch ((me + rounds) % 3) {
      case 0:
        queues();
        break;
      case 1:
        pipes();
        break;
      default:
        threads();
    }
    rounds++;
  }
  return (void *)(long)rounds;
}

int main(int argc, char **argv) {
  if (argc > 2 && strcmp(argv[1], "exec") == 0) {
    return atoi(argv[2]);
  }
  self = argv[0];
  int seconds = argc > 1 ? atoi(argv[1]) : 0;
  int most = argc > 2 ? atoi(argv[2]) : 20;
  struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  action.sa_handler = on_usr;
  sigaction(SIGUSR1, &action, NULL);
  struct itimerval often = {{0, 2000}, {0, 2000}};
  setitimer(ITIMER_REAL, &often, NULL);
  for (long i = 0; i < 3; i++) {
    pthread_create(&workers[i], NULL, work, (void *)i);
  }
  time_t end = time(NULL) + seconds;
  int round = 0;
  for (; seconds ? time(NULL) < end : round < most; round++) {
    for (int i = 0; i < 3; i++) {
      if (pthread_kill(workers[i], SIGUSR1) == 0) {
        kills++;
      }
    }
    processes(round);
  }
  stop = 1;
  long rounds = 0;
  for (int i = 0; i < 3; i++) {
    void *result;
    pthread_join(workers[i], &result);
    rounds += (long)result;
  }
  struct itimerval never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &never, NULL);
  if (waitpid(-1, NULL, 0) != -1 || errno != ECHILD) {
    bad("children left", 0);
  }
  fprintf(stderr, "%d rounds, %ld of threads, %ld alarms, %ld of %ld signals\n", round, rounds,
          (long)alarms, (long)handled, (long)kills);
  printf("wrong %ld alarms %d handled %d worked %d\n", (long)wrong, alarms > 0,
         handled > 0 && handled <= kills, rounds > 0);
  return wrong != 0;
}
