/* Threads, mutexes, condition variables, thread-local storage, barriers, cancellation: prints totals. */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define THREADS 8
#define ROUNDS 2000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t sem;
static long counter;
static atomic_long atomics;
static __thread int own;
static int turn;

static void *count(void *arg) {
  own = (int)(long)arg;
  for (int i = 0; i < ROUNDS; i++) {
    pthread_mutex_lock(&mutex);
    counter++;
    pthread_mutex_unlock(&mutex);
    atomic_fetch_add(&atomics, 2);
  }
  pthread_barrier_wait(&barrier);
  return (void *)(long)(own * 10);
}

static void *pingpong(void *arg) {
  int me = (int)(long)arg;
  for (int i = 0; i < ROUNDS; i++) {
    pthread_mutex_lock(&mutex);
    while (turn != me) {
      pthread_cond_wait(&cond, &mutex);
    }
    turn = !turn;
    pthread_cond_broadcast(&cond);
    pthread_mutex_unlock(&mutex);
  }
  return NULL;
}

static void *sleeper(void *arg) {
  (void)arg;
  while (1) {
    sem_wait(&sem);
  }
  return NULL;
}

int main(void) {
  pthread_t t[THREADS];
  long sum = 0;
  pthread_barrier_init(&barrier, NULL, THREADS);
  sem_init(&sem, 0, 0);
  for (long i = 0; i < THREADS; i++) {
    pthread_create(&t[i], NULL, count, (void *)i);
  }
  for (int i = 0; i < THREADS; i++) {
    void *result;
    pthread_join(t[i], &result);
    sum += (long)result;
  }
  printf("counter %ld atomics %ld sum %ld own %d\n", counter, (long)atomics, sum, own);
  pthread_create(&t[0], NULL, pingpong, (void *)0);
  pthread_create(&t[1], NULL, pingpong, (void *)1);
  pthread_join(t[0], NULL);
  pthread_join(t[1], NULL);
  printf("turn %d\n", turn);
  pthread_create(&t[0], NULL, sleeper, NULL);
  usleep(10000);
  pthread_cancel(t[0]);
  void *result;
  pthread_join(t[0], &result);
  printf("cancelled %d\n", result == PTHREAD_CANCELED);
  for (int i = 0; i < 200; i++) {
    pthread_create(&t[0], NULL, count, (void *)1L);
    pthread_detach(t[0]);
    if (i == 0) {
      break; /* it waits at the barrier for ever: exit_group ends it */
    }
  }
  printf("main thread %d\n", (int)syscall(SYS_gettid) == getpid());
  return 3;
}
