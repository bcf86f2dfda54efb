package dev.svc0.runtime.mm;

import static dev.svc0.runtime.abi.MmapConstants.MAP_ANONYMOUS;
import static dev.svc0.runtime.abi.MmapConstants.MAP_FIXED;
import static dev.svc0.runtime.abi.MmapConstants.MAP_PRIVATE;
import static dev.svc0.runtime.abi.MmapConstants.PROT_READ;
import static dev.svc0.runtime.abi.MmapConstants.PROT_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.abi.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForkTest {
  private static final int PAGE = 4096;
  private static final int RW = PROT_READ | PROT_WRITE;
  private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;
  private static final long AT = 0x40_0000;

  private final FrameAllocator frames = new FrameAllocator(64);

  @AfterEach
  void close() {
    frames.close();
  }

  private MemoryManager process(MemoryAccount account, int pages) {
    MemoryManager mm = new MemoryManager(frames, account);
    mm.mmap(AT, (long) pages * PAGE, RW, ANON | MAP_FIXED, null, 0);
    for (int i = 0; i < pages; i++) {
      mm.writeInt(AT + i * PAGE, i);
    }
    return mm;
  }

  private static MemoryManager forkOf(MemoryManager mm) {
    return Objects.requireNonNull(mm.fork());
  }

  @Test
  void aForkCopiesNothingUntilSomebodyWrites() {
    MemoryAccount account = new MemoryAccount(1000);
    MemoryManager parent = process(account, 10);
    MemoryManager child = forkOf(parent);
    assertThat(account.usedPages()).isEqualTo(10);
    assertThat(child.residentPages()).isEqualTo(10);
    parent.writeInt(AT, 100);
    assertThat(account.usedPages()).isEqualTo(11);
    parent.writeInt(AT, 101);
    child.writeInt(AT + PAGE, 200);
    assertThat(account.usedPages()).isEqualTo(12);
    assertThat(child.readInt(AT)).isZero();
    assertThat(parent.readInt(AT + PAGE)).isEqualTo(1);
    child.release();
    assertThat(account.usedPages()).isEqualTo(10);
    parent.release();
    assertThat(account.usedPages()).isZero();
  }

  @Test
  void aChainOfParentsThatExitKeepsTheContent() {
    MemoryAccount account = new MemoryAccount(25);
    MemoryManager mm = process(account, 20);
    for (int generation = 0; generation < 1000; generation++) {
      MemoryManager child = forkOf(mm);
      child.writeInt(AT + generation % 20 * PAGE + 4, generation);
      mm.release();
      mm = child;
      assertThat(account.usedPages()).isEqualTo(20);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(mm.readInt(AT + i * PAGE)).isEqualTo(i);
      assertThat(mm.readInt(AT + i * PAGE + 4)).isEqualTo(980 + i);
    }
    mm.release();
    assertThat(account.usedPages()).isZero();
  }

  @Test
  void siblingsShareAParentThatIsGone() {
    MemoryAccount account = new MemoryAccount(1000);
    MemoryManager parent = process(account, 10);
    List<MemoryManager> children = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      children.add(forkOf(parent));
    }
    parent.release();
    assertThat(account.usedPages()).isEqualTo(10);
    children.get(0).writeInt(AT, 1);
    children.get(1).munmap(AT, 5 * PAGE);
    children.get(2).release();
    children.get(3).release();
    assertThat(children.get(1).readInt(AT + 7 * PAGE)).isEqualTo(7);
    assertThat(children.get(4).readInt(AT + 3 * PAGE)).isEqualTo(3);
    children.get(1).release();
    children.get(0).release();
    assertThat(account.usedPages()).isEqualTo(10);
    assertThat(children.get(4).readInt(AT + 9 * PAGE)).isEqualTo(9);
    children.get(4).release();
    assertThat(account.usedPages()).isZero();
  }

  @Test
  void noMemoryForACopyIsAnErrorAndLosesNothing() {
    MemoryAccount account = new MemoryAccount(10);
    MemoryManager parent = process(account, 10);
    MemoryManager one = forkOf(parent);
    MemoryManager two = forkOf(parent);
    int killed = Signals.SIGKILL << 8;
    assertThat(parent.handleFault(AT, MemoryManager.PERM_WRITE)).isEqualTo(killed);
    assertThat(one.handleFault(AT, MemoryManager.PERM_READ)).isEqualTo(killed);
    assertThat(parent.munmap(AT, 10 * PAGE)).isEqualTo(-Errno.ENOMEM);
    assertThat(parent.readInt(AT + 9 * PAGE)).isEqualTo(9);
    one.release();
    assertThat(parent.munmap(AT, 10 * PAGE)).isZero();
    assertThat(two.readInt(AT + 9 * PAGE)).isEqualTo(9);
    parent.release();
    two.release();
    assertThat(account.usedPages()).isZero();
  }

  @Test
  void adviceAboutForksIsFollowed() {
    MemoryAccount account = new MemoryAccount(1000);
    MemoryManager parent = process(account, 4);
    parent.madvise(AT, PAGE, MmapConstants.MADV_DONTFORK);
    parent.madvise(AT + PAGE, PAGE, MmapConstants.MADV_WIPEONFORK);
    MemoryManager child = forkOf(parent);
    assertThat(child.copyFromUser(new byte[1], 0, AT, 1)).isEqualTo(1);
    assertThat(child.readInt(AT + PAGE)).isZero();
    assertThat(child.readInt(AT + 2 * PAGE)).isEqualTo(2);
    assertThat(parent.readInt(AT + PAGE)).isEqualTo(1);
    child.release();
    parent.release();
  }

  @Test
  void thousandsOfForksAndExecsLeaveNothingBehind() throws IOException {
    MemoryAccount account = new MemoryAccount(5000);
    MemoryManager shell = process(account, 300);
    for (int i = 0; i < 4000; i++) {
      MemoryManager child = forkOf(shell);
      child.writeInt(AT + i % 300 * PAGE, -1);
      shell.writeInt(AT + i % 300 * PAGE, i % 300);
      MemoryManager program = process(account, 20);
      child.release();
      assertThat(program.readInt(AT + 3 * PAGE)).isEqualTo(3);
      program.release();
    }
    assertThat(account.usedPages()).isEqualTo(300);
    for (int i = 0; i < 300; i++) {
      assertThat(shell.readInt(AT + i * PAGE)).isEqualTo(i);
    }
    // The shell's pages, and a few pages of permissions and states in each window kept.
    assertThat(windowPagesOnHost()).isBetween(300L, 500L);
    shell.release();
    assertThat(account.usedPages()).isZero();
  }

  /** Pages of host memory in this test's and other tests' windows: mappings beyond 32 GiB. */
  private static long windowPagesOnHost() throws IOException {
    long kib = 0;
    boolean window = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("^[0-9a-f]+-[0-9a-f]+ .*")) {
        String[] bounds = line.split("[- ]");
        long bytes = Long.parseUnsignedLong(bounds[1], 16) - Long.parseUnsignedLong(bounds[0], 16);
        window = bytes > 1L << 35;
      } else if (window && line.startsWith("Rss:")) {
        kib += Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return kib / 4;
  }
}
