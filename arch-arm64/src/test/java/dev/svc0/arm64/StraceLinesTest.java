package dev.svc0.arm64;

import static dev.svc0.arm64.Arm64TableNumbers.__NR_fcntl;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_ioctl;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_openat;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_pipe2;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_prctl;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.syscall.decode.Strace;
import dev.svc0.runtime.task.KernelOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Calls whose command says what the next argument is; the lines are those that strace 6.1 prints
 * for the same calls on Linux.
 */
class StraceLinesTest {
  private static final int F_DUPFD = 0;
  private static final int F_GETFD = 1;
  private static final int F_SETFD = 2;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_GETLK = 5;
  private static final int F_SETOWN = 8;
  private static final int F_SETSIG = 10;
  private static final int F_GETPIPE_SZ = 1032;
  private static final int FIONREAD = 0x541b;
  private static final int FIONBIO = 0x5421;
  private static final int PR_SET_PDEATHSIG = 1;
  private static final int PR_GET_DUMPABLE = 3;
  private static final int PR_SET_NAME = 15;
  private static final int PR_GET_NAME = 16;

  private final List<String> lines = new ArrayList<>();
  private Arm64Machine machine;
  private JavaProgram program;
  private long fd;

  @BeforeEach
  void boot() throws Exception {
    machine =
        new Arm64Machine(
            KernelOptions.defaults(), vfs -> vfs.mountRoot("tmpfs", "none", null, 0, ""));
    program = new JavaProgram(machine);
    fd = program.svc(__NR_openat, Fcntl.AT_FDCWD, program.string("/g"), 0x42, 0644);
    Strace.attach(machine.dispatch(), nr -> true, 32, Strace.Format.TEXT, lines::add);
  }

  @AfterEach
  void halt() {
    program.close();
    machine.close();
  }

  @Test
  void fcntl() {
    program.svc(__NR_fcntl, fd, F_GETFD);
    program.svc(__NR_fcntl, fd, F_SETFD, 1);
    program.svc(__NR_fcntl, fd, F_GETFD);
    program.svc(__NR_fcntl, fd, F_SETFL, 0x400 | 0x800);
    program.svc(__NR_fcntl, fd, F_GETFL);
    program.svc(__NR_fcntl, fd, F_DUPFD, 10);
    program.svc(__NR_fcntl, fd, F_SETOWN, program.task().tid());
    program.svc(__NR_fcntl, fd, F_SETSIG, 10);
    program.svc(__NR_fcntl, fd, F_GETLK, program.words(1, 1, 2, 0));
    assertThat(lines)
        .containsExactly(
            "fcntl(3, F_GETFD) = 0",
            "fcntl(3, F_SETFD, FD_CLOEXEC) = 0",
            "fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)",
            "fcntl(3, F_SETFL, O_RDONLY|O_APPEND|O_NONBLOCK) = 0",
            "fcntl(3, F_GETFL) = 0x20c02 (flags O_RDWR|O_APPEND|O_NONBLOCK|O_LARGEFILE)",
            "fcntl(3, F_DUPFD, 10) = 10",
            "fcntl(3, F_SETOWN, " + program.task().tid() + ") = 0",
            "fcntl(3, F_SETSIG, SIGUSR1) = 0",
            "fcntl(3, F_GETLK, {l_type=F_UNLCK, l_whence=SEEK_SET, l_start=1, l_len=2, l_pid=0})"
                + " = 0");
  }

  @Test
  void ioctl() {
    long pair = program.allocate(8);
    program.svc(__NR_pipe2, pair, 0);
    long read = program.memory().readInt(pair);
    program.svc(__NR_write, program.memory().readInt(pair + 4), program.string("abc"), 3);
    program.svc(__NR_ioctl, read, FIONREAD, program.allocate(8));
    program.svc(__NR_ioctl, read, FIONBIO, program.words(1));
    program.svc(__NR_fcntl, read, F_GETPIPE_SZ);
    assertThat(lines)
        .containsExactly(
            "pipe2([4, 5], 0) = 0",
            "write(5, \"abc\", 3) = 3",
            "ioctl(4, FIONREAD, [3]) = 0",
            "ioctl(4, FIONBIO, [1]) = 0",
            "fcntl(4, F_GETPIPE_SZ) = 65536");
  }

  @Test
  void prctl() {
    program.svc(__NR_prctl, PR_SET_NAME, program.string("name"));
    program.svc(__NR_prctl, PR_GET_NAME, program.allocate(16));
    program.svc(__NR_prctl, PR_SET_PDEATHSIG, 10);
    program.svc(__NR_prctl, PR_GET_DUMPABLE);
    assertThat(lines.subList(0, 3))
        .containsExactly(
            "prctl(PR_SET_NAME, \"name\") = 0",
            "prctl(PR_GET_NAME, \"name\") = 0",
            "prctl(PR_SET_PDEATHSIG, SIGUSR1) = 0");
    assertThat(lines.get(3)).startsWith("prctl(PR_GET_DUMPABLE) = ");
  }
}
