package dev.svc0.runtime.mm;

import static dev.svc0.runtime.abi.MmapConstants.MAP_ANONYMOUS;
import static dev.svc0.runtime.abi.MmapConstants.MAP_FIXED;
import static dev.svc0.runtime.abi.MmapConstants.MAP_PRIVATE;
import static dev.svc0.runtime.abi.MmapConstants.MAP_SHARED;
import static dev.svc0.runtime.abi.MmapConstants.PROT_READ;
import static dev.svc0.runtime.abi.MmapConstants.PROT_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What smaps says of pages, as Linux counts them: alone, after a fork, after stores. */
class PageUsesTest {
  private static final int PAGE = 4096;
  private static final int RW = PROT_READ | PROT_WRITE;
  private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  private static final long AT = 0x40_0000;

  private final FrameAllocator frames = new FrameAllocator(64);
  private final MemoryAccount account = new MemoryAccount(1000);

  @AfterEach
  void close() {
    frames.close();
  }

  private static MemoryManager forkOf(MemoryManager mm) {
    return Objects.requireNonNull(mm.fork());
  }

  /** Pages: shared clean, shared dirty, private clean, private dirty, anonymous, referenced. */
  private static long[] counts(MemoryManager mm) {
    PageUse use = mm.areaUses().getFirst().use();
    assertThat(use.resident())
        .isEqualTo(use.sharedClean() + use.sharedDirty() + use.privateClean() + use.privateDirty());
    return new long[] {
      use.sharedClean() / PAGE,
      use.sharedDirty() / PAGE,
      use.privateClean() / PAGE,
      use.privateDirty() / PAGE,
      use.anonymous() / PAGE,
      use.referenced() / PAGE
    };
  }

  @Test
  void aPageIsSharedWhileParentAndChildHaveItInCommon() {
    MemoryManager parent = new MemoryManager(frames, account);
    parent.mmap(AT, 8 * PAGE, RW, ANON, null, 0);
    parent.writeInt(AT, 1);
    parent.writeInt(AT + PAGE, 1);
    assertThat(counts(parent)).containsExactly(0, 0, 0, 2, 2, 2);
    MemoryManager child = forkOf(parent);
    assertThat(counts(parent)).containsExactly(0, 2, 0, 0, 2, 2);
    assertThat(counts(child)).containsExactly(0, 2, 0, 0, 2, 0);
    assertThat(child.areaUses().getFirst().use().proportional()).isEqualTo(PAGE);
    MemoryManager grandchild = forkOf(child);
    assertThat(grandchild.areaUses().getFirst().use().proportional()).isEqualTo(2 * (PAGE / 3));
    child.writeInt(AT, 2);
    assertThat(counts(child)).containsExactly(0, 1, 0, 1, 2, 1);
    // The child's store left the grandchild's page to it alone; of the other there is one copy.
    assertThat(counts(parent)).containsExactly(0, 1, 0, 1, 2, 2);
    assertThat(counts(grandchild)).containsExactly(0, 1, 0, 1, 2, 1);
    parent.release();
    assertThat(counts(grandchild)).containsExactly(0, 1, 0, 1, 2, 1);
    child.release();
    assertThat(counts(grandchild)).containsExactly(0, 0, 0, 2, 2, 2);
    grandchild.release();
    assertThat(account.usedPages()).isZero();
  }

  @Test
  void twoChildrenStillShareWhatTheirDeadParentLeft() {
    MemoryManager parent = new MemoryManager(frames, account);
    parent.mmap(AT, 8 * PAGE, RW, ANON, null, 0);
    parent.writeInt(AT, 1);
    MemoryManager one = forkOf(parent);
    MemoryManager other = forkOf(parent);
    assertThat(one.areaUses().getFirst().use().proportional()).isEqualTo(PAGE / 3);
    parent.release();
    assertThat(counts(one)).containsExactly(0, 1, 0, 0, 1, 0);
    assertThat(one.areaUses().getFirst().use().proportional()).isEqualTo(PAGE / 2);
    other.release();
    assertThat(counts(one)).startsWith(0, 0, 0, 1);
    one.release();
  }

  @Test
  void aSharedPageOfAFileIsDirtyAfterAStoreAndSharedWhenTwoShowIt() {
    TestBacking file = new TestBacking(frames, 8);
    MemoryManager one = new MemoryManager(frames, account);
    MemoryManager other = new MemoryManager(frames, account);
    one.mmap(AT, 8 * PAGE, RW, MAP_SHARED | MAP_FIXED, file, 0);
    other.mmap(AT, 4 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, file, 1);
    one.readInt(AT + PAGE);
    one.writeInt(AT + 2 * PAGE, 1);
    assertThat(counts(one)).containsExactly(0, 0, 1, 1, 0, 2);
    other.readInt(AT);
    other.readInt(AT + PAGE);
    assertThat(counts(one)).containsExactly(1, 1, 0, 0, 0, 2);
    assertThat(counts(other)).containsExactly(2, 0, 0, 0, 0, 2);
    assertThat(other.areaUses().getFirst().use().proportionalFile()).isEqualTo(PAGE);
    other.release();
    assertThat(counts(one)).containsExactly(0, 0, 1, 1, 0, 2);
    one.release();
  }

  @Test
  void aPrivatePageOfAFileIsTheFilesUntilItMayBeWritten() {
    TestBacking file = new TestBacking(frames, 8);
    MemoryManager mm = new MemoryManager(frames, account);
    mm.mmap(AT, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0);
    mm.readInt(AT);
    assertThat(counts(mm)).containsExactly(0, 0, 1, 0, 0, 1);
    assertThat(mm.mprotect(AT, 4 * PAGE, RW)).isZero();
    mm.writeInt(AT, 1);
    assertThat(mm.mprotect(AT, 4 * PAGE, PROT_READ)).isZero();
    assertThat(counts(mm)).containsExactly(0, 0, 0, 1, 1, 1);
    assertThat(mm.mlock(AT, 4 * PAGE, 0)).isZero();
    assertThat(mm.areaUses().getFirst().use().proportionalLocked()).isEqualTo(4 * PAGE);
    assertThat(mm.areaUses().getFirst().flags()).isEqualTo("rd mr mw me lo ac ");
    mm.release();
  }
}
