/* fork, vfork, posix_spawn and wait in numbers; argument: how many times. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
  if (argc > 2) {
    return atoi(argv[2]);
  }
  int times = atoi(argv[1]);
  long sum = 0;
  char code[16];
  char *again[] = {argv[0], "0", code, NULL};
  for (int i = 0; i < times; i++) {
    pid_t pid;
    int status;
    snprintf(code, sizeof code, "%d", i % 100);
    switch (i % 3) {
      case 0:
        pid = fork();
        if (pid == 0) {
          execv(argv[0], again);
          _exit(200);
        }
        break;
      case 1:
        pid = vfork();
        if (pid == 0) {
          execv(argv[0], again);
          _exit(201);
        }
        break;
      default:
        if (posix_spawn(&pid, argv[0], NULL, NULL, again, environ)) {
          return 202;
        }
    }
    if (pid < 0) {
      printf("fork: %s\n", strerror(errno));
      return 1;
    }
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
      return 2;
    }
    sum += WEXITSTATUS(status);
  }
  printf("%d children, sum %ld\n", times, sum);
  return 0;
}
