package dev.svc0.arm64.entry;

import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.task.Architecture;
import dev.svc0.runtime.task.ThreadContext;

/** AArch64 as the kernel core sees it. */
public final class Arm64 implements Architecture {
  private final Vectors vectors;

  /** With the table that exceptions arrive at. */
  public Arm64(Vectors vectors) {
    this.vectors = vectors;
  }

  /** Where exceptions arrive. */
  public Vectors vectors() {
    return vectors;
  }

  @Override
  public String machine() {
    return "aarch64";
  }

  @Override
  public String cpuinfo(int cpus) {
    return CpuFeatures.cpuinfo(cpus);
  }

  @Override
  public ThreadContext newContext(MemoryManager mm) {
    return new Arm64Thread(vectors, mm);
  }
}
