package dev.svc0.runtime.syscall.decode;

import dev.svc0.runtime.mm.VmArea;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallHooks;
import dev.svc0.runtime.syscall.SyscallListener;
import dev.svc0.runtime.syscall.SyscallRegisters;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.trace.event.SyscallTrace;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * Fires the tracepoints that hold system calls in words, because what their pointers point to is
 * gone when a trace is looked at; and those that say whose code the program executes, and where its
 * calls came from.
 */
public final class TracedCalls implements SyscallListener {
  private static final int FRAMES = 32;
  private static final int PAGE_SHIFT = 12;

  private final CallDecoder decoder;
  private final Map<SyscallRegisters, CallDecoder.Decoded> open = new ConcurrentHashMap<>();

  /** Pages of code that were looked up. */
  private final Set<Page> known = ConcurrentHashMap.newKeySet();

  /** A page of one process while it executes one program. */
  private record Page(int process, String comm, long page) {}

  private TracedCalls(CallDecoder decoder) {
    this.decoder = decoder;
  }

  /**
   * Begins to listen; what is recorded depends on which tracepoints a session has switched on.
   *
   * @return ends it
   */
  public static SyscallHooks.Registration attach(
      SyscallDispatch table, CallDecoder decoder, IntPredicate numbers) {
    return table.hooks().addListener(new TracedCalls(decoder), numbers);
  }

  @Override
  public void enter(SyscallRegisters call) {
    if (SyscallTrace.userMapOn()) {
      noteCode(call.task(), ThreadState.current().userPc);
    }
    if (SyscallTrace.userStackOn()) {
      noteStack(call.task());
    }
    if (SyscallTrace.sysEnterDecodedOn()) {
      CallDecoder.Decoded decoded = decoder.before(call);
      open.put(call, decoded);
      SyscallTrace.sysEnterDecoded(
          call.nr(), decoded.name(), String.join(", ", decoded.arguments()));
    }
  }

  @Override
  public void exit(SyscallRegisters call, long nanos) {
    CallDecoder.Decoded before = open.remove(call);
    if (before != null && SyscallTrace.sysExitDecodedOn()) {
      CallDecoder.Decoded decoded = decoder.after(before, call);
      SyscallTrace.sysExitDecoded(
          call.nr(),
          call.result(),
          decoded.name(),
          String.join(", ", decoded.arguments()),
          decoded.result());
    }
  }

  private void noteStack(Task task) {
    long[] frames = new long[FRAMES];
    int count = task.context().callers(frames);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      noteCode(task, frames[i]);
      text.append(i == 0 ? "" : " ").append(Long.toHexString(frames[i]));
    }
    SyscallTrace.userStack(text.toString());
  }

  /** Says which file an address is of, once for each page of code. */
  private void noteCode(Task task, long address) {
    if (!known.add(new Page(task.pid(), task.comm(), address >>> PAGE_SHIFT))) {
      return;
    }
    for (VmArea area : task.memory().areas()) {
      if (address >= area.start() && address < area.end() && !area.name().isEmpty()) {
        SyscallTrace.userMap(area.start(), area.end(), area.offsetBytes(), area.name());
      }
    }
  }
}
