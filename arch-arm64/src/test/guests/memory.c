/* Mappings, copy on write, faults, heap, stack and mapped files; argument: a file that may be made. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, RW = PROT_READ | PROT_WRITE, PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS };

static sigjmp_buf back;
static volatile int signal_number, signal_code;
static char *volatile signal_address;

static void on_signal(int number, siginfo_t *info, void *context) {
  (void)context;
  signal_number = number;
  signal_code = info->si_code;
  signal_address = info->si_addr;
  siglongjmp(back, 1);
}

/* Stores a byte and tells what came of it. */
static void store(const char *what, char *base, long offset) {
  if (sigsetjmp(back, 1) == 0) {
    base[offset] = 'S';
    printf("%s: stored\n", what);
  } else {
    printf("%s: signal %d code %d at %ld\n", what, signal_number, signal_code,
           (long)(signal_address - base));
  }
}

static void forks(void) {
  char *own = mmap(0, 8 * PAGE, RW, PRIVATE, -1, 0);
  int *shared = mmap(0, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  memset(own, 7, 8 * PAGE);
  for (int round = 0; round < 20; round++) {
    pid_t child = fork();
    if (child == 0) {
      own[round] = 1;
      shared[round] = own[PAGE] + own[round];
      pid_t grandchild = fork();
      if (grandchild == 0) {
        own[2 * PAGE] = 9;
        shared[round] += own[round] + own[round + 1];
        _exit(0);
      }
      waitpid(grandchild, 0, 0);
      _exit(shared[round] + own[2 * PAGE]);
    }
    own[PAGE] = round;
    int status;
    waitpid(child, &status, 0);
    printf("%d:%d ", round, WEXITSTATUS(status));
  }
  printf("\nparent %d %d %d\n", own[3], own[PAGE], own[2 * PAGE]);
}

static void faults(void) {
  char *p = mmap(0, 8 * PAGE, RW, PRIVATE, -1, 0);
  memset(p, 5, 8 * PAGE);
  mprotect(p, PAGE, PROT_READ);
  store("read-only", p, 9);
  munmap(p + PAGE, PAGE);
  store("unmapped", p, PAGE + 1);
  mprotect(p + 2 * PAGE, PAGE, PROT_NONE);
  store("no access", p, 2 * PAGE);
  char *moved = mremap(p + 3 * PAGE, 3 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
  printf("moved %d %d %d\n", moved[0], moved[3 * PAGE - 1], moved[3 * PAGE]);
  store("moved away", p, 3 * PAGE);
  store("null", 0, 16);
}

static int deep(int n) {
  volatile char frame[4000];
  frame[17] = (char)n;
  return n == 0 ? 0 : deep(n - 1) + frame[17];
}

static void *map_and_unmap(void *result) {
  for (int i = 0; i < 300; i++) {
    char *m = mmap(0, 16 * PAGE, RW, PRIVATE, -1, 0);
    m[5000]++;
    m[60000]++;
    *(long *)result += m[5000] + m[60000];
    munmap(m, 16 * PAGE);
  }
  return 0;
}

static void threads(void) {
  pthread_t thread[4];
  long sums[4] = {0};
  for (int i = 0; i < 4; i++) pthread_create(&thread[i], 0, map_and_unmap, &sums[i]);
  for (int i = 0; i < 4; i++) pthread_join(thread[i], 0);
  printf("threads %ld %ld %ld %ld\n", sums[0], sums[1], sums[2], sums[3]);
}

static void heap(void) {
  char *big = malloc(4 << 20);
  memset(big, 3, 4 << 20);
  big = realloc(big, 8 << 20);
  printf("heap %d %d\n", big[(4 << 20) - 1], big[(8 << 20) - 1]);
  free(big);
  char *start = sbrk(0);
  sbrk(1 << 20);
  memset(start, 1, 1 << 20);
  sbrk(-(1 << 20));
  sbrk(1 << 20);
  printf("brk %d\n", start[PAGE]);
}

static void file(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  ftruncate(fd, 10000);
  char *shared = mmap(0, 3 * PAGE, RW, MAP_SHARED, fd, 0);
  char *own = mmap(0, 3 * PAGE, RW, MAP_PRIVATE, fd, 0);
  char read_back = 0;
  shared[PAGE] = 'x';
  own[0] = 'p';
  pread(fd, &read_back, 1, PAGE);
  pwrite(fd, "W", 1, 5000);
  printf("file %c %c %d %c\n", read_back, shared[5000], shared[0], own[PAGE]);
  printf("msync %d\n", msync(shared, 3 * PAGE, MS_SYNC));
  ftruncate(fd, PAGE);
  store("behind the end", shared, PAGE + 1);
  store("before the end", shared, 1);
  int only_read = open(path, O_RDONLY);
  char *view = mmap(0, PAGE, PROT_READ, MAP_SHARED, only_read, 0);
  printf("view %c mprotect %d\n", view[1], mprotect(view, PAGE, RW));
  store("view", view, 2);
}

int main(int argc, char **argv) {
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
  setvbuf(stdout, 0, _IONBF, 0);
  sigaction(SIGSEGV, &action, 0);
  sigaction(SIGBUS, &action, 0);
  forks();
  faults();
  printf("deep %d\n", deep(1500));
  threads();
  heap();
  if (argc > 1) file(argv[1]);
  return 42;
}
