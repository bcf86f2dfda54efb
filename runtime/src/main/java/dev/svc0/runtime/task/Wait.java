package dev.svc0.runtime.task;

import static dev.svc0.runtime.abi.CloneFlags.*;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.trace.event.SchedTrace;
import org.jspecify.annotations.Nullable;

/** Waiting for children. <i>Linux:</i> the second half of kernel/exit.c. */
@Traced(layer = Traced.Layer.TASK)
public final class Wait {
  private static final int STOPPED_STATUS = 0x7f;
  private static final int CONTINUED_STATUS = 0xffff;

  /** One wait under way. */
  private static final class Search {
    final SignalStruct parent;
    final WaitOptions options;
    boolean anyChild;
    @Nullable WaitResult result;

    Search(SignalStruct parent, WaitOptions options) {
      this.parent = parent;
      this.options = options;
    }

    /** One look over all children; true when the wait is over. */
    boolean scan() {
      synchronized (parent.kernel().taskListLock()) {
        anyChild = false;
        for (SignalStruct child : parent.children) {
          if (eligible(child, options)) {
            anyChild = true;
            result = collect(child, options);
            if (result != null) {
              return true;
            }
          }
        }
        return !anyChild;
      }
    }
  }

  private Wait() {}

  /**
   * Waits for a child as the options say.
   *
   * @param error in [0]: 0 with WNOHANG when nothing is to be collected, −ECHILD, −ERESTARTSYS
   * @return what was collected, or null
   */
  @Traced("do_wait")
  public static @Nullable WaitResult doWait(Task task, WaitOptions options, long[] error) {
    Search search = new Search(task.signal(), options);
    error[0] = 0;
    if (options.has(WNOHANG)) {
      search.scan();
    } else {
      if (SchedTrace.schedProcessWaitOn()) {
        SchedTrace.schedProcessWait(task.comm(), (int) options.id());
      }
      long waited = search.parent.waitChild.waitEvent(task, search::scan, WaitQueue.NO_DEADLINE);
      if (waited != 0) {
        error[0] = waited;
        return null;
      }
    }
    if (search.result == null && !search.anyChild) {
      error[0] = -Errno.ECHILD;
    }
    return search.result;
  }

  private static boolean eligible(SignalStruct child, WaitOptions options) {
    boolean match =
        switch (options.type()) {
          case P_PID -> child.pid() == options.id();
          case P_PGID -> child.processGroup == options.id();
          default -> true;
        };
    return match && (options.has(__WALL) || child.isCloneChild() == options.has(__WCLONE));
  }

  private static @Nullable WaitResult collect(SignalStruct child, WaitOptions options) {
    if (child.zombie) {
      return options.has(WEXITED) ? collectZombie(child, options) : null;
    }
    synchronized (child) {
      if (options.has(WUNTRACED) && child.stopped && child.stopReported) {
        return collectStop(child, options);
      }
      if (options.has(WCONTINUED) && child.continued) {
        return collectContinue(child, options);
      }
    }
    return null;
  }

  private static WaitResult collectZombie(SignalStruct child, WaitOptions options) {
    int status = child.groupExitCode;
    int code = Exit.exitCodeOf(status);
    int info = code == SignalConstants.CLD_EXITED ? status >> 8 & 0xff : status & 0x7f;
    WaitResult result = result(child, status, code, info);
    if (!options.has(WNOWAIT)) {
      child.parent.accounting().addChild(child.accounting());
      Exit.release(child);
    }
    return result;
  }

  private static WaitResult collectStop(SignalStruct child, WaitOptions options) {
    if (!options.has(WNOWAIT)) {
      child.stopReported = false;
    }
    int status = child.stopSignal << 8 | STOPPED_STATUS;
    return result(child, status, SignalConstants.CLD_STOPPED, child.stopSignal);
  }

  private static WaitResult collectContinue(SignalStruct child, WaitOptions options) {
    if (!options.has(WNOWAIT)) {
      child.continued = false;
    }
    return result(child, CONTINUED_STATUS, SignalConstants.CLD_CONTINUED, Signals.SIGCONT);
  }

  private static WaitResult result(SignalStruct child, int status, int code, int info) {
    return new WaitResult(
        child.pid(), child.leader.cred().uid(), status, code, info, child.accounting(), child);
  }
}
