package dev.svc0.runtime.sched;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the layers know about the thread they run on: whose work it does, and for which operation.
 *
 * <p>Found in a field of {@link KernelThread}, without a lookup; other threads (a test, a library
 * user) have one in a thread-local. Written only by its own thread.
 */
public final class ThreadState {
  private static final ThreadLocal<ThreadState> FOREIGN = ThreadLocal.withInitial(ThreadState::new);

  /** Operation ids that a thread takes at a time: one atomic step for many system calls. */
  private static final int OPERATIONS = 1024;

  private static final AtomicLong NEXT_OPERATIONS = new AtomicLong(1);

  /** The ids in [next, end) are this thread's. */
  private long nextOperation;

  private long endOfOperations;

  /** The operation the thread works for; 0 for none. */
  public long operationId;

  /** Where in the program the operation was asked for: address of the instruction after the svc. */
  public long userPc;

  /** Instructions that the program had executed when it asked for the operation. */
  public long instructions;

  /** How many of them are in the time already. Owned by {@link InstructionTime}. */
  long instructionsInTime;

  /** Process id shown in traces; 0 for the kernel's own threads. */
  public int pid;

  /** Thread id shown in traces. */
  public int tid;

  /** Name shown in traces, at most 15 bytes as in Linux. */
  public String comm = "";

  /** The plug that collects this thread's bios, or null. Owned by the block layer. */
  public @Nullable Plug plug;

  /** What the page cache uses again for each write of this thread. Owned by the page cache. */
  public @Nullable Object writeContext;

  /** What iomap uses again for each operation of this thread. Owned by iomap. */
  public @Nullable Object iomapIter;

  /** The journal handle the thread holds, or null. Owned by the journal. */
  public @Nullable Object journalInfo;

  /** The thread frees memory: it may use the reserve, and must not wait for memory itself. */
  public boolean memalloc;

  /** What reads and writes of this thread reuse, or null. Owned by the VFS. */
  public @Nullable Object ioContext;

  /** The thread's trace ring, or null while nothing is recorded. Owned by the tracer. */
  public @Nullable Object traceRing;

  /** The state of the calling thread. */
  public static ThreadState current() {
    return Thread.currentThread() instanceof KernelThread thread ? thread.state : FOREIGN.get();
  }

  /** The operation the calling thread works for; 0 for none. */
  public static long currentOperation() {
    return current().operationId;
  }

  /** Lets held-back work of the calling thread go; called before it sleeps. */
  public static void flushPlugBeforeSleep() {
    Plug held = current().plug;
    if (held != null) {
      held.flush();
    }
  }

  /**
   * Mints an id for a new operation of this thread: positive, never repeated in this JVM, and for
   * some thousand operations one more than the last of the same thread.
   */
  public long nextOperationId() {
    if (nextOperation == endOfOperations) {
      nextOperation = NEXT_OPERATIONS.getAndAdd(OPERATIONS);
      endOfOperations = nextOperation + OPERATIONS;
    }
    return nextOperation++;
  }
}
