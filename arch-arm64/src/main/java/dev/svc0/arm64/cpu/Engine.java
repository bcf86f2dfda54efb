package dev.svc0.arm64.cpu;

/** Executes guest code: the interpreter, or a translator. */
public interface Engine {
  /**
   * Executes EL0 code from {@code cpu.pc} until an exception is taken.
   *
   * <p>On return {@code cpu.pc} is the preferred return address: the next instruction after an svc,
   * the instruction itself for an abort, an undefined instruction or a breakpoint, the next one to
   * execute for an interrupt. For synchronous exceptions {@code cpu.esr} holds the syndrome; {@code
   * cpu.far} and {@code cpu.faultCode} are set for aborts and alignment faults.
   *
   * @return the vector's offset: {@link Cpu#VECTOR_SYNC}, or {@link Cpu#VECTOR_IRQ} when an
   *     interrupt was requested (the request is cleared)
   */
  int run(Cpu cpu);
}
