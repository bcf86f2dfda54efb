package dev.svc0.runtime.syscall;

import static dev.svc0.runtime.abi.Errno.EIO;
import static dev.svc0.runtime.syscall.SyscallFilter.ALLOW;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Who looks at calls: filters, then tracers, then listeners. One word for each number says whether
 * anybody does, and is all that a call costs when nobody is there.
 *
 * <p>When a tracer has changed the call, the filters look again: a tracer opens no way past them.
 *
 * <p>A hook that fails is reported and changes nothing, except that a filter that fails answers
 * −EIO.
 *
 * <p><i>Locks:</i> adding and removing hold the monitor; calls hold nothing.
 */
public final class SyscallHooks {
  private final AtomicIntegerArray work = new AtomicIntegerArray(TableDispatch.NUMBERS);
  private final List<Hook<SyscallFilter>> filters = new CopyOnWriteArrayList<>();
  private final List<Hook<SyscallTracer>> tracers = new CopyOnWriteArrayList<>();
  private final List<Hook<SyscallListener>> listeners = new CopyOnWriteArrayList<>();

  private final Supplier<HandlerFailure> failureReport;

  private record Hook<T>(T target, IntPredicate numbers) {}

  /** Takes a hook out again. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  SyscallHooks(Supplier<HandlerFailure> failureReport) {
    this.failureReport = failureReport;
  }

  /** Adds a filter for the numbers that a predicate accepts. */
  public Registration addFilter(SyscallFilter filter, IntPredicate numbers) {
    return add(filters, new Hook<>(filter, numbers));
  }

  /** Adds a tracer for the numbers that a predicate accepts. */
  public Registration addTracer(SyscallTracer tracer, IntPredicate numbers) {
    return add(tracers, new Hook<>(tracer, numbers));
  }

  /** Adds a listener for the numbers that a predicate accepts. */
  public Registration addListener(SyscallListener listener, IntPredicate numbers) {
    return add(listeners, new Hook<>(listener, numbers));
  }

  private synchronized <T> Registration add(List<Hook<T>> list, Hook<T> hook) {
    list.add(hook);
    count(hook, 1);
    return () -> remove(list, hook);
  }

  private synchronized <T> void remove(List<Hook<T>> list, Hook<T> hook) {
    if (list.remove(hook)) {
      count(hook, -1);
    }
  }

  private void count(Hook<?> hook, int difference) {
    for (int nr = 0; nr < TableDispatch.NUMBERS; nr++) {
      if (hook.numbers.test(nr)) {
        work.getAndAdd(nr, difference);
      }
    }
  }

  /** Whether anybody looks at a number. */
  boolean any(int nr) {
    return work.getOpaque(nr) != 0;
  }

  /** Filters, tracers, filters again if need be; true when one of them has answered the call. */
  boolean before(SyscallRegisters call, SyscallStatistics statistics) {
    if (filtered(call, statistics)) {
      return true;
    }
    for (Hook<SyscallTracer> hook : tracers) {
      if (hook.numbers.test(call.nr())) {
        try {
          hook.target.beforeCall(call);
        } catch (RuntimeException | Error failure) {
          report(hook.target, failure);
        }
      }
    }
    return call.takeEdited() ? call.answered() || filtered(call, statistics) : call.answered();
  }

  private boolean filtered(SyscallRegisters call, SyscallStatistics statistics) {
    for (Hook<SyscallFilter> hook : filters) {
      long answer = hook.numbers.test(call.nr()) ? answer(hook.target, call) : ALLOW;
      if (answer != ALLOW) {
        statistics.denied(call.nr());
        call.setResult(answer);
        return true;
      }
    }
    return false;
  }

  /** A filter that fails lets nothing pass. */
  private long answer(SyscallFilter filter, SyscallRegisters call) {
    try {
      return filter.filter(call);
    } catch (RuntimeException | Error failure) {
      report(filter, failure);
      return -EIO;
    }
  }

  private void report(Object hook, Throwable failure) {
    try {
      failureReport.get().hookFailed(hook, failure);
    } catch (RuntimeException | Error dropped) {
      failure.addSuppressed(dropped);
    }
  }

  void enter(SyscallRegisters call) {
    for (Hook<SyscallListener> hook : listeners) {
      if (hook.numbers.test(call.nr())) {
        try {
          hook.target.enter(call);
        } catch (RuntimeException | Error failure) {
          report(hook.target, failure);
        }
      }
    }
  }

  void exit(SyscallRegisters call, long nanos) {
    for (Hook<SyscallListener> hook : listeners) {
      if (hook.numbers.test(call.nr())) {
        try {
          hook.target.exit(call, nanos);
        } catch (RuntimeException | Error failure) {
          report(hook.target, failure);
        }
      }
    }
    for (Hook<SyscallTracer> hook : tracers) {
      if (hook.numbers.test(call.nr())) {
        try {
          hook.target.afterCall(call);
        } catch (RuntimeException | Error failure) {
          report(hook.target, failure);
        }
      }
    }
  }
}
