package dev.svc0.runtime.mm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a process: its mappings, its pages, and the window through which programs reach them.
 *
 * <p>Engines read {@link #windowBase()} and {@link #permissionBase()} once and then access memory by
 * themselves: page {@code p = address >>> 12} below {@link #windowPages()} may be read when {@code
 * HostMemory.getByte(permissionBase + p) & PERM_READ} is set, and so on. When it is not set, or the
 * access crosses a page and any part is not, they call {@link #handleFault} and try again or raise the
 * abort it names. Shared by threads (CLONE_VM) and counted: {@link #retain}, {@link #release}.
 *
 * <p><i>Linux:</i> {@code mm_struct}. Differs on purpose: user space ends at 2^39, as in a kernel built
 * with 39-bit addresses; a fixed mapping above answers −ENOMEM.
 */
public final class MemoryManager extends UserMemory {
  /** A page may be read. */
  public static final int PERM_READ = 1;

  /** A page may be written. */
  public static final int PERM_WRITE = 2;

  /** A page may be executed. */
  public static final int PERM_EXEC = 4;

  /** {@link #handleFault}: the page is there now; try again. */
  public static final int FAULT_RESOLVED = 0;

  /** First address that is not user space. */
  public static final long TASK_SIZE = 1L << 39;

  /** An empty address space whose private pages count against the account. */
  public MemoryManager(FrameAllocator frames, MemoryAccount account) {
    throw new UnsupportedOperationException();
  }

  /** Host address of guest address 0. */
  public long windowBase() {
    throw new UnsupportedOperationException();
  }

  /** Host address of the permission byte of guest page 0. */
  public long permissionBase() {
    throw new UnsupportedOperationException();
  }

  /** Pages in the window; an address at or above has no permission byte. */
  public long windowPages() {
    throw new UnsupportedOperationException();
  }

  /**
   * Resolves an access that its permission byte forbids: maps, copies on write, grows the stack.
   *
   * @param access exactly one of PERM_READ, PERM_WRITE, PERM_EXEC
   * @return {@link #FAULT_RESOLVED}, or {@code signal << 8 | si_code} (SIGSEGV with SEGV_MAPERR or
   *     SEGV_ACCERR, SIGBUS with BUS_ADRERR)
   */
  public int handleFault(long address, int access) {
    throw new UnsupportedOperationException();
  }

  /**
   * Creates a mapping. <i>Linux:</i> {@code do_mmap}; the same checks in the same order.
   *
   * @param prot PROT_ bits
   * @param flags MAP_ bits
   * @param backing what to show, or null for anonymous memory
   * @param pageOffset first page of the backing
   * @return the address, or −errno
   */
  public long mmap(
      long address, long bytes, int prot, int flags, @Nullable VmBacking backing, long pageOffset) {
    throw new UnsupportedOperationException();
  }

  /** <i>Linux:</i> munmap(2). 0 or −errno. */
  public long munmap(long address, long bytes) {
    throw new UnsupportedOperationException();
  }

  /** <i>Linux:</i> mprotect(2). 0 or −errno. */
  public long mprotect(long address, long bytes, int prot) {
    throw new UnsupportedOperationException();
  }

  /** <i>Linux:</i> mremap(2). The new address or −errno. */
  public long mremap(long address, long oldBytes, long newBytes, int flags, long newAddress) {
    throw new UnsupportedOperationException();
  }

  /** <i>Linux:</i> madvise(2). 0 or −errno. */
  public long madvise(long address, long bytes, int advice) {
    throw new UnsupportedOperationException();
  }

  /** <i>Linux:</i> msync(2). 0 or −errno. */
  public long msync(long address, long bytes, int flags) {
    throw new UnsupportedOperationException();
  }

  /** <i>Linux:</i> brk(2). The break after the call: the old one when it cannot move. */
  public long brk(long address) {
    throw new UnsupportedOperationException();
  }

  /** Says where the heap begins; done once by the program loader. */
  public void setBrkStart(long address) {
    throw new UnsupportedOperationException();
  }

  /**
   * Creates the stack mapping below the top of user space, growing down on demand to a limit.
   *
   * @return the address just above the stack
   */
  public long mapStack(long limitBytes, boolean executable) {
    throw new UnsupportedOperationException();
  }

  /** A copy for a child process: private pages are shared until one side writes. */
  public MemoryManager fork() {
    throw new UnsupportedOperationException();
  }

  /** One more user (a thread, or a child of vfork). */
  public MemoryManager retain() {
    throw new UnsupportedOperationException();
  }

  /** One user less; the last one frees everything. */
  public void release() {
    throw new UnsupportedOperationException();
  }

  /** Tells the listener of changed code from now on. */
  public void addCodeListener(CodeListener listener) {
    throw new UnsupportedOperationException();
  }

  /** Stops telling it. */
  public void removeCodeListener(CodeListener listener) {
    throw new UnsupportedOperationException();
  }

  /** The mappings in order of address, as /proc/PID/maps lists them. */
  public List<VmArea> areas() {
    throw new UnsupportedOperationException();
  }

  /** Names a mapping for /proc/PID/maps, for example {@code [stack]}. */
  public void nameArea(long address, String name) {
    throw new UnsupportedOperationException();
  }

  /** Pages present now (resident set). */
  public long residentPages() {
    throw new UnsupportedOperationException();
  }

  /** Pages mapped now (virtual size). */
  public long totalPages() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean accessOk(long userAddress, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long copyFromUser(long hostTo, long userFrom, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long copyToUser(long userTo, long hostFrom, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int copyFromUser(byte[] to, int toIndex, long userFrom, int bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int copyToUser(long userTo, byte[] from, int fromIndex, int bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long clearUser(long userAddress, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long faultInReadable(long userAddress, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long faultInWriteable(long userAddress, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte readByte(long userAddress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public short readShort(long userAddress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int readInt(long userAddress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long readLong(long userAddress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void writeByte(long userAddress, byte value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void writeShort(long userAddress, short value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void writeInt(long userAddress, int value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void writeLong(long userAddress, long value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareAndExchangeInt(long userAddress, int expected, int value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long hostAddressOf(long userAddress) {
    throw new UnsupportedOperationException();
  }
}
