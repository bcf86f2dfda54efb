/* Runs the commands of a script against the kernel it runs on and prints each with its result.
 *
 *   gcc -O1 -o record record.c && setarch -R ./record < calls.script > calls.recorded
 *
 * Numbers are sums of terms: hexadecimal or decimal, B (a free place), P (a page), T (TASK_SIZE), M (all
 * ones, rounded down to a page), each with an optional factor: B+3P-1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static const unsigned long BASE = 0x1000000000, PAGE = 4096, TASK = 0x7ffffffff000;
static sigjmp_buf back;
static volatile int signal_number, signal_code;

static void on_signal(int number, siginfo_t *info, void *context) {
  (void)context;
  signal_number = number;
  signal_code = info->si_code;
  siglongjmp(back, 1);
}

static unsigned long number(const char *s) {
  unsigned long sum = 0;
  while (*s) {
    long sign = 1;
    if (*s == '+') s++;
    else if (*s == '-') { sign = -1; s++; }
    char *end = (char *)s;
    unsigned long value = strtoul(s, &end, 0);
    if (end == s) value = 1;
    s = end;
    if (*s == 'B') { value *= BASE; s++; }
    else if (*s == 'P') { value *= PAGE; s++; }
    else if (*s == 'T') { value *= TASK; s++; }
    else if (*s == 'M') { value *= ~0ul & ~(PAGE - 1); s++; }
    sum += sign * value;
  }
  return sum;
}

static int file(const char *name) {
  char path[] = "/tmp/recordXXXXXX";
  int rw = mkstemp(path);
  char page[4096];
  for (int i = 0; i < 3; i++) {
    memset(page, i + 1, sizeof page);
    if (write(rw, page, sizeof page) != sizeof page) exit(3);
  }
  int fd = strcmp(name, "file") == 0 ? rw : open(path, strcmp(name, "rofile") == 0 ? O_RDONLY : O_WRONLY);
  unlink(path);
  return fd;
}

static int prot(const char *s) {
  return (strchr(s, 'r') ? PROT_READ : 0) | (strchr(s, 'w') ? PROT_WRITE : 0) | (strchr(s, 'x') ? PROT_EXEC : 0);
}

static void print_result(long r) {
  unsigned long u = r;
  if (r < 0 && r >= -4095) printf("%s\n", strerrorname_np(-r));
  else if (u >= BASE && u < BASE + 4096 * PAGE) printf("B+%luP\n", (u - BASE) / PAGE);
  else if (r == 0) printf("0\n");
  else printf("elsewhere\n");
}

static void print_maps(void) {
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[512];
  while (fgets(line, sizeof line, maps)) {
    unsigned long start, end, offset;
    char perms[8];
    sscanf(line, "%lx-%lx %7s %lx", &start, &end, perms, &offset);
    if (start >= BASE && start < BASE + 4096 * PAGE)
      printf(" %lu-%lu %s %lx", (start - BASE) / PAGE, (end - BASE) / PAGE, perms, strstr(line, "zero") ? 0 : offset);
  }
  printf("\n");
  fclose(maps);
}

static void print_access(char kind, unsigned long address) {
  volatile unsigned char *p = (void *)address;
  if (sigsetjmp(back, 1)) {
    printf("%s %s\n", signal_number == SIGBUS ? "SIGBUS" : "SIGSEGV",
           signal_number == SIGBUS ? (signal_code == BUS_ADRERR ? "BUS_ADRERR" : "?")
           : signal_code == SEGV_MAPERR ? "SEGV_MAPERR" : signal_code == SEGV_ACCERR ? "SEGV_ACCERR" : "?");
    return;
  }
  if (kind == 'r') printf("%d\n", *p);
  else { *p = 77; printf("ok\n"); }
}

static void run(char **a) {
  if (strcmp(a[0], "mmap") == 0) {
    int fd = strcmp(a[5], "anon") == 0 ? -1 : file(a[5]);
    print_result(syscall(SYS_mmap, number(a[1]), number(a[2]), prot(a[3]), number(a[4]), fd, number(a[6]) * PAGE) == -1 ? -errno : 0);
  } else if (strcmp(a[0], "munmap") == 0) print_result(syscall(SYS_munmap, number(a[1]), number(a[2])) ? -errno : 0);
  else if (strcmp(a[0], "mprotect") == 0) print_result(syscall(SYS_mprotect, number(a[1]), number(a[2]), number(a[3])) ? -errno : 0);
  else if (strcmp(a[0], "madvise") == 0) print_result(syscall(SYS_madvise, number(a[1]), number(a[2]), number(a[3])) ? -errno : 0);
  else if (strcmp(a[0], "msync") == 0) print_result(syscall(SYS_msync, number(a[1]), number(a[2]), number(a[3])) ? -errno : 0);
  else if (strcmp(a[0], "mremap") == 0) {
    long r = syscall(SYS_mremap, number(a[1]), number(a[2]), number(a[3]), number(a[4]), number(a[5]));
    print_result(r == -1 ? -errno : r);
  } else if (strcmp(a[0], "read") == 0) print_access('r', number(a[1]));
  else if (strcmp(a[0], "write") == 0) print_access('w', number(a[1]));
  else if (strcmp(a[0], "maps") == 0) print_maps();
  else exit(2);
}

int main(void) {
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, 0);
  sigaction(SIGBUS, &action, 0);
  char line[256];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    printf("%s", line);
    if (!*line || *line == '#') {
      if (*line) syscall(SYS_munmap, BASE, 4096 * PAGE);
      printf("\n");
      continue;
    }
    char *words[8] = {0};
    int n = 0;
    char copy[256];
    strcpy(copy, line);
    for (char *w = strtok(copy, " "); w && n < 8; w = strtok(0, " ")) words[n++] = w;
    printf(" = ");
    run(words);
    fflush(stdout);
  }
  return 0;
}
