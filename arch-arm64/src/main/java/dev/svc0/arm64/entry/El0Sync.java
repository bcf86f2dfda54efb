package dev.svc0.arm64.entry;

import dev.svc0.annotation.Traced;
import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.runtime.abi.Esr;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.task.SigInfo;
import dev.svc0.runtime.task.SignalSender;
import dev.svc0.runtime.task.Task;

/**
 * Synchronous exceptions from EL0 by their class, bits 31…26 of the syndrome: a system call, an
 * emulated instruction, or a signal.
 *
 * <p>Source: Arm ARM, ESR_EL1; codes and addresses of the signals as Linux gives them.
 */
@Traced(layer = Traced.Layer.ENTRY)
final class El0Sync {
  private static final int CODE_MASK = 0xff;
  private static final int SIGNAL_SHIFT = 8;
  private static final long ADDRESS_MASK = (1L << 56) - 1;

  private final El0Svc svc;

  El0Sync(SyscallDispatch dispatch) {
    this.svc = new El0Svc(dispatch);
  }

  void el0t64SyncHandler(Task task, Arm64Thread thread) {
    Cpu cpu = thread.cpu();
    int exceptionClass = cpu.esr >>> Esr.ESR_ELx_EC_SHIFT;
    if (exceptionClass == Esr.ESR_ELx_EC_SVC64) {
      svc.el0Svc(task, thread);
      return;
    }
    thread.syscallNr = Arm64Thread.NO_SYSCALL;
    switch (exceptionClass) {
      case Esr.ESR_ELx_EC_DABT_LOW, Esr.ESR_ELx_EC_IABT_LOW -> doMemAbort(task, thread);
      case Esr.ESR_ELx_EC_SYS64 -> doEl0Sys(task, thread);
      case Esr.ESR_ELx_EC_BRK64 ->
          signal(task, Signals.SIGTRAP, SignalConstants.TRAP_BRKPT, cpu.pc);
      case Esr.ESR_ELx_EC_PC_ALIGN, Esr.ESR_ELx_EC_SP_ALIGN -> doSpPcAbort(task, thread);
      case Esr.ESR_ELx_EC_UNKNOWN,
          Esr.ESR_ELx_EC_SVE,
          Esr.ESR_ELx_EC_SME,
          Esr.ESR_ELx_EC_BTI,
          Esr.ESR_ELx_EC_ILL ->
          doEl0Undef(task, cpu);
      default -> doEl0Undef(task, cpu);
    }
    ReturnToUser.exitToUserMode(task, thread);
  }

  private static void signal(Task task, int number, int code, long address) {
    SignalSender.forceSignal(task, SigInfo.fault(number, code, address));
  }

  @Traced("do_el0_undef")
  private static void doEl0Undef(Task task, Cpu cpu) {
    signal(task, Signals.SIGILL, SignalConstants.ILL_ILLOPC, cpu.pc);
  }

  /** An access that the memory manager refused, or that is not aligned. */
  @Traced("do_mem_abort")
  private static void doMemAbort(Task task, Arm64Thread thread) {
    Cpu cpu = thread.cpu();
    thread.faultAddress = cpu.far & ADDRESS_MASK;
    thread.faultCode = cpu.esr & 0xffffffffL;
    if (cpu.faultCode == 0) {
      signal(task, Signals.SIGBUS, SignalConstants.BUS_ADRALN, cpu.far);
      return;
    }
    if (cpu.faultCode >>> SIGNAL_SHIFT == Signals.SIGKILL) {
      task.kernel().outOfMemory(task);
    }
    signal(task, cpu.faultCode >>> SIGNAL_SHIFT, cpu.faultCode & CODE_MASK, cpu.far);
  }

  @Traced("do_sp_pc_abort")
  private static void doSpPcAbort(Task task, Arm64Thread thread) {
    Cpu cpu = thread.cpu();
    thread.faultAddress = 0;
    thread.faultCode = cpu.esr & 0xffffffffL;
    signal(task, Signals.SIGBUS, SignalConstants.BUS_ADRALN, cpu.far);
  }

  /** A read of an ID register is emulated; anything else is undefined. */
  @Traced("do_el0_sys")
  private static void doEl0Sys(Task task, Arm64Thread thread) {
    if (!IdRegisters.emulate(thread.cpu())) {
      doEl0Undef(task, thread.cpu());
    }
  }
}
