/* Restartable sequences: what the C library registered, and sequences that are interrupted. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/membarrier.h>
#include <linux/rseq.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static volatile unsigned long handler_pc;
static unsigned long abort_address;

static struct rseq *own(void) {
  return (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
}

static void on_alarm(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)info;
  handler_pc = ((ucontext_t *)context)->uc_mcontext.pc;
}

/* A sequence that never commits; 1 when it was aborted. */
static int spin(volatile int *inside) {
  int aborted;
  __asm__ volatile(
      "  .pushsection .data.rel.ro, \"aw\"\n"
      "  .balign 32\n"
      "9: .word 0, 0\n"
      "  .quad 1f, 2f - 1f, 3f\n"
      "  .popsection\n"
      "  adrp x9, 3f\n"
      "  add x9, x9, :lo12:3f\n"
      "  str x9, %[place]\n"
      "  adrp x9, 9b\n"
      "  add x9, x9, :lo12:9b\n"
      "  str x9, %[cs]\n"
      "1: mov w9, #1\n"
      "  str w9, %[inside]\n"
      "  add w10, w10, #1\n"
      "  b 1b\n"
      "2: mov %w[aborted], #0\n"
      "  b 4f\n"
      "  .inst 0xd428bc00\n"
      "3: mov %w[aborted], #1\n"
      "4:\n"
      : [aborted] "=r"(aborted), [cs] "=m"(own()->rseq_cs), [inside] "=m"(*inside),
        [place] "=m"(abort_address)
      :
      : "x9", "x10", "memory");
  return aborted;
}

static volatile int inside;

static void *spinner(void *arg) {
  (void)arg;
  return (void *)(long)spin(&inside);
}

static void *other(void *arg) {
  int *ids = arg;
  ids[1] = own()->cpu_id;
  return NULL;
}

static long rseq(struct rseq *area, unsigned size, int flags, unsigned sig) {
  errno = 0;
  return syscall(SYS_rseq, area, size, flags, sig) < 0 ? errno : 0;
}

int main(void) {
  struct rseq *area = own();
  printf("size %u start %d same %d sched %d\n", __rseq_size, area->cpu_id_start == area->cpu_id,
         (int)area->cpu_id >= 0, sched_getcpu() == (int)area->cpu_id);
  printf("auxv %lu %lu\n", getauxval(27), getauxval(28));
  printf("again %d other %d length %d sig %d flags %d\n", rseq(area, 32, 0, RSEQ_SIG) == EBUSY,
         rseq(area + 1, 32, 0, RSEQ_SIG) == EINVAL, rseq(area, 64, 0, RSEQ_SIG) == EINVAL,
         rseq(area, 32, 0, 7) == EPERM, rseq(area, 32, 2, RSEQ_SIG) == EINVAL);
  int ids[2] = {(int)area->cpu_id, -5};
  pthread_t thread;
  pthread_create(&thread, NULL, other, ids);
  pthread_join(thread, NULL);
  printf("own number %d\n", ids[1] == -1 || (ids[1] >= 0 && ids[0] != ids[1]));

  struct sigaction action = {.sa_sigaction = on_alarm, .sa_flags = SA_SIGINFO};
  sigaction(SIGALRM, &action, NULL);
  struct itimerval soon = {{0, 0}, {0, 20000}};
  setitimer(ITIMER_REAL, &soon, NULL);
  printf("aborted %d", spin(&inside));
  printf(" before the handler %d cleared %d\n", handler_pc == abort_address, area->rseq_cs == 0);

  printf("register %ld\n",
         syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, 0));
  inside = 0;
  pthread_create(&thread, NULL, spinner, NULL);
  while (!inside) {
    sched_yield();
  }
  printf("barrier %ld", syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 0, 0));
  void *result;
  pthread_join(thread, &result);
  printf(" aborted %ld\n", (long)result);

  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    struct itimerval now = {{0, 0}, {0, 10000}};
    printf("inherited %d\n", (int)area->cpu_id >= 0 && rseq(area, 32, 0, RSEQ_SIG) == EBUSY);
    fflush(stdout);
    rseq(area, 32, 1, RSEQ_SIG);
    printf("unregistered %d\n", (int)area->cpu_id == -1);
    printf("another %ld\n", rseq(area, 32, 0, 0x12345678));
    fflush(stdout);
    setitimer(ITIMER_REAL, &now, NULL);
    spin(&inside); /* the word before the abort address is another one: killed */
    _exit(1);
  }
  int status;
  waitpid(child, &status, 0);
  printf("killed by %d\n", WTERMSIG(status));
  return 0;
}
