package dev.svc0.arm64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.svc0.arm64.DefinitionCases.Case;
import dev.svc0.arm64.DefinitionCases.Value;
import dev.svc0.arm64.entry.Arm64;
import dev.svc0.arm64.entry.Vectors;
import dev.svc0.arm64.interp.Interpreter;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.buffer.BlkdevPages;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.Writeback;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.task.Kernel;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Vfs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Bad pointers, unknown flags and unknown choices in each argument of each call that has one, made
 * from the definitions; what must come back was recorded on real Linux.
 */
class DefinitionCasesTest {
  private static final String RECORDED = "definition-cases.csv";
  private static final int PAGE = 4096;
  private static final long BAD = 0x4000;

  private static final Arm64TableDispatch TABLE = new Arm64TableDispatch();
  private static FrameAllocator frames;
  private static Writeback writeback;
  private static BlockDevices devices;
  private static Kernel kernel;

  @BeforeAll
  static void boot() throws Exception {
    frames = new FrameAllocator(4096);
    writeback = new Writeback();
    devices = new BlockDevices(frames, writeback, BlkdevPages::new);
    Vfs vfs = new Vfs(frames, writeback, devices, InstantSource.system());
    vfs.mountRoot("tmpfs", "none", null, 0, "");
    kernel =
        new Kernel(
            KernelOptions.defaults(),
            vfs,
            new Arm64(new Vectors(new Interpreter(), TABLE)),
            vfs.root());
  }

  @AfterAll
  static void halt() {
    kernel.close();
    devices.shutdown();
    writeback.close();
    frames.close();
  }

  private static Map<String, String> recorded() throws IOException {
    Map<String, String> results = new HashMap<>();
    try (InputStream in = DefinitionCasesTest.class.getResourceAsStream(RECORDED)) {
      assertThat(in).isNotNull();
      for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
        int cut = line.lastIndexOf(',');
        results.put(line.substring(0, cut), line.substring(cut + 1));
      }
    }
    return results;
  }

  @TestFactory
  Stream<DynamicTest> likeLinux() throws IOException {
    Map<String, String> recorded = recorded();
    return DefinitionCases.of(TABLE).stream()
        .map(one -> dynamicTest(one.key(), () -> check(one, recorded.get(one.key()))));
  }

  private static void check(Case one, @Nullable String expected) throws Exception {
    assumeTrue(expected != null, "not recorded yet; DefinitionRecorder says how");
    long result = inProcess(task -> make(one, task));
    String text = SyscallResult.isError(result) ? Errno.nameOf((int) -result) : "ok";
    long linux = Long.parseLong(expected);
    assertThat(text)
        .as("%s%s", one.call().name(), one.values())
        .isEqualTo(linux < 0 ? Errno.nameOf((int) -linux) : "ok");
  }

  private interface Program {
    long run(Task task);
  }

  private static long inProcess(Program program) throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    Task task = kernel.newProcess(Cred.ROOT, "case");
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                kernel.enter(task);
                result.complete(program.run(task));
              } catch (Throwable e) {
                result.completeExceptionally(e);
              } finally {
                kernel.leave(task, 0);
              }
            });
    long value = result.get(20, TimeUnit.SECONDS);
    thread.join(20_000);
    kernel.waitForExit(task);
    return value;
  }

  private static long make(Case one, Task task) {
    long pages =
        task.memory()
            .mmap(
                0,
                8L * PAGE,
                MmapConstants.PROT_READ | MmapConstants.PROT_WRITE,
                MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS,
                null,
                0);
    long name = pages + 6 * PAGE;
    // As on the Linux that was recorded, the name of the working directory is longer than 8 bytes.
    task.memory().writeBytes(name, "/directory".getBytes(StandardCharsets.US_ASCII));
    call(task, Arm64TableNumbers.__NR_mkdirat, Fcntl.AT_FDCWD, name, 0755);
    assertThat(call(task, Arm64TableNumbers.__NR_chdir, name)).isZero();
    task.memory().writeBytes(name, new byte[16]);
    task.memory().writeBytes(name, "f".getBytes(StandardCharsets.US_ASCII));
    task.memory().writeBytes(pages + 7 * PAGE, "user.x".getBytes(StandardCharsets.US_ASCII));
    long file = call(task, Arm64TableNumbers.__NR_openat, Fcntl.AT_FDCWD, name, 0x42, 0644);
    call(task, Arm64TableNumbers.__NR_pwrite64, file, pages, 100, 0);
    long other = call(task, Arm64TableNumbers.__NR_openat, Fcntl.AT_FDCWD, name, 2, 0);
    assertThat(other).isGreaterThan(file);
    long[] x = new long[6];
    for (int i = 0; i < one.values().size(); i++) {
      Value value = one.values().get(i);
      x[i] =
          switch (value) {
            case ZERO -> 0;
            case EIGHT -> 8;
            case FILE -> file;
            case OTHER_FILE -> other;
            case CWD -> Fcntl.AT_FDCWD;
            case NAME -> name;
            case ATTRIBUTE -> pages + 7 * PAGE;
            case PAGE -> pages + (long) i * PAGE;
            case BAD -> BAD;
            case UNKNOWN_FLAG -> 1 << 30;
            case UNKNOWN_CHOICE -> 0x7777;
            case MODE -> 0644;
            case SIGNAL -> 10;
          };
    }
    return call(task, one.call().nr(), x);
  }

  private static long call(Task task, int nr, long... arguments) {
    long[] x = java.util.Arrays.copyOf(arguments, 6);
    return TABLE.dispatch(task, nr, x[0], x[1], x[2], x[3], x[4], x[5]);
  }
}
