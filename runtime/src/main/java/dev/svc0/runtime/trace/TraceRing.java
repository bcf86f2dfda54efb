package dev.svc0.runtime.trace;

import dev.svc0.runtime.sched.ThreadState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of one thread, in memory outside the heap: written by that thread alone, read by others
 * once published.
 *
 * <p>The memory comes in chunks as it is needed, up to the session's limit. After that a ring that
 * keeps the newest takes its oldest chunk again; any other drops what comes. Both are counted. The
 * chunks live as long as the ring is reachable, so that a method that was running when its session
 * ended can still write without harm.
 *
 * <p>What happens for every function is kept small, for a compiler that is not told otherwise puts
 * it into each of them.
 */
public final class TraceRing {
  static final int CHUNK_SHIFT = 13;

  /** Units of {@link RecordLayout#BYTES} in a chunk. */
  static final int CHUNK_UNITS = 1 << CHUNK_SHIFT;

  static final int CHUNK_MASK = CHUNK_UNITS - 1;
  static final int CHUNK_BYTES = CHUNK_UNITS << RecordLayout.SHIFT;

  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle POSITION;

  static {
    try {
      POSITION = MethodHandles.lookup().findVarHandle(TraceRing.class, "position", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final TraceSession session;
  private final ThreadState thread;
  private final TraceClock clock;
  private final boolean nanos;
  private final int number;

  /** What is decided call by call; null when nothing is. */
  private final @Nullable CallWatch watch;

  private final MemorySegment[] chunks;
  private int allocatedChunks;
  private long chunkAddress;

  /** Units written so far; published with release, so that a reader sees what is below it. */
  private long position;

  /** Of those, units that begin no record. */
  private long extra;

  /** What {@link #extra} was at the beginning of each chunk. */
  private final long[] extraBefore;

  /** First unit still there; moves when the newest are kept. */
  private long oldest;

  /** Chunks that are in a file and may be taken again; written by the thread of the spool. */
  private volatile long movedChunks;

  private long dropped;
  private long droppedReported;
  private int depth;
  private String comm = "";
  private int pid = -1;
  private int tid = -1;
  private long operation;

  /** Where the system call's records begin that may be taken back. */
  private long callStart;

  private long callStartChunk;
  private long callStartExtra;

  /** False once the session is over. */
  private volatile boolean open = true;

  TraceRing(TraceSession session, ThreadState thread, int number, int maxChunks) {
    this.session = session;
    this.thread = thread;
    this.clock = session.clock();
    this.nanos = clock == TraceClock.NANOS;
    this.number = number;
    this.chunks = new MemorySegment[maxChunks];
    this.extraBefore = new long[maxChunks];
    CallRules rules = session.rules();
    this.watch = rules == null ? null : new CallWatch(session, rules, thread);
  }

  /** Order in which the threads came to the session; shown as the CPU. */
  int number() {
    return number;
  }

  boolean isOpen() {
    return open;
  }

  /** Ends it, and lets go of it where its thread finds it. By any thread. */
  void close() {
    open = false;
    VarHandle.fullFence(); // its thread puts it there, and then looks whether it is open
    if (thread.traceRing == this) {
      thread.traceRing = null;
    }
  }

  /** A system call begins, before anything of it is recorded. */
  void beginCall(int number, long argument0, long argument2) {
    CallWatch calls = watch;
    if (calls != null) {
      noteTask();
      callStart = position;
      callStartChunk = chunkAddress;
      callStartExtra = extra;
      calls.begin(number, argument0, argument2, now());
    }
  }

  /** The system call works on a file. */
  void callPath(String path) {
    if (watch != null) {
      watch.path(path);
    }
  }

  /** A system call has ended, after all of it was recorded. */
  void endCall(long result) {
    CallWatch calls = watch;
    if (calls == null || !calls.isInCall()) {
      return;
    }
    if (!calls.end(result, now())) {
      POSITION.setRelease(this, callStart);
      chunkAddress = callStartChunk;
      extra = callStartExtra;
    }
    if (calls.isAwaited()) {
      session.trigger(now());
    }
  }

  /** A method begins. */
  void enter(int method) {
    if (watch != null && !entersWatched()) {
      return;
    }
    if (depth == 0) {
      noteWhoAndWhere();
    }
    long address = room(1);
    if (address != 0) {
      put(address, thread.operationId, header(RecordLayout.ENTER, method, 0), 0, now());
      publish(1);
    }
    depth++;
  }

  /** A method begins; its first five arguments. */
  void enter(int method, long a0, long a1, long a2, long a3, long a4) {
    if (watch != null && !entersWatched()) {
      return;
    }
    if (depth == 0) {
      noteWhoAndWhere();
    }
    write(RecordLayout.ENTER, method, thread.operationId, a0, a1, a2, a3, a4);
    depth++;
  }

  /** Whether a method that begins is to be recorded; counts it where it is not. */
  private boolean entersWatched() {
    CallWatch calls = watch;
    if (calls == null || calls.isMuted()) {
      return calls == null;
    }
    calls.enter(depth, now());
    if (!calls.keepsFunctions()) {
      depth++;
      return false;
    }
    return true;
  }

  /** A method returns. */
  void exit(int method, long result) {
    end(RecordLayout.EXIT, method, result);
  }

  /** A method ends by an exception. */
  void thrown(int method, Throwable thrown) {
    end(RecordLayout.THROW, method, MethodTable.throwableId(thrown));
  }

  private void end(int kind, int method, long value) {
    long time = now();
    CallWatch calls = watch;
    if (calls != null) {
      if (calls.isMuted()) {
        return;
      }
      calls.exit(depth - 1, method, time);
      if (!calls.keepsFunctions()) {
        depth--;
        return;
      }
    }
    depth--;
    long address = room(1);
    if (address != 0) {
      put(address, thread.operationId, header(kind, method, 0), value, time);
      publish(1);
    }
  }

  /** Whether something that happens is recorded; says who the thread is when that is new. */
  private boolean recordsPoint() {
    if (watch != null && watch.isMuted()) {
      return false;
    }
    if (depth == 0) {
      noteWhoAndWhere();
    }
    return true;
  }

  private long cause(long cause) {
    return cause == TracePoint.OF_THREAD ? thread.operationId : cause;
  }

  /**
   * Something known happened, with one slot.
   *
   * @param cause the operation behind it, or {@link TracePoint#OF_THREAD}
   */
  void point(int point, long cause, long s0) {
    if (recordsPoint()) {
      write(RecordLayout.POINT, point, cause(cause), s0);
    }
  }

  /** The same with five slots. */
  void point(int point, long cause, long s0, long s1, long s2, long s3, long s4) {
    if (recordsPoint()) {
      write(RecordLayout.POINT, point, cause(cause), s0, s1, s2, s3, s4);
    }
  }

  /** The same with ten slots. */
  void point(
      int point,
      long cause,
      long s0,
      long s1,
      long s2,
      long s3,
      long s4,
      long s5,
      long s6,
      long s7,
      long s8,
      long s9) {
    long address = recordsPoint() ? room(4) : 0;
    if (address != 0) {
      put(address, cause(cause), header(RecordLayout.POINT, point, 3), s0, now());
      more(address + RecordLayout.BYTES, s1, s2, s3, s4);
      more(address + 2 * RecordLayout.BYTES, s5, s6, s7, s8);
      more(address + 3 * RecordLayout.BYTES, s9, 0, 0, 0);
      publish(4);
    }
  }

  /** The same with five slots and whole units of texts. */
  void point(int point, long cause, long s0, long s1, long s2, long s3, long s4, byte[] texts) {
    int units = 2 + (texts.length >> RecordLayout.SHIFT);
    long address = recordsPoint() ? room(units) : 0;
    if (address != 0) {
      put(address, cause(cause), header(RecordLayout.POINT, point, units - 1), s0, now());
      more(address + RecordLayout.BYTES, s1, s2, s3, s4);
      long to = address + 2 * RecordLayout.BYTES;
      MemorySegment.copy(texts, 0, ALL, ValueLayout.JAVA_BYTE, to, texts.length);
      publish(units);
    }
  }

  /** The name is compared as an object first: while it is the same one nothing has changed. */
  @SuppressWarnings("ReferenceEquality")
  private void noteWhoAndWhere() {
    if (thread.operationId != operation
        || thread.comm != comm
        || thread.tid != tid
        || thread.pid != pid) {
      noteTask();
      noteOperation();
    }
  }

  /** Says who the thread is, when that is new: exec changes the name. */
  private void noteTask() {
    if (thread.pid != pid || thread.tid != tid || !thread.comm.equals(comm)) {
      pid = thread.pid;
      tid = thread.tid;
      comm = thread.comm;
      long[] name = packName(comm);
      long ids = (long) pid << 32 | tid & 0xffff_ffffL;
      write(RecordLayout.TASK, 0, 0, name[0], name[1], ids, 0, 0);
    }
  }

  /**
   * Says where in the program a new operation was asked for; nothing for work of the kernel's own.
   */
  private void noteOperation() {
    long now = thread.operationId;
    if (now != operation && thread.userPc != 0) {
      write(RecordLayout.BEGIN, 0, now, thread.userPc);
    }
    operation = now;
  }

  private static long[] packName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    long[] packed = new long[2];
    for (int i = 0; i < Math.min(15, bytes.length); i++) {
      packed[i >> 3] |= (bytes[i] & 0xffL) << ((i & 7) * 8);
    }
    return packed;
  }

  private void write(int kind, int id, long operation, long s0) {
    long address = room(1);
    if (address != 0) {
      put(address, operation, header(kind, id, 0), s0, now());
      publish(1);
    }
  }

  private void write(
      int kind, int id, long operation, long s0, long s1, long s2, long s3, long s4) {
    long address = room(2);
    if (address != 0) {
      put(address, operation, header(kind, id, 1), s0, now());
      more(address + RecordLayout.BYTES, s1, s2, s3, s4);
      publish(2);
    }
  }

  private long now() {
    return nanos ? HostClock.nanos() : clock.ticks(thread);
  }

  private long header(int kind, int id, int more) {
    return RecordLayout.header(kind, id, depth, more);
  }

  private static void put(long address, long operation, long header, long s0, long time) {
    ALL.set(LONG, address + RecordLayout.TIME, time);
    ALL.set(LONG, address + RecordLayout.OPERATION, operation);
    ALL.set(LONG, address + RecordLayout.HEADER, header);
    ALL.set(LONG, address + RecordLayout.SLOT, s0);
  }

  private static void more(long address, long s0, long s1, long s2, long s3) {
    ALL.set(LONG, address, s0);
    ALL.set(LONG, address + 8, s1);
    ALL.set(LONG, address + 16, s2);
    ALL.set(LONG, address + 24, s3);
  }

  /** A record of so many units is complete. */
  private void publish(int units) {
    extra += units - 1;
    POSITION.setRelease(this, position + units);
    Reference.reachabilityFence(this);
  }

  /** Address for a record of so many units; 0 when there is no room, which is counted. */
  private long room(int units) {
    int index = (int) position & CHUNK_MASK;
    return index != 0 && index + units <= CHUNK_UNITS
        ? chunkAddress + ((long) index << RecordLayout.SHIFT)
        : roomInNextChunk(units);
  }

  private long roomInNextChunk(int units) {
    int left = -(int) position & CHUNK_MASK;
    if (left > 0) {
      long end = chunkAddress + CHUNK_BYTES - ((long) left << RecordLayout.SHIFT);
      put(end, 0, header(RecordLayout.PAD, 0, left - 1), 0, 0);
    }
    if (!openChunk(position + left, extra + left)) {
      dropped++;
      return 0;
    }
    extra += left;
    POSITION.setRelease(this, position + left);
    if (dropped > droppedReported) {
      long lost = dropped - droppedReported;
      droppedReported = dropped;
      put(chunkAddress, 0, header(RecordLayout.LOST, 0, 0), lost, now());
      publish(1);
    }
    return chunkAddress + ((position & CHUNK_MASK) << RecordLayout.SHIFT);
  }

  /** Makes room for the unit at a position that begins a chunk. */
  private boolean openChunk(long at, long extraThere) {
    long chunk = at >>> CHUNK_SHIFT;
    int slot = (int) (chunk % chunks.length);
    if (chunk >= allocatedChunks) {
      if (allocatedChunks < chunks.length && session.takeChunk()) {
        chunks[slot] = Arena.ofAuto().allocate(CHUNK_BYTES, 64);
        allocatedChunks++;
      } else if (allocatedChunks < chunks.length) {
        return false;
      } else if (session.hasSpool()) {
        if (chunk - movedChunks >= chunks.length) {
          return false;
        }
      } else if (session.keepsNewest()) {
        oldest = (chunk - chunks.length + 1) << CHUNK_SHIFT;
      } else {
        return false;
      }
    }
    extraBefore[slot] = extraThere;
    chunkAddress = chunks[slot].address();
    return true;
  }

  /** For the spool: the next chunk to move, or null while none is full. */
  @Nullable MemorySegment nextFullChunk() {
    long full = (long) POSITION.getAcquire(this) >>> CHUNK_SHIFT;
    return movedChunks < full ? chunks[(int) (movedChunks % chunks.length)] : null;
  }

  /** For the spool: that chunk is in the file. */
  void movedChunk() {
    movedChunks++;
  }

  /** What can be read now. Best called when the thread no longer writes. */
  RingImage image(List<MemorySegment> moved) {
    long end = (long) POSITION.getAcquire(this);
    long overwritten =
        oldest == 0
            ? 0
            : oldest - extraBefore[(int) ((oldest >>> CHUNK_SHIFT) % extraBefore.length)];
    return new RingImage(
        number,
        chunks.clone(),
        moved,
        oldest,
        end,
        end - extra - overwritten,
        dropped,
        overwritten);
  }
}
