package dev.svc0.arm64.entry;

import dev.svc0.annotation.Traced;
import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.trace.event.SyscallTrace;

/**
 * A system call: number in w8, arguments in x0…x5, result in x0.
 *
 * <p>Here an operation is born: everything that happens until the program goes on, on this thread
 * or later on another, carries the id that {@link ThreadState#operationId} gets here.
 */
@Traced(layer = Traced.Layer.ENTRY)
final class El0Svc {
  private static final int NR_REGISTER = 8;

  private final SyscallDispatch dispatch;

  El0Svc(SyscallDispatch dispatch) {
    this.dispatch = dispatch;
  }

  @Traced("el0_svc")
  void el0Svc(Task task, Arm64Thread thread) {
    ThreadState state = ThreadState.current();
    state.operationId = state.nextOperationId();
    state.userPc = thread.cpu().pc;
    state.instructions = thread.cpu().retired;
    doEl0Svc(task, thread);
    ReturnToUser.exitToUserMode(task, thread);
    state.operationId = 0;
  }

  /** Filters and tracers see the call inside the dispatch, in Linux's order. */
  @Traced("do_el0_svc")
  private void doEl0Svc(Task task, Arm64Thread thread) {
    Cpu cpu = thread.cpu();
    thread.origX0 = cpu.x[0];
    thread.syscallNr = (int) cpu.x[NR_REGISTER];
    invokeSyscall(task, thread, cpu);
  }

  @Traced("invoke_syscall")
  private void invokeSyscall(Task task, Arm64Thread thread, Cpu cpu) {
    long[] x = cpu.x;
    int number = thread.syscallNr;
    SyscallTrace.sysEnter(number, x[0], x[1], x[2], x[3], x[4], x[5], cpu.pc);
    long result = dispatch.dispatch(task, number, x[0], x[1], x[2], x[3], x[4], x[5]);
    SyscallTrace.sysExit(number, result);
    if (result == SyscallResult.CONTROL_TRANSFERRED) {
      thread.syscallNr = Arm64Thread.NO_SYSCALL;
    } else {
      x[0] = result;
    }
  }
}
