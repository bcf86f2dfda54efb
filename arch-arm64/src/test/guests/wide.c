/* Memory above 64 GiB: fixed places, hints, reservations, and everything that reaches them. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, RW = PROT_READ | PROT_WRITE, PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS };
#define AT(address) ((char *)(address))

static sigjmp_buf back;
static void *volatile fault_address;
static volatile int fault_code;

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  fault_address = info->si_addr;
  fault_code = info->si_code;
  siglongjmp(back, 1);
}

static void store(const char *what, char *at) {
  if (sigsetjmp(back, 1) == 0) {
    *(volatile char *)at = 1;
    printf("%s: stored\n", what);
  } else {
    printf("%s: code %d right %d\n", what, fault_code, fault_address == at);
  }
}

static char *fixed(unsigned long address, unsigned long bytes, int prot, int flags) {
  char *at = mmap(AT(address), bytes, prot, flags | MAP_FIXED, -1, 0);
  if (at != AT(address)) {
    printf("mmap at %lx: %p errno %d\n", address, at, errno);
    exit(1);
  }
  return at;
}

static void *work(void *arg) {
  atomic_int *count = arg;
  for (int i = 0; i < 20000; i++) {
    atomic_fetch_add(count, 1);
  }
  return NULL;
}

static unsigned long hash(const char *at, long bytes) {
  unsigned long h = 1469598103934665603UL;
  for (long i = 0; i < bytes; i++) {
    h = (h ^ (unsigned char)at[i]) * 1099511628211UL;
  }
  return h;
}

/* One add and a return, somewhere else. */
static long call(char *place) {
#ifdef __aarch64__
  unsigned code[] = {0x91001400, 0xd65f03c0}; /* add x0, x0, #5; ret */
#else
  unsigned char code[] = {0x48, 0x8d, 0x47, 5, 0xc3}; /* lea 5(%rdi), %rax; ret */
#endif
  memcpy(place, code, sizeof code);
  __builtin___clear_cache(place, place + sizeof code);
  mprotect(place, PAGE, PROT_READ | PROT_EXEC);
  long sum = 0;
  for (int i = 0; i < 100000; i++) {
    sum = ((long (*)(long))place)(sum);
  }
  return sum;
}

int main(void) {
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  setvbuf(stdout, NULL, _IONBF, 0);

  char *arena = mmap(AT(0x4000000000), 64 << 20, RW, PRIVATE, -1, 0);
  printf("hint followed %d\n", arena == AT(0x4000000000));
  for (int i = 0; i < 64 << 20; i += 1 << 16) {
    arena[i] = (char)(i >> 16);
  }
  memmove(arena + 3 * PAGE + 5, arena, 1 << 20);
  printf("arena %lx\n", hash(arena, 2 << 20));

  /* A shadow of 1 TiB, of which a little is used. */
  char *shadow = fixed(0x100000000000, 1UL << 40, RW, PRIVATE | MAP_NORESERVE);
  for (unsigned long i = 0; i < 1UL << 40; i += 1UL << 36) {
    shadow[i + i / 9973] = 1;
  }
  long sum = 0;
  for (unsigned long i = 0; i < 1UL << 40; i += 1UL << 36) {
    sum += shadow[i + i / 9973] + shadow[i + i / 9973 + 1];
  }
  printf("shadow %ld\n", sum);
  char *gap = fixed(0x280000000000, 4UL << 40, PROT_NONE, PRIVATE | MAP_NORESERVE);
  store("reserved", gap + (1UL << 41) + 77);
  mprotect(gap + (1UL << 41), PAGE, RW);
  store("committed", gap + (1UL << 41) + 77);
  store("beside", gap + (1UL << 41) + PAGE);
  munmap(gap, 4UL << 40);
  store("unmapped", gap + (1UL << 41) + 77);

  /* Around a multiple of 4 GiB, as one piece. */
  char *edge = fixed(0x123400000000 - 64 * PAGE, 128 * PAGE, RW, PRIVATE);
  for (int i = 0; i < 128 * PAGE; i += 8) {
    *(long *)(edge + i) = i * 0x9e3779b97f4a7c15;
  }
  printf("edge %lx\n", hash(edge, 128 * PAGE));
  memset(edge + 60 * PAGE, 7, 8 * PAGE);
  printf("edge %lx\n", hash(edge, 128 * PAGE));

  int ends[2];
  pipe(ends);
  printf("write %zd\n", write(ends[1], edge + 56 * PAGE + 1, 16 * PAGE - 2));
  printf("read %zd\n", read(ends[0], edge + 57 * PAGE, 16 * PAGE));
  printf("edge %lx\n", hash(edge, 128 * PAGE));

  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    arena[5] = 99;
    edge[64 * PAGE] = 98;
    _exit(arena[5] + shadow[0] == 100 && edge[0] == 0 && call(arena + (32 << 20)) == 500000);
  }
  arena[1 << 16] = 55;
  int status;
  waitpid(child, &status, 0);
  printf("child %d own %d %d\n", WEXITSTATUS(status), arena[5], edge[64 * PAGE]);

  char *low = mmap(NULL, 8 * PAGE, RW, PRIVATE, -1, 0);
  memset(low, 3, 8 * PAGE);
  char *moved = mremap(low, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, edge + 60 * PAGE);
  printf("moved up %d %lx\n", moved == edge + 60 * PAGE, hash(edge, 128 * PAGE));
  moved = mremap(moved, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, low);
  printf("moved back %d %lx\n", moved == low, hash(low, 8 * PAGE));
  store("left", edge + 62 * PAGE);

  char *shared = fixed(0x300000000000, 4 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS);
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    char *stack = fixed(0x310000000000 + ((long)i << 33), 64 * PAGE, RW, PRIVATE);
    pthread_attr_setstack(&attributes, stack, 64 * PAGE);
    pthread_create(&threads[i], &attributes, work, shared + 8);
  }
  child = fork();
  if (child == 0) {
    work(shared + 8);
    _exit(0);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
  }
  waitpid(child, &status, 0);
  printf("counted %d\n", *(int *)(shared + 8));
  printf("called %ld\n", call(fixed(0x320000000000, PAGE, RW, PRIVATE)));
  return 0;
}
