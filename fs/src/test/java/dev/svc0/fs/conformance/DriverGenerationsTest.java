package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.brd.BrdType;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.calls.SyncCalls;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.TraceAgent;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.TraceSession;
import dev.svc0.runtime.trace.format.FunctionGraph;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Path;
import java.nio.charset.StandardCharsets;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A driver of each generation, and a file system of the oldest, written to by a program. */
class DriverGenerationsTest {
  private static final int CWD = Fcntl.AT_FDCWD;
  private static final int MAJOR = 240;
  private static final long MEMORY_END = 1 << 20;

  private Machine machine;

  /** A fourth kind: no way to write at all. */
  private static final class Mute implements FileOperations {}

  @BeforeAll
  static void enable() {
    TraceAgent.install(ByteBuddyAgent.install());
  }

  @BeforeEach
  void start() throws Exception {
    machine = new Machine("tmpfs", "");
  }

  @AfterEach
  void stop() {
    ThreadState.current().operationId = 0;
    machine.close();
  }

  private int open(FileOperations driver, int flags) {
    machine.vfs.specialFiles().registerCharacterDevices(MAJOR, driver);
    NameCalls.mknodat(
        machine.task, CWD, machine.string("/node"), StatConstants.S_IFCHR | 0666, MAJOR << 8);
    return (int) OpenCalls.openat(machine.task, CWD, machine.string("/node"), flags, 0);
  }

  private long write(int fd, String text) {
    machine.put(text);
    return ReadWriteCalls.write(machine.task, fd, machine.buffer(), text.length());
  }

  /** "first, " and "second" as two buffers, and what writev says. */
  private long writev(int fd) {
    machine.put("second--------first, ");
    long vector = machine.buffer() + 4096;
    machine.task.memory().writeLong(vector, machine.buffer() + 14);
    machine.task.memory().writeLong(vector + 8, 7);
    machine.task.memory().writeLong(vector + 16, machine.buffer());
    machine.task.memory().writeLong(vector + 24, 6);
    return ReadWriteCalls.writev(machine.task, fd, vector, 2);
  }

  private String graphOf(Runnable work) throws Exception {
    StringBuilder out = new StringBuilder();
    try (TraceSession session = TraceSession.start(TraceSelection.everything())) {
      ThreadState.current().operationId = 77;
      work.run();
      FunctionGraph.write(session.stop(), FunctionGraph.Options.defaults("__arm64_sys_"), out);
    }
    return out.toString();
  }

  @Test
  void aDriverOf24GetsOneCallABuffer() throws Exception {
    OldDriver driver = new OldDriver();
    int fd = open(driver, Fcntl.O_RDWR);
    String graph = graphOf(() -> assertThat(write(fd, "hello ")).isEqualTo(6));
    assertThat(graph).containsSubsequence("ksys_write() {", "vfs_write() {", "old_write()");
    assertThat(writev(fd)).isEqualTo(13);
    assertThat(driver.lengths).containsExactly(6L, 7L, 6L);
    assertThat(driver.written).hasToString("hello first, second");
    assertThat(ReadWriteCalls.pread64(machine.task, fd, machine.buffer(), 100, 6)).isEqualTo(13);
    assertThat(machine.get(13)).isEqualTo("first, second");
  }

  @Test
  void aShortWriteOfADriverOf24EndsTheVector() {
    OldDriver driver = new OldDriver();
    int fd = open(driver, Fcntl.O_WRONLY);
    driver.most = 5;
    assertThat(writev(fd)).isEqualTo(5);
    assertThat(driver.written).hasToString("first");
  }

  @Test
  void aDriverOf4xGetsAllBuffersAtOnce() throws Exception {
    IterDriver driver = new IterDriver();
    int fd = open(driver, Fcntl.O_WRONLY);
    String graph = graphOf(() -> assertThat(write(fd, "hello ")).isEqualTo(6));
    assertThat(graph).containsSubsequence("ksys_write() {", "vfs_write() {", "new_write_iter()");
    assertThat(writev(fd)).isEqualTo(13);
    assertThat(driver.lengths).containsExactly(6L, 13L);
    assertThat(driver.written).hasToString("hello first, second");
  }

  @Test
  void aDriverOf3xIsAskedAgainUntilItIsDone() throws Exception {
    AioDriver driver = new AioDriver();
    int fd = open(driver, Fcntl.O_WRONLY);
    String graph = graphOf(() -> assertThat(write(fd, "hello ")).isEqualTo(6));
    assertThat(graph)
        .containsSubsequence(
            "ksys_write() {",
            "vfs_write() {",
            "do_sync_write() {",
            "queued_aio_write()",
            "queued_aio_write()",
            "queued_aio_write()");
    assertThat(driver.left).containsExactly(6L, 6L, 6L);
    assertThat(writev(fd)).isEqualTo(13);
    assertThat(driver.written).hasToString("hello first, second");
  }

  @Test
  void aDriverWithoutAWayToWriteRefuses() {
    int fd = open(new Mute(), Fcntl.O_RDWR);
    assertThat(write(fd, "x")).isEqualTo(-Errno.EINVAL);
    assertThat(writev(fd)).isEqualTo(-Errno.EINVAL);
    assertThat(ReadWriteCalls.read(machine.task, fd, machine.buffer(), 1)).isEqualTo(-Errno.EINVAL);
  }

  /** The order: a driver with more than one way is asked in the oldest. */
  @Test
  void theOldestWayComesFirst() {
    OldDriver old = new OldDriver();
    IterDriver fresh = new IterDriver();
    FileOperations both =
        new FileOperations() {
          @Override
          public int supplies() {
            return WRITE | WRITE_ITER | AIO_WRITE;
          }

          @Override
          public long write(dev.svc0.runtime.vfs.Kiocb kiocb, long buffer, long bytes) {
            return old.write(kiocb, buffer, bytes);
          }

          @Override
          public long writeIter(
              dev.svc0.runtime.vfs.Kiocb kiocb, dev.svc0.runtime.mm.IovIter from) {
            return fresh.writeIter(kiocb, from);
          }
        };
    int fd = open(both, Fcntl.O_WRONLY);
    assertThat(write(fd, "plain")).isEqualTo(5);
    assertThat(writev(fd)).isEqualTo(13);
    assertThat(old.written).hasToString("plain");
    assertThat(fresh.written).as("a vector goes to who takes one").hasToString("first, second");
  }

  private BlockDevice mountPrepared(String size) throws Exception {
    BlockDevice disk = new BrdType().create(machine.vfs.devices(), "size=" + size);
    machine.vfs.register(new PreparedFs());
    NameCalls.mkdirat(machine.task, CWD, machine.string("/mnt"), 0755);
    Path place = Namei.kernPath(machine.task, "/mnt", Lookup.FOLLOW, new long[1]);
    machine.vfs.mountAt(place, "preparedfs", "/dev/ram0", disk, 0, "");
    return disk;
  }

  private int openData(int flags) {
    return (int) OpenCalls.openat(machine.task, CWD, machine.string("/mnt/data"), flags, 0);
  }

  private static String onDisk(BlockDevice disk, long position, int bytes) {
    dev.svc0.runtime.mm.IovIter to = new dev.svc0.runtime.mm.IovIter();
    long memory = dev.svc0.runtime.mm.HostMemory.reserve(bytes);
    dev.svc0.runtime.iomap.IomapDirectIo.deviceRw(
        disk, dev.svc0.runtime.block.ReqOp.READ, position, to.initKernel(memory, bytes));
    byte[] copy = new byte[bytes];
    dev.svc0.runtime.mm.HostMemory.copy(memory, copy, 0, bytes);
    dev.svc0.runtime.mm.HostMemory.release(memory, bytes);
    return new String(copy, StandardCharsets.ISO_8859_1);
  }

  @Test
  void aFileSystemOf24PreparesAndCommits() throws Exception {
    BlockDevice disk = mountPrepared("1M");
    int fd = openData(Fcntl.O_RDWR);
    String text = "abcdefgh".repeat(600);
    String graph = graphOf(() -> assertThat(write(fd, text)).isEqualTo(4800));
    assertThat(graph)
        .containsSubsequence(
            "vfs_write() {",
            "generic_file_write() {",
            "do_generic_file_write() {",
            "grab_cache_page() {",
            "prepared_prepare_write() {",
            "block_prepare_write() {",
            "prepared_get_block()",
            "generic_commit_write() {",
            "mark_buffer_dirty() {",
            "grab_cache_page() {",
            "generic_commit_write() {");
    assertThat(SyncCalls.fsync(machine.task, fd)).isZero();
    for (int block = 0; block < 4; block++) {
      assertThat(onDisk(disk, 2048L * block, 1024))
          .isEqualTo(text.substring(1024 * block, 1024 * block + 1024));
      assertThat(onDisk(disk, 2048L * block + 1024, 1024)).isEqualTo("\0".repeat(1024));
    }
    assertThat(ReadWriteCalls.pread64(machine.task, fd, machine.buffer(), 9000, 100))
        .isEqualTo(4700);
    assertThat(machine.get(4700)).isEqualTo(text.substring(100));
  }

  @Test
  void aFileSystemOf24MeetsTheEndOfTheDiskWithAShortWrite() throws Exception {
    mountPrepared("8K");
    int fd = openData(Fcntl.O_RDWR);
    // Eight blocks, of which every other one is used; the second page finds none.
    assertThat(write(fd, "x".repeat(6000))).isEqualTo(4096);
    assertThat(write(fd, "y")).isEqualTo(-Errno.ENOSPC);
  }

  @Test
  void aBufferThatEndsInNothingGivesAShortWrite() throws Exception {
    mountPrepared("1M");
    int fd = openData(Fcntl.O_RDWR);
    long lastBytes = machine.buffer() + MEMORY_END - 10;
    machine.task.memory().munmap(machine.buffer() + MEMORY_END, 4096);
    assertThat(ReadWriteCalls.write(machine.task, fd, lastBytes, 4000)).isEqualTo(10);
    assertThat(ReadWriteCalls.write(machine.task, fd, lastBytes + 10, 10)).isEqualTo(-Errno.EFAULT);
  }

  @Test
  void aStoreThroughAMappingReachesAFileSystemOf24() throws Exception {
    BlockDevice disk = mountPrepared("1M");
    int fd = openData(Fcntl.O_RDWR);
    assertThat(write(fd, "a".repeat(4096))).isEqualTo(4096);
    var file = java.util.Objects.requireNonNull(machine.task.files().fdget(fd));
    long at =
        machine
            .task
            .memory()
            .mmap(
                0,
                4096,
                MmapConstants.PROT_READ | MmapConstants.PROT_WRITE,
                MmapConstants.MAP_SHARED,
                file.operations().mmap(file, true, new long[1]),
                0);
    file.put();
    assertThat(at).isPositive();
    machine.task.memory().writeBytes(at + 2048, "mapped".getBytes(StandardCharsets.US_ASCII));
    assertThat(SyncCalls.fsync(machine.task, fd)).isZero();
    assertThat(onDisk(disk, 4096, 8)).isEqualTo("mappedaa");
  }
}
