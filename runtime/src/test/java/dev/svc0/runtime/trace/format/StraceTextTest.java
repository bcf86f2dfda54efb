package dev.svc0.runtime.trace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceSession;
import dev.svc0.runtime.trace.event.SyscallTrace;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The layout of strace 6.1, which these lines were taken from; arguments are made elsewhere. */
class StraceTextTest {
  private static final int PARENT = 24935;
  private static final int CHILD = 24936;

  private static void as(int tid, Runnable work) throws InterruptedException {
    KernelThread thread = new KernelThread(work, "strace");
    thread.state.pid = tid;
    thread.state.tid = tid;
    thread.start();
    thread.join();
  }

  private static void enter(String name, String arguments) {
    SyscallTrace.sysEnterDecoded(0, name, arguments);
  }

  private static void exit(String name, String arguments, String result) {
    SyscallTrace.sysExitDecoded(0, 0, name, arguments, result);
  }

  private static void call(String name, String arguments, String result) {
    enter(name, arguments);
    exit(name, arguments, result);
  }

  private static String text(StraceText.Options options, Script script) throws Exception {
    TraceSession session =
        TraceSession.start(
            TraceSession.Options.defaults().withEvents(EventSelection.of("raw_syscalls:*")));
    script.run();
    TraceCapture capture = session.stop();
    StringBuilder out = new StringBuilder();
    StraceText.write(capture, options, out);
    return out.toString();
  }

  private interface Script {
    void run() throws Exception;
  }

  @Test
  void resultsStandInAColumn() throws Exception {
    String text =
        text(
            StraceText.Options.defaults(),
            () ->
                as(
                    PARENT,
                    () -> {
                      call("fsync", "3", "0");
                      call("mprotect", "0x4b6000, 16384, PROT_READ|PROT_WRITE", "0");
                      call("exit_group", "7", "?");
                    }));
    assertThat(text)
        .isEqualTo(
            """
            fsync(3)                                = 0
            mprotect(0x4b6000, 16384, PROT_READ|PROT_WRITE) = 0
            exit_group(7)                           = ?
            # complete
            """);
  }

  /** Two tasks in turns: the parent waits while the child writes. */
  private static void turns() throws Exception {
    ThreadState[] parent = new ThreadState[1];
    Object turn = new Object();
    KernelThread waiting =
        new KernelThread(
            () -> {
              enter("read", "3, 0xffffffae0, 5");
              synchronized (turn) {
                parent[0] = ThreadState.current();
                turn.notifyAll();
                while (parent[0] != null) {
                  await(turn);
                }
              }
              exit("read", "3, \"child\", 5", "5");
            },
            "strace");
    waiting.state.pid = PARENT;
    waiting.state.tid = PARENT;
    waiting.start();
    synchronized (turn) {
      while (parent[0] == null) {
        await(turn);
      }
    }
    as(CHILD, () -> call("write", "5, \"child\", 5", "5"));
    synchronized (turn) {
      parent[0] = null;
      turn.notifyAll();
    }
    waiting.join();
  }

  private static void await(Object turn) {
    try {
      turn.wait();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsNotKnownYetComesWithTheSecondHalf() throws Exception {
    assertThat(text(StraceText.Options.defaults(), StraceTextTest::turns))
        .isEqualTo(
            """
            24935 read(3,  <unfinished ...>
            24936 write(5, "child", 5)              = 5
            24935 <... read resumed>"child", 5)     = 5
            # complete
            """);
  }

  @Test
  void aTerminalShowsTasksInBrackets() throws Exception {
    StraceText.Options terminal =
        new StraceText.Options(
            StraceText.Options.Times.SHOWN, Set.of("read"), StraceText.Options.Tasks.BRACKETED);
    assertThat(
            text(
                terminal,
                () -> {
                  as(PARENT, () -> call("read", "3, \"\", 5", "0"));
                  as(CHILD, () -> call("read", "3, \"\", 5", "0"));
                }))
        .matches(
            """
            \\[pid 24935] read\\(3, "", 5\\)              = 0 <0\\.\\d{6}>
            \\[pid 24936] read\\(3, "", 5\\)              = 0 <0\\.\\d{6}>
            # complete
            """);
  }
}
