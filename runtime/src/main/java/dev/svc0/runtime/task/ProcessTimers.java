package dev.svc0.runtime.task;

import static dev.svc0.runtime.abi.ClockConstants.ITIMER_PROF;
import static dev.svc0.runtime.abi.ClockConstants.ITIMER_REAL;

import dev.svc0.runtime.abi.Signals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Interval timers and POSIX timers of a process. Thread-safe. */
public final class ProcessTimers {
  private static final int INTERVAL_TIMERS = 3;

  private final SignalStruct process;
  private final @Nullable KTimer[] intervals = new @Nullable KTimer[INTERVAL_TIMERS];
  private final Map<Integer, PosixTimer> posix = new TreeMap<>();
  private int nextId;

  ProcessTimers(SignalStruct process) {
    this.process = process;
  }

  /** The interval timer ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF. */
  public synchronized KTimer interval(int which) {
    KTimer timer = intervals[which];
    if (timer == null) {
      int signal = which == ITIMER_REAL ? Signals.SIGALRM : Signals.SIGVTALRM;
      int number = which == ITIMER_PROF ? Signals.SIGPROF : signal;
      timer =
          new KTimer(
              process.kernel().timers(),
              clockOf(which),
              times -> SignalSender.sendToProcess(process, SigInfo.kernel(number)));
      intervals[which] = timer;
    }
    return timer;
  }

  private KTimer.Source clockOf(int which) {
    return which == ITIMER_REAL ? KTimer.MONOTONIC : cpuClock();
  }

  /** Processor time of the process as a clock. */
  KTimer.Source cpuClock() {
    return new KTimer.Source() {
      @Override
      public long now() {
        Accounting times = process.accounting();
        return times.userNanos(process) + times.systemNanos(process);
      }

      @Override
      public boolean isCpuTime() {
        return true;
      }
    };
  }

  /** Adds a POSIX timer; its id. */
  public synchronized int add(PosixTimer timer) {
    int id = nextId++;
    timer.id = id;
    posix.put(id, timer);
    return id;
  }

  /** The POSIX timer of that id, or null. */
  public synchronized @Nullable PosixTimer find(int id) {
    return posix.get(id);
  }

  /** Takes it away; false when there is none. */
  public synchronized boolean delete(int id) {
    PosixTimer timer = posix.remove(id);
    if (timer == null) {
      return false;
    }
    timer.cancel();
    return true;
  }

  synchronized void dropPosixTimers() {
    for (PosixTimer timer : posix.values()) {
      timer.cancel();
    }
    posix.clear();
  }

  synchronized void cancelAll() {
    dropPosixTimers();
    for (KTimer timer : intervals) {
      if (timer != null) {
        timer.set(0, 0);
      }
    }
  }

  /** The signal of a POSIX timer is being taken: its overrun count goes with it. */
  void delivered(SigInfo info) {
    List<PosixTimer> all;
    synchronized (this) {
      all = new ArrayList<>(posix.values());
    }
    for (PosixTimer timer : all) {
      timer.delivered(info);
    }
  }
}
