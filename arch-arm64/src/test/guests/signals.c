/* What signal handlers see and leave behind. Prints facts that do not depend on addresses. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static sigjmp_buf back;
static volatile int code, number;
static void *volatile address;
static volatile uint64_t pc, saved_fault;
static volatile int on_alt;
static char *alt;

static void fault(int sig, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  number = sig;
  code = info->si_code;
  address = info->si_addr;
  pc = uc->uc_mcontext.pc;
  saved_fault = uc->uc_mcontext.fault_address;
  char here;
  on_alt = alt && &here >= alt && &here < alt + 65536;
  siglongjmp(back, 1);
}

static void install(int sig, int flags) {
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_sigaction = fault;
  sa.sa_flags = SA_SIGINFO | flags;
  sigaction(sig, &sa, NULL);
}

static volatile int hits;
static void count(int sig) { hits += sig; }

static void set(int sig, void (*handler)(int), int flags) {
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_handler = handler;
  sa.sa_flags = flags;
  sigaction(sig, &sa, NULL);
}

static int order[64], orders;
static void note(int sig, siginfo_t *info, void *context) {
  (void)context;
  order[orders++] = sig * 1000 + info->si_value.sival_int;
}

int main(void) {
  install(SIGSEGV, 0);
  install(SIGBUS, 0);
  install(SIGILL, 0);
  install(SIGTRAP, 0);
  if (!sigsetjmp(back, 1)) {
    *(volatile int *)0x10 = 1;
  }
  printf("null: sig %d code %d addr %p fault %lx\n", number, code, address, (long)saved_fault);
  char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (!sigsetjmp(back, 1)) {
    page[5] = 1;
  }
  printf("readonly: sig %d code %d addr ok %d\n", number, code, address == page + 5);
  if (!sigsetjmp(back, 1)) {
    ((void (*)(void))page)();
  }
  printf("noexec: sig %d code %d addr ok %d pc ok %d\n", number, code, address == page,
         pc == (uint64_t)page);
  if (!sigsetjmp(back, 1)) {
    __asm__ volatile(".inst 0x00000000");
  }
  printf("undefined: sig %d code %d pc ok %d\n", number, code, pc == (uint64_t)address);
  if (!sigsetjmp(back, 1)) {
    __asm__ volatile("brk #7");
  }
  printf("brk: sig %d code %d pc ok %d\n", number, code, pc == (uint64_t)address);

  stack_t ss = {0};
  alt = malloc(65536);
  ss.ss_sp = alt;
  ss.ss_size = 65536;
  sigaltstack(&ss, NULL);
  install(SIGSEGV, SA_ONSTACK);
  if (!sigsetjmp(back, 1)) {
    *(volatile int *)8 = 1;
  }
  printf("alternate stack: %d\n", on_alt);
  sigaltstack(NULL, &ss);
  printf("flags outside %d size %zu\n", ss.ss_flags, ss.ss_size);

  /* Registers, flags and FP registers survive a handler. */
  set(SIGUSR1, count, 0);
  double d = 1.5;
  register uint64_t x19 __asm__("x19") = 0x1122334455667788;
  __asm__ volatile("" : "+r"(x19));
  raise(SIGUSR1);
  __asm__ volatile("" : "+r"(x19));
  printf("kept %lx %.2f hits %d\n", (long)x19, d * 2, hits);

  /* Masks, pending, one standard signal only, real-time ones queue. */
  sigset_t block, old, pending;
  sigemptyset(&block);
  sigaddset(&block, SIGUSR1);
  sigaddset(&block, SIGRTMIN);
  sigaddset(&block, SIGRTMIN + 1);
  sigprocmask(SIG_BLOCK, &block, &old);
  hits = 0;
  kill(getpid(), SIGUSR1);
  kill(getpid(), SIGUSR1);
  struct sigaction rt;
  memset(&rt, 0, sizeof rt);
  rt.sa_sigaction = note;
  rt.sa_flags = SA_SIGINFO;
  sigfillset(&rt.sa_mask);
  sigaction(SIGRTMIN, &rt, NULL);
  sigaction(SIGRTMIN + 1, &rt, NULL);
  for (int i = 0; i < 3; i++) {
    union sigval v = {.sival_int = i};
    sigqueue(getpid(), SIGRTMIN + 1, v);
    sigqueue(getpid(), SIGRTMIN, v);
  }
  sigpending(&pending);
  printf("pending %d %d hits %d\n", sigismember(&pending, SIGUSR1),
         sigismember(&pending, SIGRTMIN), hits);
  sigprocmask(SIG_SETMASK, &old, NULL);
  printf("after %d:", hits);
  for (int i = 0; i < orders; i++) {
    printf(" %d", order[i] - SIGRTMIN * 1000);
  }
  printf("\n");

  /* Interrupted calls. */
  int fds[2];
  char byte;
  if (pipe(fds)) {
    return 1;
  }
  set(SIGALRM, count, 0);
  struct itimerval it = {{0, 0}, {0, 50000}};
  hits = 0;
  setitimer(ITIMER_REAL, &it, NULL);
  ssize_t n = read(fds[0], &byte, 1);
  printf("read %zd errno %d hits %d\n", n, n < 0 ? errno : 0, hits);
  set(SIGALRM, count, SA_RESTART);
  pid_t pid = fork();
  if (pid == 0) {
    usleep(150000);
    if (write(fds[1], "x", 1) != 1) {
      _exit(9);
    }
    _exit(4);
  }
  hits = 0;
  setitimer(ITIMER_REAL, &it, NULL);
  n = read(fds[0], &byte, 1);
  printf("restarted read %zd hits %d\n", n, hits);
  int status;
  while (waitpid(pid, &status, 0) < 0) {
  }
  printf("child %d %d\n", WIFEXITED(status), WEXITSTATUS(status));
  struct timespec ts = {5, 0}, rem = {0, 0};
  setitimer(ITIMER_REAL, &it, NULL);
  n = nanosleep(&ts, &rem);
  printf("nanosleep %zd errno %d left %ld\n", n, errno, (long)rem.tv_sec);

  /* sigsuspend, sigtimedwait. */
  sigemptyset(&block);
  sigaddset(&block, SIGUSR2);
  sigprocmask(SIG_BLOCK, &block, NULL);
  set(SIGUSR2, count, 0);
  hits = 0;
  kill(getpid(), SIGUSR2);
  sigset_t none;
  sigemptyset(&none);
  n = sigsuspend(&none);
  printf("sigsuspend %zd errno %d hits %d\n", n, errno, hits);
  siginfo_t info;
  union sigval v = {.sival_int = 77};
  sigqueue(getpid(), SIGUSR2, v);
  n = sigwaitinfo(&block, &info);
  printf("sigwaitinfo %zd value %d code %d pid ok %d\n", n, info.si_value.sival_int, info.si_code,
         info.si_pid == getpid());
  ts.tv_sec = 0;
  ts.tv_nsec = 10000000;
  n = sigtimedwait(&block, NULL, &ts);
  printf("sigtimedwait %zd errno %d\n", n, errno);

  /* A child that is stopped, continued and killed. */
  pid = fork();
  if (pid == 0) {
    while (1) {
      pause();
    }
  }
  kill(pid, SIGSTOP);
  waitpid(pid, &status, WUNTRACED);
  printf("stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
  kill(pid, SIGCONT);
  waitpid(pid, &status, WCONTINUED);
  printf("continued %d\n", WIFCONTINUED(status));
  kill(pid, SIGKILL);
  siginfo_t wi;
  memset(&wi, 0, sizeof wi);
  waitid(P_PID, pid, &wi, WEXITED | WNOWAIT);
  printf("waitid code %d status %d\n", wi.si_code, wi.si_status);
  waitpid(pid, &status, 0);
  printf("killed %d by %d\n", WIFSIGNALED(status), WTERMSIG(status));
  printf("no child %d errno %d\n", waitpid(-1, &status, 0), errno);
  fflush(stdout);
  set(SIGSEGV, SIG_DFL, 0);
  *(volatile int *)0 = 1;
  return 0;
}
