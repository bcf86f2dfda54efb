package dev.svc0.runtime.task;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.sched.Parking;
import dev.svc0.runtime.trace.event.SchedTrace;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import java.util.List;

/** Running another program in a task. <i>Linux:</i> fs/exec.c. */
@Traced(layer = Traced.Layer.TASK)
public final class Exec {
  /** A script that names a script that names a script …. */
  private static final int MAX_INTERPRETERS = 5;

  private Exec() {}

  /**
   * Replaces the program of the calling task.
   *
   * @param directory descriptor that a relative path starts from, or AT_FDCWD
   * @param flags AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
   * @return 0 when the new program is in place, or −errno; after the point of no return an error
   *     also kills the task
   */
  @Traced("do_execveat_common")
  public static long doExecveat(
      Task task,
      int directory,
      String path,
      int flags,
      List<String> arguments,
      List<String> environment) {
    long[] error = new long[1];
    File file = ExecFiles.openExec(task, directory, path, flags, error);
    if (file == null) {
      return error[0];
    }
    List<String> argv = arguments.isEmpty() ? List.of("") : arguments;
    String name = ExecFiles.execName(directory, path);
    LinuxBinprm bprm = new LinuxBinprm(task, name, file, argv, environment);
    long result;
    try {
      result = checkSize(bprm);
      if (result == 0) {
        result = execBinprm(bprm);
      }
    } finally {
      bprm.letGo();
    }
    if (result != 0 && bprm.pastPointOfNoReturn()) {
      SignalSender.forceSignal(task, SigInfo.kernel(Signals.SIGSEGV));
    }
    if (result == 0) {
      SchedTrace.schedProcessExec(path, task.tid(), task.tid());
      task.signal().executed = true;
    }
    return result;
  }

  /** Strings longer than 128 KiB, or more of them than the stack takes: −E2BIG. */
  private static long checkSize(LinuxBinprm bprm) {
    long total = 0;
    for (List<String> strings : List.of(bprm.arguments(), bprm.environment())) {
      for (String one : strings) {
        if (one.length() >= 131072) {
          return -Errno.E2BIG;
        }
        total += one.length() + 1 + Long.BYTES;
      }
    }
    return total > LinuxBinprm.argumentLimit(bprm.task()) ? -Errno.E2BIG : 0;
  }

  @Traced("exec_binprm")
  private static long execBinprm(LinuxBinprm bprm) {
    for (int depth = 0; ; depth++) {
      if (depth > MAX_INTERPRETERS) {
        return -Errno.ELOOP;
      }
      long result = searchBinaryHandler(bprm);
      if (result != 0 || !bprm.advance()) {
        return result;
      }
    }
  }

  @Traced("search_binary_handler")
  private static long searchBinaryHandler(LinuxBinprm bprm) {
    long result = bprm.prepare();
    if (result != 0) {
      return result;
    }
    for (BinaryFormat format : bprm.task().kernel().formats()) {
      result = format.loadBinary(bprm);
      if (result != -Errno.ENOEXEC || bprm.pastPointOfNoReturn()) {
        return result;
      }
    }
    return -Errno.ENOEXEC;
  }

  /** Ends all other threads; the caller becomes the leader. */
  static long deThread(Task task) {
    SignalStruct process = task.signal();
    synchronized (process) {
      if (process.groupExit || process.groupExecTask != null) {
        return -Errno.EAGAIN;
      }
      process.groupExecTask = task;
      for (Task other : process.threads) {
        if (other != task) {
          other.pending.addKill();
          other.signalWakeUp();
        }
      }
    }
    while (process.threads.size() > 1) {
      if (process.groupExit) {
        return -Errno.EAGAIN;
      }
      Parking.park(process);
    }
    becomeLeader(task);
    task.setSighand(task.sighand().copyForExec());
    return 0;
  }

  private static void becomeLeader(Task task) {
    SignalStruct process = task.signal();
    Kernel kernel = task.kernel();
    synchronized (kernel.taskListLock()) {
      if (process.leader != task) {
        kernel.pids().remove(process.leader);
        kernel.pids().remove(task);
        task.setTid(process.pid());
        process.leader = task;
        kernel.pids().publish(task);
        dev.svc0.runtime.sched.ThreadState.current().tid = task.tid();
      }
      synchronized (process) {
        process.groupExecTask = null;
        task.recalcSigpending();
      }
    }
  }

  static void resetTask(Task task, String filename, Cred cred) {
    if (task.files().isShared()) {
      task.unshareFiles();
    }
    task.files().closeOnExecAll(task);
    task.setComm(filename.substring(filename.lastIndexOf('/') + 1));
    task.altStackAddress = 0;
    task.altStackBytes = 0;
    task.clearChildTid = 0;
    task.robustList = 0;
    task.exitedFutexes = false;
    task.rseq.clear();
    task.signal().exitSignal = task.signal().exitSignal == 0 ? 0 : Signals.SIGCHLD;
    task.settings.deathSignal = 0;
    task.settings.notDumpable = false;
    task.settings.keepCapabilities = false;
    task.signal().membarrier.set(0);
    task.signal().timers().dropPosixTimers();
    task.signal().aio().clear();
    task.setCred(cred);
  }

  /** The executable's reference goes with the last task that shows it. */
  static void dropImage(ExecImage image) {
    File executable = image.executable();
    if (executable != null) {
      ExecFiles.letGo(executable);
    }
  }

  static void holdImage(ExecImage image) {
    File executable = image.executable();
    if (executable != null) {
      ExecFiles.hold(executable);
    }
  }
}
