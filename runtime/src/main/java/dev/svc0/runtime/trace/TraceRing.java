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
 */
public final class TraceRing {
  static final int CHUNK_RECORDS = 4096;
  private static final int CHUNK_MASK = CHUNK_RECORDS - 1;
  private static final int CHUNK_SHIFT = 12;

  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
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
  private final MemorySegment[] chunks;
  private int allocatedChunks;
  private long chunkAddress;

  /** Records written so far; published with release, so that a reader sees what is below it. */
  private long position;

  /** First record still there; moves when the newest are kept. */
  private long oldest;

  /** Chunks that are in a file and may be taken again; written by the thread of the spool. */
  private volatile long movedChunks;

  private long dropped;
  private long droppedReported;
  private int depth;
  private String comm = "";
  private long pidTid = -1;
  private long operation;

  /** What is decided call by call; null when nothing is. */
  private final @Nullable CallRules rules;

  private final CallFacts facts = new CallFacts();

  /** Adds up times of functions; null when nobody wants to know. */
  private final LayerTimes.@Nullable Sums sums;

  /** Functions leave no records. */
  private final boolean silent;

  /** Whether the thread is inside a system call whose records may be taken back. */
  private boolean inCall;

  private long callStart;
  private long callStartTime;
  private long callStartChunk;

  /** False once the session is over. Plain: a late record or two do no harm. */
  private boolean open = true;

  TraceRing(TraceSession session, ThreadState thread, int number, int maxChunks) {
    this.session = session;
    this.thread = thread;
    this.clock = session.clock();
    this.nanos = clock == TraceClock.NANOS;
    this.number = number;
    this.chunks = new MemorySegment[maxChunks];
    CallRules rule = session.rules();
    this.rules = rule;
    this.sums = rule == null || rule.layers() == null ? null : rule.layers().newThread();
    this.silent = rule != null && rule.addsUpOnly();
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
    if (thread.traceRing == this) {
      thread.traceRing = null;
    }
  }

  /** Outside system calls nothing of a program's thread is recorded when calls are chosen. */
  private boolean isMuted() {
    return rules != null && !inCall && thread.pid != 0;
  }

  /** A system call begins, before anything of it is recorded. */
  void beginCall(int number, long argument0, long argument2) {
    if (rules == null) {
      return;
    }
    noteTask();
    inCall = true;
    callStart = position;
    callStartChunk = chunkAddress;
    callStartTime = now();
    facts.pid = thread.pid;
    facts.tid = thread.tid;
    facts.comm = thread.comm;
    facts.operation = thread.operationId;
    facts.number = number;
    facts.argument0 = argument0;
    facts.argument2 = argument2;
    facts.path = "";
  }

  /** The system call works on a file. */
  void callPath(String path) {
    if (inCall && facts.path.isEmpty()) {
      facts.path = path;
    }
  }

  /** A system call has ended, after all of it was recorded. */
  void endCall(long result) {
    CallRules rule = rules;
    if (rule == null || !inCall) {
      return;
    }
    inCall = false;
    facts.result = result;
    facts.ticks = now() - callStartTime;
    boolean wanted = rule.where() == null || rule.where().test(facts);
    if (wanted && rule.histogram() != null) {
      rule.histogram().add(facts);
    }
    if (wanted && rule.recording() == CallRules.Recording.KEPT) {
      session.accept(facts.operation);
    } else {
      takeBack();
    }
    if (rule.when() != null && rule.when().test(facts)) {
      session.trigger(now());
    }
  }

  private void takeBack() {
    POSITION.setRelease(this, callStart);
    chunkAddress = callStartChunk;
  }

  /** A method begins. */
  void enter(int method) {
    enter(RecordLayout.ENTER, method, 0, 0, 0, 0, 0);
  }

  /** A method begins; its first five arguments. */
  void enter(int method, long a0, long a1, long a2, long a3, long a4) {
    enter(RecordLayout.ENTER | RecordLayout.WITH_ARGUMENTS, method, a0, a1, a2, a3, a4);
  }

  private void enter(int kind, int method, long a0, long a1, long a2, long a3, long a4) {
    if (isMuted()) {
      return;
    }
    if (sums != null) {
      sums.enter(depth, now());
    }
    if (!silent) {
      if (depth == 0) {
        noteTask();
        noteOperation();
      }
      write(kind, method, thread.operationId, a0, a1, a2, a3, a4);
    }
    depth++;
  }

  /** A method returns. */
  void exit(int method, long result) {
    if (isMuted()) {
      return;
    }
    depth--;
    if (ends(method)) {
      write(RecordLayout.EXIT, method, thread.operationId, result, 0, 0, 0, 0);
    }
  }

  /** Adds the method's time up where that is wanted; whether its end is recorded. */
  private boolean ends(int method) {
    if (sums != null) {
      sums.exit(depth, MethodTable.layer(method), now());
    }
    return !silent;
  }

  /** A method ends by an exception. */
  void thrown(int method, Throwable thrown) {
    if (isMuted()) {
      return;
    }
    depth--;
    if (!ends(method)) {
      return;
    }
    write(
        RecordLayout.THROW,
        method,
        thread.operationId,
        MethodTable.throwableId(thrown),
        0,
        0,
        0,
        0);
  }

  /**
   * Something known happened.
   *
   * @param cause the operation behind it, or {@link TracePoint#OF_THREAD}
   * @param more how many records of the same event follow
   */
  void point(int point, long cause, int more, long s0, long s1, long s2, long s3, long s4) {
    if (isMuted()) {
      return;
    }
    if (depth == 0) {
      noteTask();
      noteOperation();
    }
    long operation = cause == TracePoint.OF_THREAD ? thread.operationId : cause;
    write(RecordLayout.POINT | more << 8, point, operation, s0, s1, s2, s3, s4);
  }

  /** More of the event before. */
  void more(long s0, long s1, long s2, long s3, long s4) {
    if (isMuted()) {
      return;
    }
    write(RecordLayout.MORE, 0, 0, s0, s1, s2, s3, s4);
  }

  /** More of the event before: 40 bytes of an array. */
  void more(byte[] bytes, int at) {
    more(
        (long) BYTES.get(bytes, at),
        (long) BYTES.get(bytes, at + 8),
        (long) BYTES.get(bytes, at + 16),
        (long) BYTES.get(bytes, at + 24),
        (long) BYTES.get(bytes, at + 32));
  }

  /** Says who the thread is, when that is new: exec changes the name. */
  private void noteTask() {
    long now = (long) thread.pid << 32 | thread.tid & 0xffff_ffffL;
    if (now != pidTid || !thread.comm.equals(comm)) {
      pidTid = now;
      comm = thread.comm;
      long[] name = packName(comm);
      write(RecordLayout.TASK, 0, 0, name[0], name[1], now, 0, 0);
    }
  }

  /**
   * Says where in the program a new operation was asked for; nothing for work of the kernel's own.
   */
  private void noteOperation() {
    long now = thread.operationId;
    if (now != operation && thread.userPc != 0) {
      write(RecordLayout.BEGIN, 0, now, thread.userPc, 0, 0, 0, 0);
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

  private void write(
      int kind, int id, long operation, long s0, long s1, long s2, long s3, long s4) {
    long at = position;
    int index = (int) at & CHUNK_MASK;
    if (index == 0 && !openChunk(at)) {
      dropped++;
      return;
    }
    at = position;
    long address = chunkAddress + ((at & CHUNK_MASK) << RecordLayout.SHIFT);
    put(address, now(), operation, header(kind, id), s0, s1, s2, s3, s4);
    POSITION.setRelease(this, at + 1);
    Reference.reachabilityFence(this);
  }

  private long now() {
    return nanos ? System.nanoTime() : clock.ticks(thread);
  }

  private long header(int kind, int id) {
    return id & 0xffff_ffffL | (depth & 0xffffL) << 32 | (long) kind << 48;
  }

  private static void put(
      long address,
      long time,
      long operation,
      long header,
      long s0,
      long s1,
      long s2,
      long s3,
      long s4) {
    ALL.set(LONG, address + RecordLayout.TIME, time);
    ALL.set(LONG, address + RecordLayout.OPERATION, operation);
    ALL.set(LONG, address + RecordLayout.ID, header);
    ALL.set(LONG, address + RecordLayout.SLOTS, s0);
    ALL.set(LONG, address + RecordLayout.SLOTS + 8, s1);
    ALL.set(LONG, address + RecordLayout.SLOTS + 16, s2);
    ALL.set(LONG, address + RecordLayout.SLOTS + 24, s3);
    ALL.set(LONG, address + RecordLayout.SLOTS + 32, s4);
  }

  /** Makes room for the record at a position that begins a chunk. */
  private boolean openChunk(long at) {
    long chunk = at >>> CHUNK_SHIFT;
    int slot = (int) (chunk % chunks.length);
    if (chunk >= allocatedChunks) {
      if (allocatedChunks < chunks.length && session.takeChunk()) {
        chunks[slot] = Arena.ofAuto().allocate((long) CHUNK_RECORDS << RecordLayout.SHIFT, 64);
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
    chunkAddress = chunks[slot].address();
    if (dropped > droppedReported) {
      long lost = dropped - droppedReported;
      droppedReported = dropped;
      put(chunkAddress, now(), 0, header(RecordLayout.LOST, 0), lost, 0, 0, 0, 0);
      POSITION.setRelease(this, at + 1);
    }
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
  Image image(List<MemorySegment> moved) {
    long end = (long) POSITION.getAcquire(this);
    return new Image(number, chunks.clone(), moved, oldest, end, dropped, oldest);
  }

  /**
   * The readable content of a ring.
   *
   * @param number of the ring
   * @param chunks its memory
   * @param moved the first chunks, which are in a file
   * @param first first record there
   * @param end after the last record
   * @param dropped records that found no room
   * @param overwritten records that newer ones replaced
   */
  record Image(
      int number,
      @Nullable MemorySegment[] chunks,
      List<MemorySegment> moved,
      long first,
      long end,
      long dropped,
      long overwritten) {

    long lost() {
      return dropped + overwritten;
    }

    private MemorySegment chunk(long record) {
      long number = record >>> CHUNK_SHIFT;
      if (number < moved.size()) {
        return moved.get((int) number);
      }
      MemorySegment chunk = chunks[(int) ((record >>> CHUNK_SHIFT) % chunks.length)];
      if (chunk == null) {
        throw new IllegalStateException("record " + record + " was never written");
      }
      return chunk;
    }

    long field(long record, int offset) {
      return chunk(record).get(LONG, ((record & CHUNK_MASK) << RecordLayout.SHIFT) + offset);
    }
  }
}
