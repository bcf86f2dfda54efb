package dev.svc0.arm64.entry;

import static dev.svc0.runtime.abi.InternalErrno.ERESTARTNOHAND;
import static dev.svc0.runtime.abi.InternalErrno.ERESTARTNOINTR;
import static dev.svc0.runtime.abi.InternalErrno.ERESTARTSYS;
import static dev.svc0.runtime.abi.InternalErrno.ERESTART_RESTARTBLOCK;

import dev.svc0.annotation.Traced;
import dev.svc0.arm64.Arm64TableNumbers;
import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.signal.SignalFrame;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.task.SignalDelivery;
import dev.svc0.runtime.task.SignalMask;
import dev.svc0.runtime.task.SignalSender;
import dev.svc0.runtime.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * The work before a program goes on: signals, then what became of an interrupted call. A restart
 * code never reaches a program.
 */
@Traced(layer = Traced.Layer.ENTRY)
final class ReturnToUser {
  private static final int INSN_BYTES = 4;
  private static final int NR_REGISTER = 8;

  private ReturnToUser() {}

  /** Nothing to do is the common case. */
  static void exitToUserMode(Task task, Arm64Thread thread) {
    if (task.signalPending() || task.exiting() || isRestart(thread) || task.rseqEventPending()) {
      doNotifyResume(task, thread);
    }
    thread.syscallNr = Arm64Thread.NO_SYSCALL;
  }

  private static boolean isRestart(Arm64Thread thread) {
    return thread.syscallNr != Arm64Thread.NO_SYSCALL && SyscallResult.isRestart(thread.cpu().x[0]);
  }

  @Traced("do_notify_resume")
  private static void doNotifyResume(Task task, Arm64Thread thread) {
    if (task.rseqEventPending()) {
      task.takeRseqEvent();
    }
    do {
      if (task.exiting()) {
        return;
      }
      doSignal(task, thread);
      thread.syscallNr = Arm64Thread.NO_SYSCALL;
    } while (task.signalPending() && !task.exiting());
  }

  @Traced("do_signal")
  private static void doSignal(Task task, Arm64Thread thread) {
    Cpu cpu = thread.cpu();
    long continueAddress = cpu.pc;
    long result = cpu.x[0];
    boolean restart = isRestart(thread);
    if (restart) {
      cpu.x[0] = thread.origX0;
      cpu.pc = continueAddress - INSN_BYTES;
    }
    SignalDelivery.@Nullable Caught caught = SignalDelivery.getSignal(task);
    if (task.exiting()) {
      return;
    }
    if (caught != null) {
      if (restart && interrupts(result, caught)) {
        cpu.x[0] = -Errno.EINTR;
        cpu.pc = continueAddress;
      }
      handleSignal(task, thread, caught);
      return;
    }
    if (restart && result == -ERESTART_RESTARTBLOCK) {
      cpu.x[NR_REGISTER] = Arm64TableNumbers.__NR_restart_syscall;
    }
    SignalMask.restoreSaved(task);
  }

  private static boolean interrupts(long result, SignalDelivery.Caught caught) {
    if (result == -ERESTARTNOINTR) {
      return false;
    }
    return result == -ERESTARTNOHAND
        || result == -ERESTART_RESTARTBLOCK
        || result == -ERESTARTSYS && !caught.action().has(SignalConstants.SA_RESTART);
  }

  @Traced("handle_signal")
  private static void handleSignal(Task task, Arm64Thread thread, SignalDelivery.Caught caught) {
    task.rseq.interrupted(task);
    if (SignalFrame.setup(task, thread, caught)) {
      SignalMask.handlerStarts(task, caught.action(), caught.info().signal());
    } else {
      SignalMask.restoreSaved(task);
      SignalSender.forceFatal(task, Signals.SIGSEGV);
    }
  }
}
