package dev.svc0.fs.conformance;

import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.task.Architecture;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.task.ThreadContext;

/** A machine that executes nothing: its tasks make calls from Java. */
public final class NoCpu implements Architecture {
  @Override
  public String machine() {
    return "none";
  }

  @Override
  public String cpuinfo(int cpus) {
    return "processor\t: 0\n".repeat(cpus);
  }

  @Override
  public ThreadContext newContext(MemoryManager mm) {
    return new Registers();
  }

  private static final class Registers implements ThreadContext {
    @Override
    public void run(Task task) {}

    @Override
    public ThreadContext copyForThread() {
      return this;
    }

    @Override
    public ThreadContext copyForFork(MemoryManager child) {
      return this;
    }

    @Override
    public void switchMm(MemoryManager mm) {}

    @Override
    public void startThread(long entry, long stackPointer) {}

    @Override
    public void setReturnValue(long value) {}

    @Override
    public long programCounter() {
      return 0;
    }

    @Override
    public void setProgramCounter(long address) {}

    @Override
    public long stackPointer() {
      return 0;
    }

    @Override
    public void setStackPointer(long stackPointer) {}

    @Override
    public void setThreadPointer(long tls) {}

    @Override
    public void requestInterrupt() {}

    @Override
    public boolean restoreSignalFrame(Task task) {
      return false;
    }
  }
}
