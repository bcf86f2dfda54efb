package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.MemoryAccount;
import dev.svc0.runtime.mm.MemoryManager;

/**
 * A processor with a page of code and two pages of data, for tests that write instructions as
 * words.
 */
final class Code {
  static final long TEXT = 0x400000;
  static final long DATA = 0x500000;
  static final int NOP = 0xd503201f;
  static final int SVC_0 = 0xd4000001;

  final MemoryManager mm;
  final Cpu cpu;
  private final Engine engine;

  Code(FrameAllocator frames, int... words) {
    this(new Interpreter(), frames, words);
  }

  Code(Engine engine, FrameAllocator frames, int... words) {
    this.engine = engine;
    mm = new MemoryManager(frames, new MemoryAccount(1 << 12));
    map(TEXT, 3, 0x2000);
    map(DATA, 3, 0x2000);
    for (int i = 0; i < words.length; i++) {
      mm.writeInt(TEXT + 4L * i, words[i]);
    }
    mm.mprotect(TEXT, 0x2000, 5);
    cpu = new Cpu(mm);
    cpu.pc = TEXT;
    cpu.x[Cpu.SP] = DATA + 0x1000;
  }

  void map(long address, int prot, long bytes) {
    int flags = MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS | MmapConstants.MAP_FIXED;
    long result = mm.mmap(address, bytes, prot, flags, null, 0);
    if (result != address) {
      throw new IllegalStateException("mmap: " + result);
    }
  }

  int run() {
    return engine.run(cpu);
  }
}
