package dev.svc0.arm64.signal;

import dev.svc0.annotation.Traced;
import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.entry.Arm64Thread;
import dev.svc0.runtime.abi.EsrContextLayout;
import dev.svc0.runtime.abi.FpsimdContextLayout;
import dev.svc0.runtime.abi.FrameRecordLayout;
import dev.svc0.runtime.abi.RtSigframeLayout;
import dev.svc0.runtime.abi.SigaltstackLayout;
import dev.svc0.runtime.abi.SigcontextLayout;
import dev.svc0.runtime.abi.SiginfoLayout;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.abi.UcontextLayout;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.KSigaction;
import dev.svc0.runtime.task.SigInfo;
import dev.svc0.runtime.task.SignalActions;
import dev.svc0.runtime.task.SignalDelivery;
import dev.svc0.runtime.task.SignalMask;
import dev.svc0.runtime.task.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Builds and reads signal frames. <i>Linux:</i> arch/arm64/kernel/signal.c.
 *
 * <p>From the stack pointer upwards: {@code rt_sigframe} (siginfo, ucontext with the general
 * registers, then records with a magic number and a size each: FP and SIMD registers, the syndrome
 * after a fault, a terminator), then a frame record that continues the chain of frame pointers.
 */
@Traced(layer = Traced.Layer.ENTRY)
public final class SignalFrame {
  private static final int UC = RtSigframeLayout.uc;
  private static final int CONTEXT = UC + UcontextLayout.uc_mcontext;
  private static final int RECORDS = CONTEXT + SigcontextLayout.__reserved;
  private static final int RECORD_HEAD = 8;
  private static final int RECORD_SIZE = 4;
  private static final int STACK_ALIGN = 16;
  private static final int GENERAL_REGISTERS = 31;
  private static final int FRAME_POINTER = 29;
  private static final int LINK = 30;
  private static final long TAG_SHIFT = 8;

  /** Mode bits other than EL0t: such a frame was not made here. */
  private static final long NOT_EL0 = 0x1f;

  /** What a handler needs of a stack at least: AT_MINSIGSTKSZ. */
  public static final int MINIMUM_STACK =
      RtSigframeLayout.SIZE + FrameRecordLayout.SIZE + STACK_ALIGN;

  private SignalFrame() {}

  /** Builds the frame and points the registers at the handler; false when the stack is bad. */
  @Traced("setup_rt_frame")
  public static boolean setup(Task task, Arm64Thread thread, SignalDelivery.Caught caught) {
    KSigaction action = caught.action();
    Cpu cpu = thread.cpu();
    long record = frameRecordAddress(task, cpu, action);
    long frame = record - RtSigframeLayout.SIZE;
    ByteBuffer bytes = ByteBuffer.allocate(RtSigframeLayout.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    putContext(task, thread, bytes);
    int end = putRecords(thread, bytes);
    boolean wantsInfo = action.has(SignalConstants.SA_SIGINFO);
    if (wantsInfo) {
      bytes.put(RtSigframeLayout.info, infoFor(caught));
    }
    int from = wantsInfo ? 0 : UC;
    UserMemory memory = task.memory();
    if (memory.copyToUser(frame + from, bytes.array(), from, end - from) != 0) {
      return false;
    }
    try {
      memory.writeLong(record + FrameRecordLayout.fp, cpu.x[FRAME_POINTER]);
      memory.writeLong(record + FrameRecordLayout.lr, cpu.x[LINK]);
    } catch (UserFault fault) {
      return false;
    }
    enterHandler(thread, caught, frame, record, wantsInfo);
    SignalActions.handlerRuns(task);
    return true;
  }

  private static long frameRecordAddress(Task task, Cpu cpu, KSigaction action) {
    long stack = cpu.x[Cpu.SP];
    boolean switchStack =
        action.has(SignalConstants.SA_ONSTACK)
            && task.altStackBytes != 0
            && !SignalActions.onAltStack(task, stack);
    if (switchStack) {
      stack = task.altStackAddress + task.altStackBytes;
    }
    return (stack - FrameRecordLayout.SIZE) & -STACK_ALIGN;
  }

  /** The address of a fault is shown without its tag, unless the program asked for it. */
  private static byte[] infoFor(SignalDelivery.Caught caught) {
    SigInfo info = caught.info();
    boolean fault =
        info.code() > 0
            && info.code() != SignalConstants.SI_KERNEL
            && (info.signal() == Signals.SIGSEGV || info.signal() == Signals.SIGBUS);
    if (!fault || caught.action().has(SignalConstants.SA_EXPOSE_TAGBITS)) {
      return info.layout();
    }
    byte[] copy = info.layout().clone();
    long address = info.address();
    ByteBuffer.wrap(copy)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(
            SiginfoLayout._sifields__sigfault__addr, address & (address << TAG_SHIFT >> TAG_SHIFT));
    return copy;
  }

  private static void putContext(Task task, Arm64Thread thread, ByteBuffer bytes) {
    Cpu cpu = thread.cpu();
    int stack = UC + UcontextLayout.uc_stack;
    bytes.putLong(stack + SigaltstackLayout.ss_sp, task.altStackAddress);
    bytes.putInt(stack + SigaltstackLayout.ss_flags, task.altStackFlags);
    bytes.putLong(stack + SigaltstackLayout.ss_size, task.altStackBytes);
    bytes.putLong(UC + UcontextLayout.uc_sigmask, SignalMask.maskForFrame(task));
    bytes.putLong(CONTEXT + SigcontextLayout.fault_address, thread.faultAddress);
    for (int i = 0; i < GENERAL_REGISTERS; i++) {
      bytes.putLong(CONTEXT + SigcontextLayout.regs + Long.BYTES * i, cpu.x[i]);
    }
    bytes.putLong(CONTEXT + SigcontextLayout.sp, cpu.x[Cpu.SP]);
    bytes.putLong(CONTEXT + SigcontextLayout.pc, cpu.pc);
    bytes.putLong(CONTEXT + SigcontextLayout.pstate, cpu.pstate());
  }

  private static int putRecords(Arm64Thread thread, ByteBuffer bytes) {
    Cpu cpu = thread.cpu();
    int at = RECORDS;
    bytes.putInt(at, SignalConstants.FPSIMD_MAGIC);
    bytes.putInt(at + RECORD_SIZE, FpsimdContextLayout.SIZE);
    bytes.putInt(at + FpsimdContextLayout.fpsr, cpu.fpsr);
    bytes.putInt(at + FpsimdContextLayout.fpcr, cpu.fpcr);
    for (int i = 0; i < cpu.v.length; i++) {
      bytes.putLong(at + FpsimdContextLayout.vregs + Long.BYTES * i, cpu.v[i]);
    }
    at += FpsimdContextLayout.SIZE;
    if (thread.faultCode != 0) {
      bytes.putInt(at, SignalConstants.ESR_MAGIC);
      bytes.putInt(at + RECORD_SIZE, EsrContextLayout.SIZE);
      bytes.putLong(at + EsrContextLayout.esr, thread.faultCode);
      at += EsrContextLayout.SIZE;
    }
    return at + RECORD_HEAD; // the terminator is zero
  }

  private static void enterHandler(
      Arm64Thread thread,
      SignalDelivery.Caught caught,
      long frame,
      long record,
      boolean wantsInfo) {
    Cpu cpu = thread.cpu();
    KSigaction action = caught.action();
    cpu.x[0] = caught.info().signal();
    if (wantsInfo) {
      cpu.x[1] = frame + RtSigframeLayout.info;
      cpu.x[2] = frame + UC;
    }
    cpu.x[Cpu.SP] = frame;
    cpu.x[FRAME_POINTER] = record;
    cpu.x[LINK] =
        action.has(SignalConstants.SA_RESTORER) ? action.restorer() : thread.sigreturnTrampoline;
    cpu.pc = action.handler();
  }

  /** Puts back what the frame at the stack pointer holds; false when it is not a frame. */
  @Traced("restore_sigframe")
  public static boolean restore(Task task, Arm64Thread thread) {
    Cpu cpu = thread.cpu();
    long frame = cpu.x[Cpu.SP];
    byte[] array = new byte[RtSigframeLayout.SIZE];
    UserMemory memory = task.memory();
    if ((frame & STACK_ALIGN - 1) != 0
        || memory.copyFromUser(array, UC, frame + UC, array.length - UC) != 0) {
      return false;
    }
    ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
    int fpsimd = findFpsimd(bytes);
    SignalMask.set(task, bytes.getLong(UC + UcontextLayout.uc_sigmask));
    long pstate = bytes.getLong(CONTEXT + SigcontextLayout.pstate);
    if (fpsimd < 0 || (pstate & NOT_EL0) != 0) {
      return false;
    }
    for (int i = 0; i < GENERAL_REGISTERS; i++) {
      cpu.x[i] = bytes.getLong(CONTEXT + SigcontextLayout.regs + Long.BYTES * i);
    }
    cpu.x[Cpu.SP] = bytes.getLong(CONTEXT + SigcontextLayout.sp);
    cpu.pc = bytes.getLong(CONTEXT + SigcontextLayout.pc);
    cpu.setPstate(pstate);
    cpu.exclusiveAddress = -1;
    cpu.fpsr = bytes.getInt(fpsimd + FpsimdContextLayout.fpsr) & Cpu.FPSR_MASK;
    cpu.fpcr = bytes.getInt(fpsimd + FpsimdContextLayout.fpcr) & Cpu.FPCR_MASK;
    for (int i = 0; i < cpu.v.length; i++) {
      cpu.v[i] = bytes.getLong(fpsimd + FpsimdContextLayout.vregs + Long.BYTES * i);
    }
    int stack = UC + UcontextLayout.uc_stack;
    SignalActions.restoreAltStack(
        task,
        bytes.getLong(stack + SigaltstackLayout.ss_sp),
        bytes.getInt(stack + SigaltstackLayout.ss_flags),
        bytes.getLong(stack + SigaltstackLayout.ss_size));
    return true;
  }

  /** Walks the records; the offset of the one record that must be there, or −1. */
  private static int findFpsimd(ByteBuffer bytes) {
    int end = CONTEXT + SigcontextLayout.SIZE;
    int fpsimd = -1;
    int at = RECORDS;
    while (at + RECORD_HEAD <= end) {
      int magic = bytes.getInt(at);
      int size = bytes.getInt(at + RECORD_SIZE);
      if (magic == 0) {
        return size == 0 ? fpsimd : -1;
      }
      if (size < RECORD_HEAD || size > end - at || (size & STACK_ALIGN - 1) != 0) {
        return -1;
      }
      if (magic == SignalConstants.FPSIMD_MAGIC) {
        if (fpsimd >= 0 || size != FpsimdContextLayout.SIZE) {
          return -1;
        }
        fpsimd = at;
      } else if (magic != SignalConstants.ESR_MAGIC) {
        return -1;
      }
      at += size;
    }
    return -1;
  }
}
