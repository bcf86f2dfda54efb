package dev.svc0.arm64;

import dev.svc0.arm64.DefinitionCases.Case;
import dev.svc0.arm64.DefinitionCases.Value;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;
import java.util.stream.Collectors;

/**
 * Prints a C program that makes the cases on real x86-64 Linux, each in a process of its own, and
 * prints {@code call,argument,value,result}: the content of {@code definition-cases.csv}. Not a
 * test; to record again, after new handlers, as root because our tests run as root:
 *
 * <pre>java -cp … dev.svc0.arm64.DefinitionRecorder > r.c; cc -o r r.c; ./r > definition-cases.csv
 * </pre>
 */
final class DefinitionRecorder {
  private static final String BEFORE =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <fcntl.h>
      #include <signal.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/mman.h>
      #include <sys/wait.h>
      #include <unistd.h>

      static char *pages;

      static void run(const char *key, long nr, long a, long b, long c, long d, long e, long f) {
        int results[2];
        if (pipe(results) < 0) exit(1);
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
          alarm(2);
          long r = syscall(nr, a, b, c, d, e, f);
          if (r == -1) r = -errno;
          if (write(results[1], &r, sizeof r) < 0) _exit(1);
          _exit(0);
        }
        close(results[1]);
        long r;
        int status;
        int got = read(results[0], &r, sizeof r) == sizeof r;
        close(results[0]);
        waitpid(child, &status, 0);
        if (got) printf("%s,%ld\\n", key, r);
        else printf("%s,lost\\n", key);
      }

      int main(void) {
        char dir[] = "/tmp/casesXXXXXX";
        if (!mkdtemp(dir) || chdir(dir)) return 1;
        int fd = open("f", O_CREAT | O_RDWR, 0644);
        char content[100];
        memset(content, 'x', sizeof content);
        if (write(fd, content, sizeof content) < 0) return 1;
        dup2(open("f", O_RDWR), 103);
        dup2(open("f", O_RDWR), 104);
        pages = mmap(0, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        strcpy(pages + 6 * 4096, "f");
        strcpy(pages + 7 * 4096, "user.x");
      """;

  private DefinitionRecorder() {}

  /** Prints the program. */
  public static void main(String[] arguments) {
    SyscallDispatch numbers = new X8664TableDispatch();
    StringBuilder program = new StringBuilder(BEFORE);
    for (Case one : DefinitionCases.of(new Arm64TableDispatch())) {
      String values = "";
      for (int i = 0; i < 6; i++) {
        values += ", " + (i < one.values().size() ? inC(one.values().get(i), i) : "0");
      }
      program.append("  run(\"%s\", %d%s);\n".formatted(one.key(), number(numbers, one), values));
    }
    System.out.print(program.append("  return 0;\n}\n"));
  }

  private static int number(SyscallDispatch numbers, Case one) {
    return numbers.all().stream()
        .filter(call -> call.name().equals(one.call().name()))
        .map(SyscallInfo::nr)
        .collect(Collectors.toList())
        .getFirst();
  }

  private static String inC(Value value, int index) {
    return switch (value) {
      case ZERO -> "0";
      case EIGHT -> "8";
      case FILE -> "103";
      case OTHER_FILE -> "104";
      case CWD -> "AT_FDCWD";
      case NAME -> "(long) pages + 6 * 4096";
      case ATTRIBUTE -> "(long) pages + 7 * 4096";
      case PAGE -> "(long) pages + " + index + " * 4096";
      case BAD -> "0x4000";
      case UNKNOWN_FLAG -> "1 << 30";
      case UNKNOWN_CHOICE -> "0x7777";
      case MODE -> "0644";
      case SIGNAL -> "SIGUSR1";
    };
  }
}
