package dev.svc0.runtime.calls;

import static dev.svc0.runtime.abi.Prctl.*;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.task.SignalRules;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.task.TaskSettings;
import java.nio.charset.StandardCharsets;

/** Settings of a thread. */
public final class PrctlCalls {
  private static final int DUMPABLE = 1;

  private PrctlCalls() {}

  @SyscallDefine(
      nr = 167,
      name = "prctl",
      support = Support.PARTIAL,
      note =
          "NAME, PDEATHSIG, DUMPABLE, KEEPCAPS, NO_NEW_PRIVS, TIMERSLACK, CHILD_SUBREAPER, "
              + "THP_DISABLE, CAPBSET_READ, TID_ADDRESS, SET_VMA name; others EINVAL",
      errors = {"EINVAL", "EFAULT", "EPERM"})
  public static long prctl(
      Task task, @EnumOf("prctl") int option, long arg2, long arg3, long arg4, long arg5) {
    TaskSettings settings = task.settings;
    return switch (option) {
      case PR_SET_NAME -> setName(task, arg2);
      case PR_GET_NAME -> getName(task, arg2);
      case PR_SET_PDEATHSIG -> setDeathSignal(settings, arg2);
      case PR_GET_PDEATHSIG -> putInt(task, arg2, settings.deathSignal);
      case PR_GET_DUMPABLE -> settings.notDumpable ? 0 : DUMPABLE;
      case PR_SET_DUMPABLE -> setDumpable(settings, arg2);
      case PR_GET_KEEPCAPS -> settings.keepCapabilities ? 1 : 0;
      case PR_SET_KEEPCAPS -> setKeepCapabilities(settings, arg2);
      case PR_SET_NO_NEW_PRIVS -> setNoNewPrivileges(settings, arg2, arg3 | arg4 | arg5);
      case PR_GET_NO_NEW_PRIVS ->
          (arg2 | arg3 | arg4 | arg5) != 0 ? -Errno.EINVAL : settings.noNewPrivileges ? 1 : 0;
      case PR_GET_TIMERSLACK -> settings.timerSlackNanos;
      case PR_SET_TIMERSLACK -> setTimerSlack(settings, arg2);
      case PR_SET_CHILD_SUBREAPER -> {
        task.signal().setChildSubreaper(arg2 != 0);
        yield 0;
      }
      case PR_GET_CHILD_SUBREAPER -> putInt(task, arg2, task.signal().isChildSubreaper() ? 1 : 0);
      case PR_SET_THP_DISABLE -> setThpDisabled(settings, arg2, arg3 | arg4 | arg5);
      case PR_GET_THP_DISABLE ->
          (arg2 | arg3 | arg4 | arg5) != 0 ? -Errno.EINVAL : settings.thpDisabled ? 1 : 0;
      case PR_CAPBSET_READ ->
          Long.compareUnsigned(arg2, Capability.CAP_LAST_CAP) > 0 ? -Errno.EINVAL : 1;
      case PR_GET_SECUREBITS -> 0;
      case PR_GET_TID_ADDRESS -> {
        task.memory().writeLong(arg2, task.clearChildTid);
        yield 0;
      }
      case PR_SET_VMA -> setVma(task, arg2, arg3, arg4, arg5);
      default -> -Errno.EINVAL;
    };
  }

  private static long putInt(Task task, long address, int value) {
    task.memory().writeInt(address, value);
    return 0;
  }

  private static long setName(Task task, long address) {
    byte[] bytes = new byte[Task.COMM_BYTES + 1];
    int length = 0;
    while (length < Task.COMM_BYTES) {
      byte one = task.memory().readByte(address + length);
      if (one == 0) {
        break;
      }
      bytes[length++] = one;
    }
    task.setComm(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    return 0;
  }

  private static long getName(Task task, long address) {
    byte[] bytes = new byte[Task.COMM_BYTES + 1];
    byte[] name = task.comm().getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(name, 0, bytes, 0, name.length);
    task.memory().writeBytes(address, bytes);
    return 0;
  }

  private static long setDeathSignal(TaskSettings settings, long signal) {
    if (signal != 0 && (signal >>> 31 != 0 || !SignalRules.valid((int) signal))) {
      return -Errno.EINVAL;
    }
    settings.deathSignal = (int) signal;
    return 0;
  }

  private static long setDumpable(TaskSettings settings, long value) {
    if (value != 0 && value != DUMPABLE) {
      return -Errno.EINVAL;
    }
    settings.notDumpable = value == 0;
    return 0;
  }

  private static long setKeepCapabilities(TaskSettings settings, long value) {
    if (value != 0 && value != 1) {
      return -Errno.EINVAL;
    }
    settings.keepCapabilities = value == 1;
    return 0;
  }

  private static long setNoNewPrivileges(TaskSettings settings, long value, long rest) {
    if (value != 1 || rest != 0) {
      return -Errno.EINVAL;
    }
    settings.noNewPrivileges = true;
    return 0;
  }

  private static long setTimerSlack(TaskSettings settings, long nanos) {
    settings.timerSlackNanos = nanos <= 0 ? new TaskSettings().timerSlackNanos : nanos;
    return 0;
  }

  private static long setThpDisabled(TaskSettings settings, long value, long rest) {
    if (rest != 0) {
      return -Errno.EINVAL;
    }
    settings.thpDisabled = value != 0;
    return 0;
  }

  private static long setVma(Task task, long option, long address, long bytes, long name) {
    if (option != PR_SET_VMA_ANON_NAME) {
      return -Errno.EINVAL;
    }
    String text = name == 0 ? "" : task.memory().readCString(name, 79);
    if (text == null) {
      return -Errno.EINVAL;
    }
    return task.memory().setAnonName(address, bytes, text.isEmpty() ? "" : "[anon:" + text + "]");
  }
}
