package dev.svc0.runtime.syscall.decode;

import static dev.svc0.runtime.abi.MmapConstants.MAP_ANONYMOUS;
import static dev.svc0.runtime.abi.MmapConstants.MAP_PRIVATE;
import static dev.svc0.runtime.abi.MmapConstants.PROT_READ;
import static dev.svc0.runtime.abi.MmapConstants.PROT_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.MemoryAccount;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.syscall.TestTableDispatch;
import dev.svc0.runtime.syscall.TestTasks;
import dev.svc0.runtime.task.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lines as strace prints them for the same calls. */
class CallDecoderTest {
  private static final long JUNK = 0x7fff_0000_0000_0000L;

  private final FrameAllocator frames = new FrameAllocator(64);
  private final MemoryManager memory = new MemoryManager(frames, new MemoryAccount(64));
  private final Task task = TestTasks.withMemory(memory);
  private final TestTableDispatch table = new TestTableDispatch();
  private final List<String> lines = new ArrayList<>();
  private final long data =
      memory.mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, null, 0);
  private final long bad = data + (1 << 20);

  @AfterEach
  void release() {
    memory.release();
    frames.close();
  }

  private String line(int nr, long... arguments) {
    return line(Strace.Format.TEXT, nr, arguments);
  }

  private String line(Strace.Format format, int nr, long... arguments) {
    long[] x = java.util.Arrays.copyOf(arguments, 6);
    try (var listening = Strace.attach(table, call -> true, 32, format, lines::add)) {
      assertThat(listening).isNotNull();
      table.dispatch(task, nr, x[0], x[1], x[2], x[3], x[4], x[5]);
    }
    return lines.removeLast();
  }

  private long text(String text) {
    memory.writeBytes(data, (text + "\0").getBytes(StandardCharsets.ISO_8859_1));
    return data;
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  @Test
  void pathsFlagsAndModes() {
    assertThat(line(1500, JUNK | 0xffff_ff9cL, text("/etc/\"x\"\n"), JUNK | 0x80241, 0644))
        .isEqualTo(
            "d_openat(AT_FDCWD, \"/etc/\\\"x\\\"\\n\", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0644)"
                + " = -1 ENOENT (No such file or directory)");
    assertThat(line(1500, 3, bad, 0x40004000, 0))
        .isEqualTo(
            "d_openat(3, "
                + hex(bad)
                + ", O_RDONLY|O_DIRECTORY|0x40000000, 0) = -1 ENOENT (No such file or directory)");
    assertThat(line(1500, 3, 0, 0x101002, 07777))
        .startsWith("d_openat(3, NULL, O_RDWR|O_SYNC, 07777)");
  }

  @Test
  void buffersAreBounded() {
    assertThat(line(1501, 1, text("hello\n\0\u00011"), 9))
        .isEqualTo("d_write(1, \"hello\\n\\0\\0011\", 9) = 9");
    assertThat(line(1501, 1, text("0123456789".repeat(5)), 50))
        .isEqualTo("d_write(1, \"01234567890123456789012345678901\"..., 50) = 50");
    assertThat(line(1501, 1, bad, 50)).isEqualTo("d_write(1, " + hex(bad) + ", 50) = 50");
    assertThat(line(1501, 1, data, 0)).isEqualTo("d_write(1, \"\", 0) = 0");
    assertThat(line(1501, 1, data + 8190, -1))
        .isEqualTo(
            "d_write(1, \"\\0\\0\"..., 18446744073709551615) = -1 EPERM"
                + " (Operation not permitted)");
  }

  @Test
  void outputsAreReadAfterTheCallAndNoFurtherThanTheResult() {
    assertThat(line(1502, 0, text("before"), 100)).isEqualTo("readd(0, \"some\", 100) = 4");
    assertThat(line(1502, 0, bad, 100))
        .isEqualTo("readd(0, " + hex(bad) + ", 100) = -1 EFAULT (Bad address)");
  }

  @Test
  void structsAreDecodedByTheirLayout() {
    assertThat(line(1503, 3, data))
        .isEqualTo(
            "d_fstat(3, {st_dev=0, st_ino=18446744073709551615, st_mode=S_IFREG|0644, st_nlink=0,"
                + " st_uid=0, st_gid=0, st_rdev=0, st_size=4096, st_blksize=0, st_blocks=0,"
                + " st_atime=0, st_atime_nsec=0, st_mtime=0, st_mtime_nsec=0, st_ctime=0,"
                + " st_ctime_nsec=0}) = 0");
    memory.writeLong(data, 1);
    memory.writeLong(data + 8, 500_000_000);
    assertThat(line(1504, data, data + 16))
        .isEqualTo(
            "d_nanosleep({tv_sec=1, tv_nsec=500000000}, "
                + hex(data + 16)
                + ") = ? ERESTARTSYS (to be restarted)");
    memory.writeLong(data, 0x400123);
    memory.writeLong(data + 8, 0x10000004);
    memory.writeLong(data + 16, 0);
    memory.writeLong(data + 24, 0x4000);
    assertThat(line(1507, 17, data, 0))
        .isEqualTo(
            "d_sigaction(SIGCHLD, {sa_handler=0x400123, sa_flags=SA_SIGINFO|SA_RESTART,"
                + " sa_restorer=NULL, sa_mask=[TERM]}, NULL) = 0");
  }

  @Test
  void vectorsShowTheirBuffers() {
    memory.writeBytes(data + 100, "onetwo".getBytes(StandardCharsets.ISO_8859_1));
    memory.writeLong(data, data + 100);
    memory.writeLong(data + 8, 3);
    memory.writeLong(data + 16, data + 103);
    memory.writeLong(data + 24, 3);
    assertThat(line(1505, 1, data, 2))
        .isEqualTo(
            "d_writev(1, [{iov_base=\"one\", iov_len=3}, {iov_base=\"two\", iov_len=3}], 2) = 7");
    assertThat(line(1506, 1, data, 2))
        .isEqualTo(
            "readvd(1, [{iov_base=\"one\", iov_len=3}, {iov_base=\"tw\", iov_len=3}], 2) = 5");
  }

  @Test
  void groupsAreNarrowedByTheBeginningOfNames() {
    assertThat(line(1508, 0, 4096, 3, 0x22, JUNK | 0xffff_ffffL, 0))
        .isEqualTo(
            "d_mmap(0, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)"
                + " = 139637976731648");
    assertThat(line(1508, 0, 4096, 0, 0x4011, 3, 0))
        .contains("PROT_NONE, MAP_SHARED|MAP_FIXED|MAP_NORESERVE");
    assertThat(line(1509, 0x1200011, 0))
        .isEqualTo("d_clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, 0) = ?");
    assertThat(line(1510, 3, 1030, 10)).isEqualTo("d_fcntl(3, F_DUPFD_CLOEXEC, 10) = 0");
    assertThat(line(1510, 3, 77, 10)).isEqualTo("d_fcntl(3, 77, 10) = 0");
  }

  @Test
  void whatIsReadAndWrittenShowsBoth() {
    memory.writeInt(data, 5);
    memory.writeShort(data + 4, (short) 5);
    memory.writeShort(data + 6, (short) 0);
    assertThat(line(1511, data, 1))
        .isEqualTo(
            "d_poll([{fd=5, events=POLLIN|POLLOUT, revents=0}] => [{fd=5, events=POLLIN|POLLOUT,"
                + " revents=POLLIN}], 1) = 1");
  }

  @Test
  void directoryEntriesAreAsLongAsTheySay() {
    assertThat(line(1512, 3, data, 1024))
        .isEqualTo(
            "d_getdents(3, [{d_name=\".\", d_type=DT_DIR}, {d_name=\"file\", d_type=DT_REG}], 1024)"
                + " = 48");
  }

  @Test
  void callsWithoutAHandlerAndWithoutANameHaveALine() {
    assertThat(line(600, 1, 2, 3, 4, 5, 6))
        .isEqualTo(
            "syscall_0x258(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)");
    assertThat(line(18)).isEqualTo("lookup_dcookie() = -1 ENOSYS (Function not implemented)");
  }

  @Test
  void aLineCanBeJsonOrHaveATime() {
    assertThat(line(Strace.Format.JSON, 1501, 1, text("\"\\\n"), 3))
        .startsWith(
            "{\"tid\": 0, \"nr\": 1501, \"call\": \"d_write\", \"args\": {\"fd\": \"1\", \"buf\":"
                + " \"\\\"\\\\\\\"\\\\\\\\\\\\n\\\"\", \"count\": \"3\"}, \"result\": 3, \"text\":"
                + " \"3\", \"nanos\": ");
    assertThat(line(Strace.Format.TIMED_TEXT, 1501, 1, data, 0))
        .matches("d_write\\(1, \"\", 0\\) = 0 <0\\.\\d{6}>");
  }

  @Test
  void callsAreChosenByName() {
    assertThat(Strace.named(table, "d_write, d_mmap").test(1501)).isTrue();
    assertThat(Strace.named(table, "d_write, d_mmap").test(1502)).isFalse();
    assertThatThrownBy(() -> Strace.named(table, "d_write,opne"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("arm64 has no system call \"opne\"");
  }
}
