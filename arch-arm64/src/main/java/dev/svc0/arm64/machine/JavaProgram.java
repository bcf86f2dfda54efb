package dev.svc0.arm64.machine;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.entry.Arm64Thread;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.task.KSigaction;
import dev.svc0.runtime.task.SignalActions;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A program written in Java: a process with user memory whose system calls are made by an {@code
 * svc #0} in that memory, so that they arrive at the vector like any other program's.
 *
 * <p>Used by the thread that made it, which is the process's only thread until it is closed. A
 * child of fork leaves with exit code 0 at once; a child of vfork or a thread does the same.
 *
 * <pre>{@code
 * try (JavaProgram program = new JavaProgram(machine)) {
 *   long fd = program.svc(56, AT_FDCWD, program.string("/etc/hosts"), O_RDONLY);
 *   long buffer = program.allocate(4096);
 *   long got = program.svc(63, fd, buffer, 4096);
 *   byte[] bytes = program.memory().readBytes(buffer, (int) got);
 * }
 * }</pre>
 */
public final class JavaProgram implements AutoCloseable {
  private static final int PAGE_SIZE = 4096;
  private static final int CHUNK = 1 << 20;
  private static final int STACK_BYTES = 1 << 18;
  private static final int NR_REGISTER = 8;

  /** Where the heap of brk(2) begins. */
  private static final long HEAP_START = 1L << 32;

  private static final int NOP = 0xd503201f;
  private static final int SVC = 0xd4000001;
  private static final int MOV_X8_EXIT_GROUP = 0xd2800bc8;
  private static final int MOV_X8_RT_SIGRETURN = 0xd2801168;

  // Offsets in the page of code.
  private static final int CALL = 0;
  private static final int AFTER_CALL = 4;
  private static final int SIGRETURN = 16;
  private static final int HANDLERS = 64;

  private final Arm64Machine machine;
  private final Task task;
  private final Arm64Thread thread;
  private final long code;
  private final @Nullable IntConsumer[] handlers =
      new @Nullable IntConsumer[SignalConstants._NSIG + 1];
  private long heap;
  private long heapEnd;
  private boolean closed;

  /** A process with the rights of root. */
  public JavaProgram(Arm64Machine machine) {
    this(machine, Cred.ROOT);
  }

  /** A process with other rights. */
  public JavaProgram(Arm64Machine machine, Cred cred) {
    this.machine = machine;
    this.task = machine.newTask(cred, "java");
    this.thread = (Arm64Thread) task.context();
    machine.kernel().enter(task);
    task.applyMemoryLimits();
    task.memory().setBrkStart(HEAP_START);
    code = mapCode();
    thread.sigreturnTrampoline = code + SIGRETURN;
    long stack = map(STACK_BYTES, MmapConstants.PROT_READ | MmapConstants.PROT_WRITE);
    thread.startThread(code + AFTER_CALL, stack + STACK_BYTES);
  }

  private long map(long bytes, int protection) {
    long at =
        task.memory()
            .mmap(
                0,
                bytes,
                protection,
                MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS,
                null,
                0);
    if (SyscallResult.isError(at)) {
      throw new OutOfMemoryError("no memory for a Java program: errno " + -at);
    }
    return at;
  }

  private long mapCode() {
    long at = map(PAGE_SIZE, MmapConstants.PROT_READ | MmapConstants.PROT_WRITE);
    ByteBuffer text = ByteBuffer.allocate(PAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    text.putInt(CALL, SVC);
    text.putInt(AFTER_CALL, MOV_X8_EXIT_GROUP); // only a child gets here
    text.putInt(AFTER_CALL + Integer.BYTES, SVC);
    text.putInt(SIGRETURN - Integer.BYTES, NOP);
    text.putInt(SIGRETURN, MOV_X8_RT_SIGRETURN);
    text.putInt(SIGRETURN + Integer.BYTES, SVC);
    task.memory().writeBytes(at, text.array());
    task.memory().mprotect(at, PAGE_SIZE, MmapConstants.PROT_READ | MmapConstants.PROT_EXEC);
    return at;
  }

  /** The process. */
  public Task task() {
    return task;
  }

  /** Its memory. */
  public MemoryManager memory() {
    return task.memory();
  }

  /** A system call without arguments; a result or −errno. */
  public long svc(int nr) {
    return svc(nr, 0, 0, 0, 0, 0, 0);
  }

  public long svc(int nr, long x0) {
    return svc(nr, x0, 0, 0, 0, 0, 0);
  }

  public long svc(int nr, long x0, long x1) {
    return svc(nr, x0, x1, 0, 0, 0, 0);
  }

  public long svc(int nr, long x0, long x1, long x2) {
    return svc(nr, x0, x1, x2, 0, 0, 0);
  }

  public long svc(int nr, long x0, long x1, long x2, long x3) {
    return svc(nr, x0, x1, x2, x3, 0, 0);
  }

  public long svc(int nr, long x0, long x1, long x2, long x3, long x4) {
    return svc(nr, x0, x1, x2, x3, x4, 0);
  }

  /**
   * A system call: sets x8 and x0…x5 and executes {@code svc #0}.
   *
   * @return x0 afterwards: a result or −errno
   * @throws Ended when the process ended in the call: by exit, or by a signal
   */
  public long svc(int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    Cpu cpu = thread.cpu();
    long[] x = cpu.x;
    x[NR_REGISTER] = nr;
    x[0] = x0;
    x[1] = x1;
    x[2] = x2;
    x[3] = x3;
    x[4] = x4;
    x[5] = x5;
    cpu.pc = code + CALL;
    execute(cpu);
    return x[0];
  }

  /** Executes until the call has returned; handlers of signals run on the way. */
  private void execute(Cpu cpu) {
    if (closed) {
      throw new IllegalStateException("the program is closed");
    }
    long stack = cpu.x[Cpu.SP];
    while (true) {
      if (task.exiting()) {
        end();
        throw new Ended();
      }
      long pc = cpu.pc;
      if (pc == code + AFTER_CALL && cpu.x[Cpu.SP] == stack) {
        return;
      }
      int signal = (int) (pc - code - HANDLERS) / Integer.BYTES;
      if (pc >= code + HANDLERS && signal <= SignalConstants._NSIG) {
        IntConsumer handler = handlers[signal];
        if (handler != null) {
          cpu.pc = cpu.x[30];
          handler.accept(signal);
          continue;
        }
      }
      int vector = thread.vectors().engine().run(cpu);
      thread.vectors().take(vector, task, thread);
    }
  }

  /**
   * Installs a handler written in Java; it runs inside {@link #svc}, on the frame that a handler
   * gets. It must not make system calls.
   *
   * @param flags SA_ bits
   */
  public void onSignal(int signal, int flags, IntConsumer handler) {
    handlers[signal] = handler;
    SignalActions.change(
        task,
        signal,
        new KSigaction(code + HANDLERS + (long) signal * Integer.BYTES, flags & 0xffffffffL, 0, 0));
  }

  /** Fresh, zeroed user memory, aligned to 16 bytes. It lives as long as the program. */
  public long allocate(long bytes) {
    long size = (bytes + 15) & -16;
    if (size > heapEnd - heap) {
      long chunk = Math.max(CHUNK, (size + PAGE_SIZE - 1) & -PAGE_SIZE);
      heap = map(chunk, MmapConstants.PROT_READ | MmapConstants.PROT_WRITE);
      heapEnd = heap + chunk;
    }
    long at = heap;
    heap += size;
    return at;
  }

  /** A string in user memory, NUL at its end, one character a byte. */
  public long string(String text) {
    byte[] plain = text.getBytes(StandardCharsets.ISO_8859_1);
    long at = allocate(plain.length + 1);
    memory().writeBytes(at, plain);
    return at;
  }

  /** Bytes in user memory. */
  public long bytes(byte... content) {
    long at = allocate(content.length);
    memory().writeBytes(at, content);
    return at;
  }

  /** An array of 64-bit words in user memory, for example of pointers. */
  public long words(long... content) {
    long at = allocate((long) content.length * Long.BYTES);
    UserMemory memory = memory();
    for (int i = 0; i < content.length; i++) {
      memory.writeLong(at + (long) i * Long.BYTES, content[i]);
    }
    return at;
  }

  /** The process has ended; its wait status. */
  public final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status = task.signal().groupExitStatus();

    Ended() {
      super("the process has ended", null, false, false);
    }

    /** How. */
    public Program.Exit exit() {
      return new Program.Exit(status);
    }
  }

  private void end() {
    if (!closed) {
      closed = true;
      machine.kernel().leave(task, 0);
      machine.kernel().waitForExit(task);
    }
  }

  /** Ends the process with exit code 0, unless it has ended. */
  @Override
  public void close() {
    end();
  }
}
