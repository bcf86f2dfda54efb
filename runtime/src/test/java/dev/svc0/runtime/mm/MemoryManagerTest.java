package dev.svc0.runtime.mm;

import static dev.svc0.runtime.abi.MmapConstants.MAP_ANONYMOUS;
import static dev.svc0.runtime.abi.MmapConstants.MAP_FIXED;
import static dev.svc0.runtime.abi.MmapConstants.MAP_FIXED_NOREPLACE;
import static dev.svc0.runtime.abi.MmapConstants.MAP_PRIVATE;
import static dev.svc0.runtime.abi.MmapConstants.MAP_SHARED;
import static dev.svc0.runtime.abi.MmapConstants.MREMAP_MAYMOVE;
import static dev.svc0.runtime.abi.MmapConstants.PROT_EXEC;
import static dev.svc0.runtime.abi.MmapConstants.PROT_NONE;
import static dev.svc0.runtime.abi.MmapConstants.PROT_READ;
import static dev.svc0.runtime.abi.MmapConstants.PROT_WRITE;
import static dev.svc0.runtime.mm.MemoryManager.PERM_EXEC;
import static dev.svc0.runtime.mm.MemoryManager.PERM_READ;
import static dev.svc0.runtime.mm.MemoryManager.PERM_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryManagerTest {
  private static final int PAGE = 4096;
  private static final int RW = PROT_READ | PROT_WRITE;
  private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;
  private static final int MAPERR = Signals.SIGSEGV << 8 | SignalConstants.SEGV_MAPERR;
  private static final int ACCERR = Signals.SIGSEGV << 8 | SignalConstants.SEGV_ACCERR;
  private static final int BUS = Signals.SIGBUS << 8 | SignalConstants.BUS_ADRERR;

  private final FrameAllocator frames = new FrameAllocator(4096);
  private final MemoryAccount account = new MemoryAccount(10_000);
  private final MemoryManager mm = new MemoryManager(frames, account);
  private boolean released;

  @BeforeEach
  void startsEmpty() {
    assertThat(mm.areas()).isEmpty();
  }

  @AfterEach
  void nothingLeaks() {
    if (!released) {
      mm.release();
    }
    assertThat(account.usedPages()).isZero();
    frames.close();
  }

  private long map(long pages, int prot) {
    return mm.mmap(0, pages * PAGE, prot, ANON, null, 0);
  }

  private int permission(long address) {
    return HostMemory.getByte(mm.permissionBase() + (address >>> 12));
  }

  @Test
  void anonymousMemoryIsZeroChargedOnTouchAndGivenBack() {
    long at = map(10, RW);
    assertThat(account.usedPages()).isZero();
    assertThat(mm.readLong(at + PAGE)).isZero();
    mm.writeInt(at + 3 * PAGE, 7);
    assertThat(account.usedPages()).isEqualTo(2);
    assertThat(permission(at + 3 * PAGE)).isEqualTo(PERM_READ | PERM_WRITE);
    assertThat(mm.munmap(at, 10 * PAGE)).isZero();
    assertThat(account.usedPages()).isZero();
    assertThat(permission(at + 3 * PAGE)).isZero();
    assertThat(mm.mmap(at, PAGE * 10, RW, ANON | MAP_FIXED, null, 0)).isEqualTo(at);
    assertThat(mm.readInt(at + 3 * PAGE)).isZero();
  }

  @Test
  void faultsSayWhatLinuxSays() {
    long at = map(2, PROT_READ);
    assertThat(mm.handleFault(at, PERM_READ)).isEqualTo(MemoryManager.FAULT_RESOLVED);
    assertThat(mm.handleFault(at, PERM_WRITE)).isEqualTo(ACCERR);
    assertThat(mm.handleFault(at, PERM_EXEC)).isEqualTo(ACCERR);
    assertThat(mm.handleFault(at + 2 * PAGE, PERM_READ)).isEqualTo(MAPERR);
    assertThat(mm.handleFault(0, PERM_READ)).isEqualTo(MAPERR);
    assertThat(mm.handleFault(-1, PERM_READ)).isEqualTo(MAPERR);
    assertThat(mm.handleFault(Long.MIN_VALUE, PERM_WRITE)).isEqualTo(MAPERR);
    assertThat(mm.handleFault(MemoryManager.TASK_SIZE, PERM_READ)).isEqualTo(MAPERR);
    assertThat(mm.handleFault(at | 0x5aL << 56, PERM_READ)).isZero();
    assertThat(mm.mprotect(at, PAGE, PROT_NONE)).isZero();
    assertThat(permission(at)).isZero();
    assertThat(mm.handleFault(at, PERM_READ)).isEqualTo(ACCERR);
  }

  @Test
  void largeReservationsLieAboveTheWindow() {
    int reserve = ANON | MmapConstants.MAP_NORESERVE;
    long bytes = 8L << 40;
    long at = mm.mmap(0, bytes, PROT_NONE, reserve, null, 0);
    assertThat(at).isGreaterThanOrEqualTo(MemoryManager.WINDOW_SIZE);
    assertThat(mm.handleFault(at, PERM_READ)).isEqualTo(ACCERR);
    long second = mm.mmap(0, bytes, RW, reserve, null, 0);
    assertThat(second + bytes).isEqualTo(at);
    mm.writeLong(second + 0x12_3456_7890L, 77);
    assertThat(mm.readLong(second + 0x12_3456_7890L)).isEqualTo(77);
    assertThat(account.usedPages()).isEqualTo(1);
    assertThat(mm.mmap(0, 300L << 40, PROT_NONE, reserve, null, 0)).isEqualTo(-Errno.ENOMEM);
    assertThat(mm.munmap(second, 2 * bytes)).isZero();
    assertThat(account.usedPages()).isZero();
  }

  @Test
  void hintsAboveTheWindowAreFollowedUnlessAddressesAreOnlyReserved() {
    long hint = 0x40_0000_0000L;
    assertThat(mm.mmap(hint, PAGE, RW, ANON, null, 0)).isEqualTo(hint);
    assertThat(mm.mmap(hint, PAGE, RW, ANON, null, 0)).isLessThan(MemoryManager.WINDOW_SIZE);
    assertThat(mm.mmap(2 * hint, PAGE, PROT_NONE, ANON, null, 0))
        .isLessThan(MemoryManager.WINDOW_SIZE);
    assertThat(mm.mmap(2 * hint, PAGE, PROT_NONE, ANON | MAP_FIXED, null, 0)).isEqualTo(2 * hint);
  }

  @Test
  void whoTouchesTooManyPlacesAboveTheWindowIsKilled() {
    int reserve = ANON | MmapConstants.MAP_NORESERVE | MAP_FIXED;
    long start = 1L << 40;
    assertThat(mm.mmap(start, 64L << 40, RW, reserve, null, 0)).isEqualTo(start);
    int touched = 0;
    while (mm.handleFault(start + ((long) touched << 32), PERM_WRITE) == 0) {
      touched++;
    }
    assertThat(touched).isBetween(1, Windows.MOST_OUTER);
    assertThat(mm.handleFault(start + ((long) touched << 32), PERM_WRITE))
        .isEqualTo(FaultHandler.OUT_OF_MEMORY);
    assertThat(mm.fork()).isNull(); // nor is there room for a copy
  }

  @Test
  void privateFilePagesAreCopies() {
    TestBacking file = new TestBacking(frames, 3);
    long at = mm.mmap(0, 4 * PAGE, RW, MAP_PRIVATE, file, 0);
    mm.writeByte(at + PAGE, (byte) 99);
    assertThat(mm.readByte(at + PAGE + 1)).isEqualTo((byte) 2);
    assertThat(HostMemory.getByte(file.cache.get(1L))).isEqualTo((byte) 2);
    assertThat(mm.handleFault(at + 3 * PAGE, PERM_READ)).isEqualTo(BUS);
    assertThat(file.pins).isZero();
    assertThat(mm.madvise(at, 4 * PAGE, MmapConstants.MADV_DONTNEED)).isZero();
    assertThat(mm.readByte(at + PAGE)).isEqualTo((byte) 2);
    mm.munmap(at, 4 * PAGE);
    assertThat(file.mappings).isEmpty();
  }

  @Test
  void sharedFilePagesAreTheFile() {
    TestBacking file = new TestBacking(frames, 3);
    long one = mm.mmap(0, 3 * PAGE, RW, MAP_SHARED, file, 0);
    long two = mm.mmap(0, PAGE, PROT_READ, MAP_SHARED, file, 1);
    assertThat(mm.readByte(one + PAGE)).isEqualTo((byte) 2);
    assertThat(file.mkwrites).isEmpty();
    mm.writeByte(one + PAGE, (byte) 77);
    mm.writeByte(one + PAGE, (byte) 78);
    assertThat(file.mkwrites).containsExactly(1L);
    assertThat(mm.readByte(two)).isEqualTo((byte) 78);
    assertThat(HostMemory.getByte(file.cache.get(1L))).isEqualTo((byte) 78);
    assertThat(mm.hostAddressOf(one + PAGE + 8)).isEqualTo(mm.hostAddressOf(two + 8));
    List.copyOf(file.mappings).forEach(mapping -> mapping.writeProtect(1));
    assertThat(permission(one + PAGE)).isEqualTo(PERM_READ);
    mm.writeByte(one + PAGE, (byte) 79);
    assertThat(file.mkwrites).containsExactly(1L, 1L);
    List.copyOf(file.mappings).forEach(mapping -> mapping.unmapPages(1, Long.MAX_VALUE));
    assertThat(permission(one + PAGE)).isZero();
    assertThat(permission(two)).isZero();
    assertThat(file.pins).isZero();
    file.mkwriteResult = -Errno.ENOSPC;
    assertThat(mm.handleFault(one, PERM_WRITE)).isEqualTo(BUS);
    assertThat(mm.readByte(one + PAGE)).isEqualTo((byte) 79);
    mm.munmap(one, 3 * PAGE);
    mm.munmap(two, PAGE);
    assertThat(file.pins).isZero();
    assertThat(file.mappings).isEmpty();
  }

  @Test
  void whatAFileDoesNotAllowIsRefused() {
    TestBacking file = new TestBacking(frames, 1);
    assertThat(mm.mmap(0, PAGE, RW, MAP_SHARED, file, 0, PROT_READ)).isEqualTo(-Errno.EACCES);
    assertThat(mm.mmap(0, PAGE, PROT_READ, MAP_PRIVATE, file, 0, PROT_WRITE))
        .isEqualTo(-Errno.EACCES);
    assertThat(mm.mmap(0, PAGE, PROT_EXEC, MAP_PRIVATE, file, 0, PROT_READ))
        .isEqualTo(-Errno.EPERM);
    long shared = mm.mmap(0, PAGE, PROT_READ, MAP_SHARED, file, 0, PROT_READ);
    assertThat(mm.mprotect(shared, PAGE, RW)).isEqualTo(-Errno.EACCES);
    long own = mm.mmap(0, PAGE, PROT_READ, MAP_PRIVATE, file, 0, PROT_READ);
    assertThat(mm.mprotect(own, PAGE, RW)).isZero();
    assertThat(mm.mprotect(own, PAGE, PROT_EXEC)).isEqualTo(-Errno.EACCES);
  }

  @Test
  void sharedAnonymousMemoryIsSharedWithAChild() {
    long at = mm.mmap(0, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, null, 0);
    mm.writeInt(at, 1);
    MemoryManager child = Objects.requireNonNull(mm.fork());
    child.writeInt(at, 2);
    child.writeInt(at + PAGE, 3);
    assertThat(mm.readInt(at)).isEqualTo(2);
    assertThat(mm.hostAddressOf(at)).isEqualTo(child.hostAddressOf(at));
    child.release();
    assertThat(mm.readInt(at + PAGE)).isEqualTo(3);
    assertThat(account.usedPages()).isEqualTo(2);
    mm.munmap(at, 2 * PAGE);
    assertThat(frames.usedPages()).isZero();
  }

  @Test
  void fixedMappingsReplaceOrRefuse() {
    long at = map(4, RW);
    mm.writeInt(at + PAGE, 5);
    assertThat(mm.mmap(at + PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, null, 0))
        .isEqualTo(-Errno.EEXIST);
    assertThat(mm.mmap(at + PAGE, PAGE, RW, ANON | MAP_FIXED, null, 0)).isEqualTo(at + PAGE);
    assertThat(mm.readInt(at + PAGE)).isZero();
    assertThat(mm.areas()).hasSize(1);
  }

  @Test
  void theHeapMovesWithTheBreak() {
    mm.setBrkStart(0x500000);
    assertThat(mm.brk(0)).isEqualTo(0x500000);
    assertThat(mm.brk(0x500000 + 3 * PAGE + 5)).isEqualTo(0x500000 + 3 * PAGE + 5);
    mm.writeInt(0x500000 + 3 * PAGE, 9);
    assertThat(mm.areas()).hasSize(1);
    assertThat(mm.areas().getFirst().name()).isEqualTo("[heap]");
    assertThat(mm.brk(0x500000 + PAGE)).isEqualTo(0x500000 + PAGE);
    assertThat(mm.handleFault(0x500000 + 3 * PAGE, PERM_READ)).isEqualTo(MAPERR);
    assertThat(mm.brk(MemoryManager.TASK_SIZE)).isEqualTo(0x500000 + PAGE);
    assertThat(mm.brk(-1)).isEqualTo(0x500000 + PAGE);
  }

  @Test
  void theStackGrowsToItsLimitAndKeepsItsDistance() {
    long top = mm.mapStack(1 << 20, false);
    assertThat(mm.areas().getFirst().name()).isEqualTo("[stack]");
    assertThat(mm.handleFault(top - (1 << 20), PERM_WRITE)).isZero();
    assertThat(mm.handleFault(top - (1 << 20) - 1, PERM_WRITE)).isEqualTo(MAPERR);
    mm.setLimits(-1, -1, -1);
    long below = top - (4 << 20);
    assertThat(mm.mmap(below, PAGE, RW, ANON | MAP_FIXED, null, 0)).isEqualTo(below);
    assertThat(mm.handleFault(below + PAGE + 255 * PAGE, PERM_WRITE)).isEqualTo(MAPERR);
    assertThat(mm.handleFault(below + PAGE + 256 * PAGE, PERM_WRITE)).isZero();
  }

  @Test
  void remappingMovesContent() {
    long at = map(3, RW);
    long wall = mm.mmap(at + 3 * PAGE, PAGE, PROT_READ, ANON | MAP_FIXED, null, 0);
    mm.writeInt(at + 2 * PAGE, 11);
    assertThat(mm.mremap(at, 3 * PAGE, 5 * PAGE, 0, 0)).isEqualTo(-Errno.ENOMEM);
    long moved = mm.mremap(at, 3 * PAGE, 5 * PAGE, MREMAP_MAYMOVE, 0);
    assertThat(moved).isPositive().isNotEqualTo(at);
    assertThat(mm.readInt(moved + 2 * PAGE)).isEqualTo(11);
    assertThat(mm.readInt(moved + 4 * PAGE)).isZero();
    assertThat(mm.handleFault(at, PERM_READ)).isEqualTo(MAPERR);
    assertThat(mm.mremap(moved, 5 * PAGE, PAGE, 0, 0)).isEqualTo(moved);
    assertThat(mm.totalPages()).isEqualTo(2);
    mm.munmap(wall, PAGE);
  }

  @Test
  void codeListenersHearOfExecutablePages() {
    List<String> heard = new ArrayList<>();
    long at = map(4, PROT_READ | PROT_EXEC);
    mm.addCodeListener((start, end) -> heard.add((start - at) / PAGE + "-" + (end - at) / PAGE));
    mm.mprotect(at + PAGE, PAGE, RW);
    mm.munmap(at + 2 * PAGE, PAGE);
    mm.mmap(at + 3 * PAGE, PAGE, RW, ANON | MAP_FIXED, null, 0);
    mm.munmap(at + 3 * PAGE, PAGE);
    assertThat(heard).containsExactly("1-2", "2-3", "3-4");
  }

  @Test
  void copiesGetAsFarAsTheyCan() {
    long at = map(2, RW);
    mm.mprotect(at + PAGE, PAGE, PROT_NONE);
    byte[] data = new byte[2 * PAGE];
    assertThat(mm.copyToUser(at + 10, data, 0, 2 * PAGE)).isEqualTo(PAGE + 10);
    assertThat(mm.copyFromUser(data, 0, at, 2 * PAGE)).isEqualTo(PAGE);
    assertThat(mm.clearUser(at + PAGE - 1, 2)).isEqualTo(1);
    assertThat(mm.faultInReadable(at, 2 * PAGE)).isEqualTo(PAGE);
    assertThat(mm.clearUser(at, -1)).isEqualTo(-1);
    assertThat(mm.copyToUser(-8, data, 0, 16)).isEqualTo(16);
    assertThatThrownBy(() -> mm.readLong(at + PAGE - 4)).isSameAs(UserFault.INSTANCE);
    assertThatThrownBy(() -> mm.writeLong(at + PAGE - 4, -1)).isSameAs(UserFault.INSTANCE);
    assertThat(mm.readInt(at + PAGE - 4)).isZero();
    mm.mprotect(at + PAGE, PAGE, RW);
    mm.writeLong(at + PAGE - 3, 0x1122334455667788L);
    assertThat(mm.readLong(at + PAGE - 3)).isEqualTo(0x1122334455667788L);
  }

  @Test
  void exhaustedMemoryKillsTheAsker() {
    long at = map(9_999, RW);
    long more = mm.mmap(0, 5 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, null, 0);
    assertThat(mm.faultInWriteable(at, 9_999L * PAGE)).isZero();
    assertThat(mm.handleFault(more, PERM_WRITE)).isZero();
    assertThat(mm.handleFault(more + PAGE, PERM_WRITE)).isEqualTo(Signals.SIGKILL << 8);
    assertThat(mm.copyToUser(more + PAGE, new byte[1], 0, 1)).isEqualTo(1);
  }

  @Test
  void aChildHasItsOwnPrivatePages() {
    long at = map(2, RW);
    mm.writeInt(at, 1);
    MemoryManager child = Objects.requireNonNull(mm.fork());
    child.writeInt(at, 2);
    mm.writeInt(at + PAGE, 3);
    assertThat(mm.readInt(at)).isEqualTo(1);
    assertThat(child.readInt(at)).isEqualTo(2);
    assertThat(child.readInt(at + PAGE)).isZero();
    mm.release();
    released = true;
    assertThat(child.readInt(at)).isEqualTo(2);
    child.release();
  }

  @Test
  void moreFramesThanTheHostCanShowTakeTurns() {
    try (FrameAllocator few = new FrameAllocator(4096, 40)) {
      MemoryManager crowded = new MemoryManager(few, account);
      long at = crowded.mmap(0, 500 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, null, 0);
      long stride = 7 * PAGE;
      for (int round = 0; round < 3; round++) {
        for (long offset = 0; offset < 500 * PAGE; offset += stride) {
          assertThat(crowded.readInt(at + offset)).isEqualTo(round);
          crowded.writeInt(at + offset, round + 1);
          assertThat(ShownFrames.runs()).isLessThanOrEqualTo(40);
        }
      }
      crowded.release();
      assertThat(ShownFrames.runs()).isZero();
    }
  }

  @Test
  void lockedPagesArePresent() {
    long at = map(3, RW);
    assertThat(mm.mlock(at + 5, PAGE, 0)).isZero();
    assertThat(mm.residentPages()).isEqualTo(2);
    assertThat(mm.msync(at, PAGE, MmapConstants.MS_INVALIDATE)).isEqualTo(-Errno.EBUSY);
    assertThat(mm.madvise(at, PAGE, MmapConstants.MADV_DONTNEED)).isEqualTo(-Errno.EINVAL);
    long answer = map(1, RW);
    assertThat(mm.mincore(at, 3 * PAGE, answer)).isZero();
    assertThat(mm.readBytes(answer, 3)).containsExactly(1, 1, 0);
    assertThat(mm.munlock(at, 3 * PAGE)).isZero();
    assertThat(mm.mlock(at, 4 * PAGE, 0)).isEqualTo(-Errno.ENOMEM);
    assertThat(mm.mincore(at + 1, PAGE, answer)).isEqualTo(-Errno.EINVAL);
    assertThat(mm.mincore(at, PAGE, 8)).isEqualTo(-Errno.EFAULT);
    assertThat(mm.mincore(at - 64L * PAGE, PAGE, answer)).isEqualTo(-Errno.ENOMEM);
  }

  @Test
  void namesGoToExactlyTheRange() {
    long at = map(4, RW);
    assertThat(mm.setAnonName(at + PAGE, PAGE, "[anon:x]")).isZero();
    assertThat(mm.areas()).extracting(VmArea::name).containsExactly("", "[anon:x]", "");
    assertThat(mm.setAnonName(at + 3 * PAGE, 2 * PAGE, "")).isEqualTo(-Errno.ENOMEM);
    assertThat(mm.setAnonName(at + 1, PAGE, "")).isEqualTo(-Errno.EINVAL);
    assertThat(mm.setAnonName(at, 4 * PAGE, "")).isZero();
    assertThat(mm.areas()).hasSize(1);
    TestBacking file = new TestBacking(frames, 1);
    long mapped = mm.mmap(0, PAGE, RW, MAP_PRIVATE, file, 0);
    assertThat(mm.setAnonName(mapped, PAGE, "[anon:x]")).isEqualTo(-Errno.EBADF);
  }

  @Test
  void limitsAreKept() {
    mm.setLimits(100L * PAGE, 50L * PAGE, -1);
    long at = map(40, RW);
    assertThat(at).isPositive();
    assertThat(map(11, RW)).isEqualTo(-Errno.ENOMEM);
    assertThat(map(60, PROT_READ)).isPositive();
    assertThat(map(1, PROT_READ)).isEqualTo(-Errno.ENOMEM);
    assertThat(mm.mmap(at, 40 * PAGE, PROT_READ, ANON | MAP_FIXED, null, 0)).isEqualTo(at);
    assertThat(mm.mremap(at, 40 * PAGE, 41 * PAGE, MREMAP_MAYMOVE, 0)).isEqualTo(-Errno.ENOMEM);
    assertThat(map(100_000, RW)).isEqualTo(-Errno.ENOMEM);
  }

  @Test
  void wildArgumentsDoNoHarm() {
    long[] wild = {
      0,
      1,
      4095,
      4096,
      1L << 12,
      1L << 35,
      MemoryManager.TASK_SIZE - 4096,
      MemoryManager.TASK_SIZE,
      1L << 47,
      1L << 55,
      1L << 56,
      Long.MAX_VALUE,
      Long.MAX_VALUE - 4095,
      Long.MIN_VALUE,
      -4096,
      -1,
      0x100_0000_0000_0000L,
      -1L << 40
    };
    int[] flags = {ANON, ANON | MAP_FIXED, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0, 0x102};
    for (long address : wild) {
      for (long bytes : wild) {
        for (int flag : flags) {
          mm.mmap(address, bytes, flag & 7, flag, null, 0);
          mm.handleFault(address, PERM_WRITE);
          mm.mremap(address, bytes, bytes + PAGE, flag & 7, bytes);
          mm.mprotect(address, bytes, flag);
          mm.madvise(address, bytes, flag & 31);
          mm.msync(address, bytes, flag & 7);
          mm.brk(address);
          mm.mincore(address, Math.min(bytes, 1 << 20), address);
          mm.clearUser(address, Math.min(bytes, 1 << 20));
          mm.munlock(address, bytes);
          mm.munmap(address, bytes);
        }
      }
    }
    for (VmArea area : mm.areas()) {
      assertThat(area.start()).isLessThan(area.end()).isNotNegative();
      assertThat(area.end()).isLessThanOrEqualTo(MemoryManager.TASK_SIZE);
    }
    assertThat(mm.totalPages())
        .isEqualTo(mm.areas().stream().mapToLong(a -> (a.end() - a.start()) / PAGE).sum());
  }
}
