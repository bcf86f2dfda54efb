package dev.svc0.arm64;

import static dev.svc0.arm64.Arm64TableNumbers.__NR_bind;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_clock_nanosleep;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_clone3;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_connect;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_epoll_create1;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_epoll_ctl;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_epoll_pwait;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_fcntl;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_futex;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_getsockname;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_ioctl;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_openat;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_pipe2;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_ppoll;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_prctl;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_pselect6;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_recvfrom;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_recvmsg;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_rt_sigprocmask;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_rt_sigqueueinfo;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_rt_sigtimedwait;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_sendmsg;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_sendto;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_socket;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_socketpair;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_timerfd_create;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_umask;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.syscall.decode.Strace;
import dev.svc0.runtime.task.KernelOptions;
import java.nio.charset.StandardCharsets;
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

  private long socket(int domain, int type) {
    return program.svc(__NR_socket, domain, type, 0);
  }

  private long inet(int port) {
    return program.bytes(
        new byte[] {2, 0, (byte) (port >> 8), (byte) port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});
  }

  @Test
  void addressesOfSockets() {
    long stream = socket(1, 1);
    long name = program.bytes(new byte[] {1, 0, 0, 'n', 'a', 'm', 'e'});
    long nowhere = program.bytes("\1\0/nowhere\0".getBytes(StandardCharsets.ISO_8859_1));
    long datagram = socket(2, 2);
    long other = socket(2, 2);
    byte[] six = new byte[28];
    six[0] = 10;
    six[3] = 81;
    six[23] = 1;
    long length = program.words(128);
    long room = program.allocate(128);
    lines.clear();
    program.svc(__NR_bind, stream, name, 7);
    program.svc(__NR_getsockname, stream, room, length);
    program.svc(__NR_connect, stream, nowhere, 11);
    program.svc(__NR_bind, datagram, inet(8080), 16);
    program.svc(__NR_bind, other, program.bytes(six), 28);
    program.svc(__NR_sendto, other, program.string("hello"), 5, 0, inet(8080), 16);
    program.svc(__NR_recvfrom, datagram, program.allocate(64), 64, 0x40, room, program.words(16));
    assertThat(lines.subList(0, 4))
        .containsExactly(
            "bind(" + stream + ", {sa_family=AF_UNIX, sun_path=@\"name\"}, 7) = 0",
            "getsockname(" + stream + ", {sa_family=AF_UNIX, sun_path=@\"name\"}, [128 => 7]) = 0",
            "connect("
                + stream
                + ", {sa_family=AF_UNIX, sun_path=\"/nowhere\"}, 11)"
                + " = -1 ENOENT (No such file or directory)",
            "bind("
                + datagram
                + ", {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr(\"127.0.0.1\")},"
                + " 16) = 0");
    assertThat(lines.get(4))
        .startsWith(
            "bind("
                + other
                + ", {sa_family=AF_INET6, sin6_port=htons(81), sin6_flowinfo=htonl(0),"
                + " inet_pton(AF_INET6, \"::1\", &sin6_addr), sin6_scope_id=0}, 28) = ");
    assertThat(lines.get(5))
        .isEqualTo(
            "sendto("
                + other
                + ", \"hello\", 5, 0, {sa_family=AF_INET, sin_port=htons(8080),"
                + " sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 5");
    assertThat(lines.get(6))
        .matches(
            "recvfrom\\(\\d+, \"hello\", 64, MSG_DONTWAIT, \\{sa_family=AF_INET, sin_port=htons"
                + "\\(\\d+\\), sin_addr=inet_addr\\(\"127.0.0.1\"\\)\\}, \\[16\\]\\) = 5");
  }

  @Test
  void messagesWithDescriptorsAndEvents() {
    long pair = program.allocate(8);
    program.svc(__NR_socketpair, 1, 1, 0, pair);
    int one = program.memory().readInt(pair);
    int two = program.memory().readInt(pair + 4);
    long control = program.words(20, 1L << 32 | 1, fd);
    long vector = program.words(program.string("hi"), 2);
    long into = program.words(program.allocate(64), 64);
    lines.clear();
    program.svc(__NR_sendmsg, one, program.words(0, 0, vector, 1, control, 24, 0), 0);
    long received = program.words(0, 0, into, 1, program.allocate(64), 64, 0);
    program.svc(__NR_recvmsg, two, received, 0x40000000);
    int epoll = (int) program.svc(__NR_epoll_create1, 0);
    program.svc(__NR_write, one, program.string("x"), 1);
    program.svc(__NR_epoll_ctl, epoll, 1, two, program.words(0x80000001L, 0x1_0000_0005L));
    program.svc(__NR_epoll_pwait, epoll, program.allocate(16), 1, 0, 0, 8);
    int passed = program.memory().readInt(program.memory().readLong(received + 32) + 16);
    String start =
        "msg(%d, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"hi\", iov_len=%d}],";
    String middle =
        " msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS,"
            + " cmsg_data=[%d]}], msg_controllen=24, msg_flags=%s}, %s) = 2";
    String cloexec = "MSG_CMSG_CLOEXEC";
    assertThat(lines.get(0))
        .isEqualTo("send" + start.formatted(one, 2) + middle.formatted(fd, "0", "0"));
    assertThat(lines.get(1))
        .isEqualTo("recv" + start.formatted(two, 64) + middle.formatted(passed, cloexec, cloexec));
    assertThat(lines.get(4))
        .isEqualTo(
            "epoll_ctl(%d, EPOLL_CTL_ADD, %d, {events=EPOLLIN|EPOLLET, data={u32=5, u64=4294967301}})"
                    .formatted(epoll, two)
                + " = 0");
    assertThat(lines.get(5))
        .contains(", [{events=EPOLLIN, data={u32=5, u64=4294967301}}], 1, 0, NULL");
  }

  @Test
  void signalsThatAreWaitedFor() {
    int pid = program.task().pid();
    long set = program.words(1 << 9);
    program.svc(__NR_rt_sigprocmask, 0, set, 0, 8);
    long info = program.words(10, 0xffff_ffffL, pid, 7);
    lines.clear();
    program.svc(__NR_rt_sigqueueinfo, pid, 10, info);
    program.svc(__NR_rt_sigtimedwait, set, program.allocate(128), program.words(1, 0), 8);
    String shown =
        "{si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=%d, si_uid=0, si_int=7, si_ptr=0x7}"
            .formatted(pid);
    assertThat(lines.get(0))
        .isEqualTo("rt_sigqueueinfo(%d, SIGUSR1, %s) = 0".formatted(pid, shown));
    assertThat(lines.get(1)).contains(shown + ", {tv_sec=1, tv_nsec=0}, 8) = 10");
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

  /** What came of waiting stands behind the result. */
  @Test
  void waits() {
    long pair = program.allocate(8);
    program.svc(__NR_pipe2, pair, 0);
    long read = program.memory().readInt(pair);
    long write = program.memory().readInt(pair + 4);
    long asked = program.words(read | 1L << 32, write | 4L << 32);
    long millisecond = program.words(0, 1_000_000);
    lines.clear();
    program.svc(__NR_ppoll, asked, 1, millisecond, program.words(1L << 9), 8);
    program.svc(__NR_ppoll, asked, 2, 0, 0, 8);
    program.svc(__NR_pselect6, 8, program.words(1L << read), 0, 0, program.words(0, 1000), 0);
    program.svc(__NR_pselect6, 8, 0, program.words(1L << write), 0, 0, 0);
    assertThat(lines)
        .containsExactly(
            "ppoll([{fd=4, events=POLLIN}], 1, {tv_sec=0, tv_nsec=1000000}, [USR1], 8)"
                + " = 0 (Timeout)",
            "ppoll([{fd=4, events=POLLIN}, {fd=5, events=POLLOUT}], 2, NULL, NULL, 8)"
                + " = 1 ([{fd=5, revents=POLLOUT}])",
            "pselect6(8, [4], NULL, NULL, {tv_sec=0, tv_nsec=1000}, NULL) = 0 (Timeout)",
            "pselect6(8, NULL, [5], NULL, NULL, NULL) = 1 (out [5])");
  }

  @Test
  void argumentsThatAreThereSometimes() {
    long now = program.words(0, 0);
    long word = program.words(7);
    lines.clear();
    program.svc(__NR_openat, Fcntl.AT_FDCWD, program.string("/none"), 0, 0644);
    program.svc(__NR_futex, word, 0x81, 1);
    program.svc(__NR_clock_nanosleep, 1, 0, now, now);
    program.svc(__NR_umask, 022);
    program.svc(__NR_timerfd_create, 1, 0x80000);
    program.svc(__NR_clone3, program.words(0x100, 0, 0, 0x10, 17, 0, 0, 0), 63);
    assertThat(lines)
        .containsExactly(
            "openat(AT_FDCWD, \"/none\", O_RDONLY) = -1 ENOENT (No such file or directory)",
            "futex([7], FUTEX_WAKE_PRIVATE, 1) = 0",
            "clock_nanosleep(CLOCK_MONOTONIC, 0, {tv_sec=0, tv_nsec=0}, 0x%x) = 0".formatted(now),
            "umask(022) = 022",
            "timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC) = 4",
            "clone3({flags=CLONE_VM, exit_signal=SIGCHLD, stack=NULL, stack_size=0}, 63)"
                + " = -1 EINVAL (Invalid argument)");
  }
}
