package dev.svc0.arm64.machine;

import static dev.svc0.arm64.Arm64TableNumbers.*;
import static dev.svc0.runtime.abi.Errno.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.svc0.runtime.abi.CloneFlags;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FutexConstants;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.abi.UtsnameLayout;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.vfs.Cred;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** System calls made by a program in Java. Results and errors are those of the manual pages. */
@Timeout(240)
class JavaProgramTest {
  private static final long BAD = 0x7fff_0000_0000L;

  @TempDir Path folder;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private Arm64Machine machine;
  private JavaProgram program;

  @BeforeEach
  void boot() throws Exception {
    machine = Arm64Machine.withHostFolder(folder);
    machine.setStreams(InputStream.nullInputStream(), output, output);
    program = new JavaProgram(machine);
  }

  @AfterEach
  void shutDown() {
    program.close();
    machine.close();
  }

  @Test
  void writesToStandardOutput() {
    long text = program.string("hello\n");
    assertThat(program.svc(__NR_write, 1, text, 6)).isEqualTo(6);
    assertThat(output).hasToString("hello\n");
  }

  @Test
  void onlyTheLowHalfOfTheNumberCounts() {
    program.svc(__NR_getpid);
    assertThat(program.svc(__NR_getpid, 0x1_0000_0001L)).isEqualTo(program.task().pid());
    assertThat(program.svc(9999)).isEqualTo(-ENOSYS);
    assertThat(program.svc(-1)).isEqualTo(-ENOSYS);
  }

  @Test
  void createsReadsAndSeesFilesOfTheHost() throws Exception {
    long name = program.string("/file");
    long fd = program.svc(__NR_openat, Fcntl.AT_FDCWD, name, Fcntl.O_CREAT | Fcntl.O_RDWR, 0644);
    assertThat(fd).isEqualTo(3);
    long text = program.string("content");
    assertThat(program.svc(__NR_write, fd, text, 7)).isEqualTo(7);
    long buffer = program.allocate(100);
    assertThat(program.svc(__NR_pread64, fd, buffer, 100, 3)).isEqualTo(4);
    assertThat(program.memory().readBytes(buffer, 4)).asString().isEqualTo("tent");
    assertThat(program.svc(__NR_close, fd)).isZero();
    assertThat(program.svc(__NR_close, fd)).isEqualTo(-EBADF);
    assertThat(folder.resolve("file")).hasContent("content");
  }

  @Test
  void namesTheSystem() {
    long names = program.allocate(UtsnameLayout.SIZE);
    assertThat(program.svc(__NR_uname, names)).isZero();
    assertThat(program.memory().readCString(names, 64)).isEqualTo("Linux");
    assertThat(program.memory().readCString(names + UtsnameLayout.machine, 64))
        .isEqualTo("aarch64");
    assertThat(program.memory().readCString(names + UtsnameLayout.release, 64)).startsWith("6.12.");
    assertThat(program.svc(__NR_uname, BAD)).isEqualTo(-EFAULT);
  }

  @Test
  void mapsAndUnmapsMemory() {
    long at =
        program.svc(
            __NR_mmap,
            0,
            8192,
            MmapConstants.PROT_READ | MmapConstants.PROT_WRITE,
            MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS,
            -1,
            0);
    assertThat(at).isPositive();
    program.memory().writeLong(at + 4096, 42);
    assertThat(program.svc(__NR_munmap, at, 4096)).isZero();
    assertThat(program.memory().readLong(at + 4096)).isEqualTo(42);
    assertThat(program.svc(__NR_uname, at)).isEqualTo(-EFAULT);
    assertThat(program.svc(__NR_munmap, at + 1, 4096)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_mmap, 0, 4096, 3, MmapConstants.MAP_PRIVATE, 77, 0))
        .isEqualTo(-EBADF);
    assertThat(program.svc(__NR_mmap, 0, 4096, 3, MmapConstants.MAP_PRIVATE, 0, 1))
        .isEqualTo(-EINVAL);
  }

  @Test
  void movesTheBreak() {
    long start = program.svc(__NR_brk, 0);
    assertThat(program.svc(__NR_brk, 1)).isEqualTo(start);
    assertThat(program.svc(__NR_brk, start + 10_000)).isEqualTo(start + 10_000);
    program.memory().writeByte(start + 9_999, (byte) 1);
    assertThat(program.svc(__NR_brk, -1)).isEqualTo(start + 10_000);
  }

  @Test
  void keepsLimits() {
    long limit = program.words(100, 50);
    assertThat(program.svc(__NR_setrlimit, Rlimits.RLIMIT_NOFILE, limit)).isEqualTo(-EINVAL);
    limit = program.words(4, 50);
    assertThat(program.svc(__NR_prlimit64, 0, Rlimits.RLIMIT_NOFILE, limit, 0)).isZero();
    long got = program.allocate(16);
    assertThat(program.svc(__NR_getrlimit, Rlimits.RLIMIT_NOFILE, got)).isZero();
    assertThat(program.memory().readLong(got)).isEqualTo(4);
    assertThat(program.memory().readLong(got + 8)).isEqualTo(50);
    assertThat(program.svc(__NR_dup, 1)).isEqualTo(3);
    assertThat(program.svc(__NR_dup, 1)).isEqualTo(-EMFILE);
    assertThat(program.svc(__NR_getrlimit, 16, got)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_prlimit64, 31999, 0, 0, got)).isEqualTo(-ESRCH);
  }

  @Test
  void changesItsIds() {
    assertThat(program.svc(__NR_setresuid, 1000, 1001, 1002)).isZero();
    assertThat(program.svc(__NR_getuid)).isEqualTo(1000);
    assertThat(program.svc(__NR_geteuid)).isEqualTo(1001);
    assertThat(program.svc(__NR_setuid, 5)).isEqualTo(-EPERM);
    assertThat(program.svc(__NR_setuid, 1002)).isZero();
    assertThat(program.svc(__NR_geteuid)).isEqualTo(1002);
    assertThat(program.svc(__NR_setgroups, 0, 0)).isEqualTo(-EPERM);
  }

  @Test
  void leadsAndJoinsGroups() {
    long pid = program.svc(__NR_getpid);
    assertThat(program.svc(__NR_getsid, 0)).isEqualTo(pid);
    assertThat(program.svc(__NR_getpgid, 0)).isEqualTo(pid);
    assertThat(program.svc(__NR_setsid)).isEqualTo(-EPERM);
    assertThat(program.svc(__NR_setpgid, 0, 0)).isEqualTo(-EPERM);
    assertThat(program.svc(__NR_getpgid, 31999)).isEqualTo(-ESRCH);
    assertThat(program.svc(__NR_setpgid, 0, -1)).isEqualTo(-EINVAL);
  }

  @Test
  void forksAndWaits() {
    long status = program.allocate(8);
    assertThat(program.svc(__NR_wait4, -1, status, 0, 0)).isEqualTo(-ECHILD);
    long pid = program.svc(__NR_clone, Signals.SIGCHLD, 0, 0, 0, 0);
    assertThat(pid).isPositive();
    assertThat(program.svc(__NR_wait4, pid, status, 0, 0)).isEqualTo(pid);
    assertThat(program.memory().readInt(status)).isZero();
    assertThat(program.svc(__NR_wait4, pid, status, 0, 0)).isEqualTo(-ECHILD);
    assertThat(program.svc(__NR_wait4, -1, status, 0x10, 0)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_waitid, 9, 0, 0, CloneFlags.WEXITED, 0)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_waitid, CloneFlags.P_ALL, 0, 0, CloneFlags.WNOHANG, 0))
        .isEqualTo(-EINVAL);
  }

  @Test
  void refusesFlagsThatMakeNoSense() {
    assertThat(program.svc(__NR_clone, CloneFlags.CLONE_THREAD, 0, 0, 0, 0)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_clone, CloneFlags.CLONE_SIGHAND, 0, 0, 0, 0)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_clone3, program.allocate(200), 200)).isNotEqualTo(-ENOSYS);
    assertThat(program.svc(__NR_clone3, program.allocate(8), 8)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_clone3, BAD, 64)).isEqualTo(-EFAULT);
  }

  @Test
  void execRefusesWhatIsNoProgram() throws Exception {
    java.nio.file.Files.writeString(folder.resolve("text"), "just words\n");
    folder.resolve("text").toFile().setExecutable(true);
    java.nio.file.Files.writeString(folder.resolve("plain"), "x");
    java.nio.file.Files.writeString(folder.resolve("script"), "#!/nowhere\n");
    folder.resolve("script").toFile().setExecutable(true);
    java.nio.file.Files.writeString(folder.resolve("loop"), "#!/loop\n");
    folder.resolve("loop").toFile().setExecutable(true);
    assertThat(exec("/text")).isEqualTo(-ENOEXEC);
    assertThat(exec("/plain")).isEqualTo(-EACCES);
    assertThat(exec("/none")).isEqualTo(-ENOENT);
    assertThat(exec("/script")).isEqualTo(-ENOENT);
    assertThat(exec("/loop")).isEqualTo(-ELOOP);
    assertThat(exec("/")).isEqualTo(-EACCES);
    assertThat(program.svc(__NR_execve, BAD, 0, 0)).isEqualTo(-EFAULT);
    assertThat(program.svc(__NR_execve, program.string("/text"), BAD, 0)).isEqualTo(-EFAULT);
  }

  private long exec(String path) {
    return program.svc(__NR_execve, program.string(path), 0, 0);
  }

  @Test
  void damagedElfFilesGetAnErrno() throws Exception {
    byte[] good = java.nio.file.Files.readAllBytes(GuestPrograms.busybox());
    java.util.Random random = new java.util.Random(20261122);
    Path file = folder.resolve("damaged");
    for (int round = 0; round < 200; round++) {
      byte[] bad = java.util.Arrays.copyOf(good, 4096);
      for (int i = 0; i < 4; i++) {
        bad[random.nextInt(64 + 56 * 4)] = (byte) random.nextInt();
      }
      bad[0x10] = 9; // neither a program nor a library, whatever else was hit
      java.nio.file.Files.write(file, bad);
      file.toFile().setExecutable(true);
      assertThat(exec("/damaged")).as("round %d", round).isEqualTo(-ENOEXEC);
    }
    byte[] empty = new byte[0];
    java.nio.file.Files.write(file, empty);
    assertThat(exec("/damaged")).isEqualTo(-ENOEXEC);
  }

  @Test
  void signalsReachAHandlerInJava() {
    AtomicInteger got = new AtomicInteger();
    program.onSignal(Signals.SIGUSR1, 0, got::set);
    long pid = program.svc(__NR_getpid);
    assertThat(program.svc(__NR_kill, pid, Signals.SIGUSR1)).isZero();
    assertThat(got).hasValue(Signals.SIGUSR1);
    assertThat(program.svc(__NR_kill, pid, 65)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_kill, 31999, 0)).isEqualTo(-ESRCH);
    assertThat(program.svc(__NR_tgkill, pid, pid, 0)).isZero();
    assertThat(program.svc(__NR_tgkill, pid + 1, pid, 0)).isEqualTo(-ESRCH);
  }

  @Test
  void aHandlerInterruptsASleep() {
    AtomicInteger got = new AtomicInteger();
    program.onSignal(Signals.SIGALRM, SignalConstants.SA_RESTART, got::set);
    long timer = program.words(0, 0, 0, 30_000);
    assertThat(program.svc(__NR_setitimer, 0, timer, 0)).isZero();
    long left = program.allocate(16);
    assertThat(program.svc(__NR_nanosleep, program.words(50, 0), left)).isEqualTo(-EINTR);
    assertThat(got).hasValue(Signals.SIGALRM);
    assertThat(program.memory().readLong(left)).isBetween(48L, 50L);
  }

  @Test
  void anIgnoredSignalDoesNotInterruptASleep() {
    program.onSignal(Signals.SIGALRM, 0, signal -> {});
    long pid = program.svc(__NR_getpid);
    long set = program.words(1L << Signals.SIGALRM - 1);
    program.svc(__NR_rt_sigprocmask, SignalConstants.SIG_BLOCK, set, 0, 8);
    program.svc(__NR_kill, pid, Signals.SIGALRM);
    assertThat(program.svc(__NR_nanosleep, program.words(0, 1_000_000), 0)).isZero();
    assertThat(program.svc(__NR_nanosleep, program.words(0, 1_000_000_000), 0)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_nanosleep, program.words(-1, 0), 0)).isEqualTo(-EINVAL);
  }

  @Test
  void aStopAndAContinueDoNotEndASleep() {
    // The process is stopped and continued from outside while it sleeps: restart_syscall goes on.
    int pid = program.task().pid();
    var kernel = machine.kernel();
    KernelThread other =
        new KernelThread(
            () -> {
              var process = kernel.findProcess(pid);
              waitALittle();
              dev.svc0.runtime.task.SignalSender.sendToProcess(
                  process, dev.svc0.runtime.task.SigInfo.kernel(Signals.SIGSTOP));
              while (!process.isStopped()) {
                Thread.onSpinWait();
              }
              dev.svc0.runtime.task.SignalSender.sendToProcess(
                  process, dev.svc0.runtime.task.SigInfo.kernel(Signals.SIGCONT));
            },
            "stopper");
    other.start();
    long start = System.nanoTime();
    assertThat(program.svc(__NR_nanosleep, program.words(0, 300_000_000), 0)).isZero();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(300_000_000);
  }

  private static void waitALittle() {
    java.util.concurrent.locks.LockSupport.parkNanos(30_000_000);
  }

  @Test
  void timersBehindDescriptors() {
    long fd = program.svc(__NR_timerfd_create, 1, 0);
    assertThat(fd).isEqualTo(3);
    long setting = program.words(0, 5_000_000, 0, 5_000_000);
    assertThat(program.svc(__NR_timerfd_settime, fd, 0, setting, 0)).isZero();
    long ticks = program.allocate(8);
    assertThat(program.svc(__NR_read, fd, ticks, 4)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_read, fd, ticks, 8)).isEqualTo(8);
    assertThat(program.memory().readLong(ticks)).isPositive();
    assertThat(program.svc(__NR_timerfd_settime, fd, 0, program.words(0, 0, 0, 0), 0)).isZero();
    assertThat(program.svc(__NR_timerfd_gettime, fd, setting)).isZero();
    assertThat(program.memory().readLong(setting + 24)).isZero();
    assertThat(program.svc(__NR_timerfd_settime, 0, 0, setting, 0)).isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_timerfd_settime, 99, 0, setting, 0)).isEqualTo(-EBADF);
    long quick = program.svc(__NR_timerfd_create, 1, Fcntl.O_NONBLOCK);
    assertThat(program.svc(__NR_read, quick, ticks, 8)).isEqualTo(-EAGAIN);
  }

  @Test
  void futexesCompareAndWake() {
    long word = program.words(5);
    assertThat(program.svc(__NR_futex, word, FutexConstants.FUTEX_WAIT, 6, 0, 0, 0))
        .isEqualTo(-EAGAIN);
    assertThat(
            program.svc(
                __NR_futex, word, FutexConstants.FUTEX_WAIT, 5, program.words(0, 1_000_000), 0, 0))
        .isEqualTo(-ETIMEDOUT);
    assertThat(program.svc(__NR_futex, word, FutexConstants.FUTEX_WAKE, 1, 0, 0, 0)).isZero();
    assertThat(program.svc(__NR_futex, word + 1, FutexConstants.FUTEX_WAKE, 1, 0, 0, 0))
        .isEqualTo(-EINVAL);
    assertThat(program.svc(__NR_futex, BAD, FutexConstants.FUTEX_WAIT, 5, 0, 0, 0))
        .isEqualTo(-EFAULT);
    // The word says that task 5 has it, and there is none.
    assertThat(program.svc(__NR_futex, word, FutexConstants.FUTEX_LOCK_PI, 0, 0, 0, 0))
        .isEqualTo(-ESRCH);
  }

  @Test
  void exitEndsTheProgram() {
    JavaProgram.Ended ended =
        catchThrowableOfType(JavaProgram.Ended.class, () -> program.svc(__NR_exit_group, 0x123));
    assertThat(ended.exit()).isEqualTo(new Program.Exit(0x2300));
    assertThat(ended.exit().code()).isEqualTo(0x23);
  }

  @Test
  void aSignalWithoutHandlerEndsTheProgram() {
    long pid = program.svc(__NR_getpid);
    JavaProgram.Ended ended =
        catchThrowableOfType(
            JavaProgram.Ended.class, () -> program.svc(__NR_kill, pid, Signals.SIGTERM));
    assertThat(ended.exit().signal()).isEqualTo(Signals.SIGTERM);
  }

  @Test
  void otherUsersCannotBeKilled() {
    int root = program.task().pid();
    KernelThread thread =
        new KernelThread(
            () -> {
              try (JavaProgram other = new JavaProgram(machine, Cred.of(1000, 1000))) {
                denied.set((int) other.svc(__NR_kill, root, Signals.SIGTERM));
              }
            },
            "other");
    thread.start();
    join(thread);
    assertThat(denied).hasValue(-EPERM);
  }

  private final AtomicInteger denied = new AtomicInteger();

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void severalMachinesLiveSideBySide() throws Exception {
    try (Arm64Machine second = Arm64Machine.withHostFolder(folder)) {
      KernelThread thread =
          new KernelThread(
              () -> {
                try (JavaProgram other = new JavaProgram(second)) {
                  other.svc(__NR_sethostname, other.string("two"), 3);
                }
              },
              "second");
      thread.start();
      join(thread);
      assertThat(second.kernel().hostname()).isEqualTo("two");
      assertThat(machine.kernel().hostname()).isEqualTo("svc0");
    }
  }

  @Test
  void eachCallIsAnOperationOfItsOwn() {
    ThreadState thread = ThreadState.current();
    for (int i = 0; i < 3000; i++) { // more than a thread takes at a time
      long before = thread.nextOperationId();
      program.svc(__NR_getpid);
      program.svc(__NR_getpid);
      assertThat(thread.nextOperationId()).isGreaterThanOrEqualTo(before + 3);
    }
  }
}
