package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a process: its mappings, its pages, and the window through which programs reach
 * them.
 *
 * <p>Engines read {@link #windowBase()} and {@link #permissionBase()} once and then access memory
 * by themselves: page {@code p = address >>> 12} below {@link #windowPages()} may be read when
 * {@code HostMemory.getByte(permissionBase + p) & PERM_READ} is set, and so on. When it is not set,
 * or the access crosses a page and any part is not, they call {@link #handleFault} and try again or
 * raise the abort it names. They say so with {@link #addWindowUser}: what is taken away is waited
 * for. Shared by threads (CLONE_VM) and counted: {@link #retain}, {@link #release}.
 *
 * <p>User space has 48 bits. What lies at {@link #WINDOW_SIZE} or above is reached with {@link
 * #outerHostAddress}, more slowly, so mappings go there only when the program or their size wants
 * it.
 *
 * <p><i>Linux:</i> {@code mm_struct}.
 */
public final class MemoryManager extends WindowMemory {
  /** A page may be read. */
  public static final int PERM_READ = 1;

  /** A page may be written. */
  public static final int PERM_WRITE = 2;

  /** A page may be executed. */
  public static final int PERM_EXEC = 4;

  /** {@link #handleFault}: the page is there now; try again. */
  public static final int FAULT_RESOLVED = 0;

  /** First address that is not user space. */
  public static final long TASK_SIZE = 1L << 48;

  /** First address that engines do not reach through the window by themselves. */
  public static final long WINDOW_SIZE = 1L << 36;

  /** {@link #permissionBase} lies so many bytes below {@link #windowBase}. */
  public static final long PERMISSIONS_BELOW = Window.arrayBytes(Window.PAGES);

  private static final int ANY_ACCESS = PERM_READ | PERM_WRITE | PERM_EXEC;

  final FrameAllocator frames;
  final MemoryAccount account;
  final PageTable pages;
  final VmaSet areas = new VmaSet();
  final AddressSpaceLayout layout = new AddressSpaceLayout(areas);
  final MemoryLimits limits = new MemoryLimits(this);
  final StackAndHeap stack = new StackAndHeap(this);
  final FaultHandler faults = new FaultHandler(this);
  final Advice advice = new Advice(this);
  final Protector protector = new Protector(this);
  final Mapper mapper;

  private final Remapper remapper = new Remapper(this);
  private final Residency residency = new Residency(this);

  /** Protects the mappings. <i>Linux:</i> {@code mmap_lock}. */
  private final ReentrantLock lock = LockOrder.lock(LockClass.MEMORY_MAP);

  /** Protected by the lock. */
  private int users = 1;

  /**
   * An empty address space whose private pages count against the account.
   *
   * @throws OutOfMemoryError when the host has no address space left
   */
  public MemoryManager(FrameAllocator frames, MemoryAccount account) {
    this(frames, account, new PageTable(frames, account, new ReentrantLock()));
  }

  /** The same for execve: null when the host has no address space left (−ENOMEM). */
  public static @Nullable MemoryManager create(FrameAllocator frames, MemoryAccount account) {
    try {
      return new MemoryManager(frames, account);
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  /** For a child: empty, but of the same family. */
  MemoryManager(MemoryManager parent) {
    this(
        parent.frames,
        parent.account,
        new PageTable(parent.frames, parent.account, parent.pages.lock));
  }

  private MemoryManager(FrameAllocator frames, MemoryAccount account, PageTable pages) {
    super(pages);
    this.frames = frames;
    this.account = account;
    this.pages = pages;
    this.mapper = new Mapper(this);
  }

  /** Host address of guest address 0. */
  public long windowBase() {
    return pages.windows.inner.base;
  }

  /** Host address of the permission byte of guest page 0. */
  public long permissionBase() {
    return pages.windows.inner.permissions;
  }

  /**
   * Pages in the window; an address at or above has no permission byte, except that the one of the
   * page just above may be read and is 0.
   */
  public long windowPages() {
    return Window.PAGES;
  }

  /**
   * Resolves an access that its permission byte forbids: maps, copies on write, grows the stack.
   * The top byte of the address is ignored, as for every access of a program.
   *
   * @param access exactly one of PERM_READ, PERM_WRITE, PERM_EXEC
   * @return {@link #FAULT_RESOLVED}, or {@code signal << 8 | si_code} (SIGSEGV with SEGV_MAPERR or
   *     SEGV_ACCERR, SIGBUS with BUS_ADRERR; SIGKILL when memory is exhausted)
   */
  @Override
  public int handleFault(long address, int access) {
    WindowUser self = pages.gate.currentInside();
    if (self != null) {
      self.leave();
    }
    lock.lock();
    try {
      return faults.handle(untagged(address), access);
    } finally {
      lock.unlock();
      if (self != null) {
        self.enter();
      }
    }
  }

  /**
   * The current thread will access the window by itself.
   *
   * @param interrupt makes it leave soon; called by other threads, with memory locks held
   */
  public WindowUser addWindowUser(Runnable interrupt) {
    WindowUser user = new WindowUser(Thread.currentThread(), interrupt);
    pages.gate.add(user);
    return user;
  }

  /** It will not any more; it is not inside. */
  public void removeWindowUser(WindowUser user) {
    pages.gate.remove(user);
  }

  /**
   * Waits until every thread that accesses the window by itself has looked for work once. The
   * caller is not such a thread, or is outside.
   */
  public void awaitWindowUsers() {
    pages.gate.flush();
  }

  /** Without the tag in the top byte, when the address is one of user space. */
  private static long untagged(long address) {
    return address & (address << 8 >> 8);
  }

  /**
   * Creates a mapping of a file that is open for everything, or of anonymous memory.
   *
   * @see #mmap(long, long, int, int, VmBacking, long, int)
   */
  public long mmap(
      long address, long bytes, int prot, int flags, @Nullable VmBacking backing, long pageOffset) {
    return mmap(address, bytes, prot, flags, backing, pageOffset, ANY_ACCESS);
  }

  /**
   * Creates a mapping. <i>Linux:</i> {@code do_mmap}; the same checks in the same order.
   *
   * @param prot PROT_ bits
   * @param flags MAP_ bits; MAP_ANONYMOUS counts for nothing, the backing decides
   * @param backing what to show, or null for anonymous memory
   * @param pageOffset first page of the backing
   * @param fileAccess PROT_ bits: what the open file allows (PROT_EXEC unless mounted noexec); no
   *     meaning without a backing
   * @return the address, or −errno
   */
  public long mmap(
      long address,
      long bytes,
      int prot,
      int flags,
      @Nullable VmBacking backing,
      long pageOffset,
      int fileAccess) {
    lock.lock();
    try {
      return mapper.mmap(address, bytes, prot, flags, backing, pageOffset, fileAccess);
    } finally {
      lock.unlock();
    }
  }

  /** <i>Linux:</i> munmap(2). 0 or −errno. */
  public long munmap(long address, long bytes) {
    lock.lock();
    try {
      return mapper.munmap(untagged(address), bytes);
    } finally {
      lock.unlock();
    }
  }

  /** <i>Linux:</i> mprotect(2). 0 or −errno. */
  public long mprotect(long address, long bytes, int prot) {
    lock.lock();
    try {
      return protector.mprotect(untagged(address), bytes, prot);
    } finally {
      lock.unlock();
    }
  }

  /** <i>Linux:</i> mremap(2). The new address or −errno. */
  public long mremap(long address, long oldBytes, long newBytes, int flags, long newAddress) {
    lock.lock();
    try {
      return remapper.mremap(untagged(address), oldBytes, newBytes, flags, newAddress);
    } finally {
      lock.unlock();
    }
  }

  /** <i>Linux:</i> madvise(2). 0 or −errno. */
  public long madvise(long address, long bytes, int adviceCode) {
    lock.lock();
    try {
      return advice.madvise(untagged(address), bytes, adviceCode);
    } finally {
      lock.unlock();
    }
  }

  /**
   * <i>Linux:</i> mlock2(2), which makes the pages present unless flags say MLOCK_ONFAULT. 0 or
   * −errno; no limit is checked.
   */
  public long mlock(long address, long bytes, int flags) {
    boolean populate = (flags & MmapConstants.MLOCK_ONFAULT) == 0;
    lock.lock();
    try {
      return residency.lock(untagged(address), bytes, Vma.VM_LOCKED, populate);
    } finally {
      lock.unlock();
    }
  }

  /** <i>Linux:</i> munlock(2). 0 or −errno. */
  public long munlock(long address, long bytes) {
    lock.lock();
    try {
      return residency.lock(untagged(address), bytes, 0, false);
    } finally {
      lock.unlock();
    }
  }

  /** <i>Linux:</i> mincore(2), with the answer written to the program's memory. 0 or −errno. */
  public long mincore(long address, long bytes, long answerAddress) {
    long start = untagged(address);
    if ((start & FrameAllocator.PAGE_SIZE - 1) != 0) {
      return -Errno.EINVAL;
    }
    if (!accessOk(start, bytes)) {
      return -Errno.ENOMEM;
    }
    long pageCount = AddressSpaceLayout.pageUp(bytes) >>> PAGE_SHIFT;
    if (!accessOk(answerAddress, pageCount)) {
      return -Errno.EFAULT;
    }
    byte[] answer = new byte[FrameAllocator.PAGE_SIZE];
    for (long done = 0; done < pageCount; done += answer.length) {
      int part = (int) Math.min(answer.length, pageCount - done);
      long result = inCore(start + (done << PAGE_SHIFT), answer, part);
      if (result < 0) {
        return result;
      }
      if (copyToUser(answerAddress + done, answer, 0, part) != 0) {
        return -Errno.EFAULT;
      }
    }
    return 0;
  }

  private long inCore(long start, byte[] answer, int count) {
    lock.lock();
    try {
      return residency.inCore(start, answer, count);
    } finally {
      lock.unlock();
    }
  }

  /** <i>Linux:</i> msync(2). 0 or −errno. Waits for the backing without holding locks. */
  public long msync(long address, long bytes, int flags) {
    long start = untagged(address);
    long end = start + AddressSpaceLayout.pageUp(bytes);
    int known = MmapConstants.MS_ASYNC | MmapConstants.MS_INVALIDATE | MmapConstants.MS_SYNC;
    int both = MmapConstants.MS_ASYNC | MmapConstants.MS_SYNC;
    if ((flags & ~known) != 0
        || (start & FrameAllocator.PAGE_SIZE - 1) != 0
        || (flags & both) == both) {
      return -Errno.EINVAL;
    }
    if (Long.compareUnsigned(end, start) < 0) {
      return -Errno.ENOMEM;
    }
    return Msync.sync(this, start, end, flags);
  }

  /** The mapping at or after an address, as it is now; null for none. */
  @Nullable Vma snapshot(long address) {
    lock.lock();
    try {
      Vma vma = address >= 0 && address < TASK_SIZE ? areas.find(address) : null;
      return vma == null ? null : vma.part(vma.start, vma.end);
    } finally {
      lock.unlock();
    }
  }

  /** <i>Linux:</i> brk(2). The break after the call: the old one when it cannot move. */
  public long brk(long address) {
    lock.lock();
    try {
      return stack.brk(untagged(address));
    } finally {
      lock.unlock();
    }
  }

  /** Says where the heap begins; done once by the program loader. */
  public void setBrkStart(long address) {
    lock.lock();
    try {
      stack.setBrkStart(address);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Creates the stack mapping below the top of user space, growing down on demand to a limit.
   *
   * @param limitBytes RLIMIT_STACK; negative for none
   * @return the address just above the stack
   */
  public long mapStack(long limitBytes, boolean executable) {
    lock.lock();
    try {
      return stack.mapStack(limitBytes, executable);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sets what setrlimit sets; each in bytes, negative for no limit.
   *
   * @param addressSpace RLIMIT_AS
   * @param data RLIMIT_DATA
   * @param stackSize RLIMIT_STACK
   */
  public void setLimits(long addressSpace, long data, long stackSize) {
    lock.lock();
    try {
      limits.addressSpaceBytes = addressSpace;
      limits.dataBytes = data;
      limits.stackBytes = stackSize;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A copy for a child process, with one user.
   *
   * @return the copy, or null when memory is exhausted (−ENOMEM)
   */
  public @Nullable MemoryManager fork() {
    lock.lock();
    try {
      return Forker.fork(this);
    } finally {
      lock.unlock();
    }
  }

  /** One more user (a thread, or a child of vfork). */
  public MemoryManager retain() {
    lock.lock();
    try {
      if (users == 0) {
        throw new IllegalStateException("memory without users");
      }
      users++;
      return this;
    } finally {
      lock.unlock();
    }
  }

  /**
   * One more user, for one who came across it: /proc, a signal sender.
   *
   * @return this, or null when the last user has gone
   */
  public @Nullable MemoryManager tryRetain() {
    lock.lock();
    try {
      if (users == 0) {
        return null;
      }
      users++;
      return this;
    } finally {
      lock.unlock();
    }
  }

  /**
   * One user less; the last one frees everything, and the window may serve another process at once:
   * nobody may access memory through this manager afterwards.
   */
  public void release() {
    lock.lock();
    try {
      if (users == 0) {
        throw new IllegalStateException("memory without users");
      }
      if (--users == 0) {
        mapper.exit();
        pages.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells the listener of changed code from now on. */
  public void addCodeListener(CodeListener listener) {
    pages.codeListeners.add(listener);
  }

  /** Stops telling it. */
  public void removeCodeListener(CodeListener listener) {
    pages.codeListeners.remove(listener);
  }

  /** The mappings in order of address, as /proc/PID/maps lists them. */
  public List<VmArea> areas() {
    lock.lock();
    try {
      List<VmArea> result = new ArrayList<>(areas.size());
      for (int i = 0; i < areas.size(); i++) {
        result.add(describe(areas.get(i)));
      }
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** The same with what their pages come to, as /proc/PID/smaps lists them. */
  public List<VmAreaUse> areaUses() {
    lock.lock();
    try {
      List<VmAreaUse> result = new ArrayList<>(areas.size());
      for (int i = 0; i < areas.size(); i++) {
        Vma vma = areas.get(i);
        result.add(new VmAreaUse(describe(vma), PageUses.of(vma), PageUses.flagsOf(vma)));
      }
      return result;
    } finally {
      lock.unlock();
    }
  }

  private VmArea describe(Vma vma) {
    @Nullable VmBacking backing = vma.backing;
    boolean shared = vma.has(Vma.VM_MAYSHARE);
    int prot = vma.flags & Vma.VM_ACCESS;
    if (backing == null) {
      String name = vma.name.isEmpty() ? stack.nameOf(vma) : vma.name;
      return new VmArea(vma.start, vma.end, prot, shared, 0, 0, 0, name);
    }
    return new VmArea(
        vma.start,
        vma.end,
        prot,
        shared,
        vma.pageOffset << PAGE_SHIFT,
        backing.mapsDevice(),
        backing.mapsInode(),
        vma.name.isEmpty() ? backing.mapsName() : vma.name);
  }

  /** Names a mapping for /proc/PID/maps, for example {@code [vdso]}. */
  public void nameArea(long address, String name) {
    lock.lock();
    try {
      mapper.rename(address, name);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Names a range of anonymous memory: {@code [anon:…]}. <i>Linux:</i> prctl(PR_SET_VMA_ANON_NAME).
   *
   * @param name what to show; empty for nothing
   * @return 0 or −errno: −EINVAL, −ENOMEM for a hole, −EBADF for the mapping of a file
   */
  public long setAnonName(long address, long bytes, String name) {
    lock.lock();
    try {
      return mapper.setAnonName(untagged(address), bytes, name);
    } finally {
      lock.unlock();
    }
  }

  /** Pages present now (resident set). */
  public long residentPages() {
    return pages.residentPages();
  }

  /** Pages mapped now (virtual size). */
  public long totalPages() {
    lock.lock();
    try {
      return limits.totalPages();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long hostAddressOf(long userAddress) {
    if (!accessOk(userAddress, Integer.BYTES) || (userAddress & 3) != 0) {
      throw UserFault.INSTANCE;
    }
    lock.lock();
    try {
      if (faults.handle(userAddress, PERM_READ) != FAULT_RESOLVED) {
        throw UserFault.INSTANCE;
      }
      long frame = pages.shown.frameAt(userAddress >>> PAGE_SHIFT);
      long offset = userAddress & FrameAllocator.PAGE_SIZE - 1;
      return frame != 0 ? frame + offset : pages.hostOf(userAddress >>> PAGE_SHIFT) + offset;
    } finally {
      lock.unlock();
    }
  }
}
