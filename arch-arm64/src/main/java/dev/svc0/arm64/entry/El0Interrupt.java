package dev.svc0.arm64.entry;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.task.Task;

/**
 * An interrupt from EL0: somebody asked for the thread's attention. There is no device to serve;
 * the work is what is done before the program goes on.
 */
@Traced(layer = Traced.Layer.ENTRY)
final class El0Interrupt {
  private El0Interrupt() {}

  @Traced("el0_interrupt")
  static void el0t64IrqHandler(Task task, Arm64Thread thread) {
    thread.syscallNr = Arm64Thread.NO_SYSCALL;
    ReturnToUser.exitToUserMode(task, thread);
  }
}
