package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.TraceSession;
import dev.svc0.toys.ToyWrite;

/** Captures for the tests of formats. */
final class ToyCaptures {
  private ToyCaptures() {}

  /** Calls of one task whose bios another thread completes. */
  static TraceCapture writesAndBios(int calls) {
    TraceSession session = TraceSession.start(TraceSelection.everything().inClasses("*.ToyWrite"));
    try {
      run("toy <1>", 301, () -> write(calls));
      run("kworker/0:1", 29, () -> writeBack(calls));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return session.stop();
  }

  private static void write(int calls) {
    for (int i = 1; i <= calls; i++) {
      ThreadState.current().operationId = i;
      ToyWrite.write(null, 3, 0, 100);
    }
  }

  private static void writeBack(int bios) {
    for (int i = 1; i <= bios; i++) {
      ToyWrite.ToyBio bio = new ToyWrite.ToyBio(i, i, 8L * i, 4096, 1);
      ToyWrite.submit(bio);
      ToyWrite.issue(bio);
      ToyWrite.complete(bio, i == 3 ? -5 : 0);
    }
  }

  private static void run(String name, int tid, Runnable work) throws InterruptedException {
    KernelThread thread = new KernelThread(work, name);
    thread.state.tid = tid;
    thread.start();
    thread.join();
  }
}
