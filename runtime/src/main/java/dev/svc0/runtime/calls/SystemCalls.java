package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Getrandom;
import dev.svc0.runtime.abi.Personality;
import dev.svc0.runtime.abi.SysinfoLayout;
import dev.svc0.runtime.abi.UtsnameLayout;
import dev.svc0.runtime.mm.HostRandom;
import dev.svc0.runtime.mm.MemoryAccount;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Kernel;
import dev.svc0.runtime.task.KernelRelease;
import dev.svc0.runtime.task.Task;
import java.nio.charset.StandardCharsets;

/** The system as a whole: names, memory, randomness. */
public final class SystemCalls {
  private static final int NAME_BYTES = 64;
  private static final int RANDOM_CHUNK = 256;
  private static final long PAGE_SIZE = 4096;

  private SystemCalls() {}

  @SyscallDefine(nr = 160, name = "uname", errors = "EFAULT")
  public static long uname(Task task, @UserPtr(access = OUT, struct = "new_utsname") long name) {
    Kernel kernel = task.kernel();
    byte[] names = new byte[UtsnameLayout.SIZE];
    put(names, UtsnameLayout.sysname, "Linux");
    put(names, UtsnameLayout.nodename, kernel.hostname());
    put(names, UtsnameLayout.release, KernelRelease.RELEASE);
    put(names, UtsnameLayout.version, KernelRelease.VERSION);
    put(names, UtsnameLayout.machine, kernel.architecture().machine());
    put(names, UtsnameLayout.domainname, kernel.domainname());
    task.memory().writeBytes(name, names);
    return 0;
  }

  private static void put(byte[] to, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, to, offset, Math.min(bytes.length, NAME_BYTES));
  }

  @SyscallDefine(
      nr = 161,
      name = "sethostname",
      errors = {"EPERM", "EINVAL", "EFAULT"})
  public static long sethostname(
      Task task, @UserPtr(access = IN, length = "len") long name, int len) {
    if (!task.cred().capable(Capability.CAP_SYS_ADMIN)) {
      return -Errno.EPERM;
    }
    if (len < 0 || len > NAME_BYTES) {
      return -Errno.EINVAL;
    }
    task.kernel().setHostname(text(task, name, len));
    return 0;
  }

  @SyscallDefine(
      nr = 162,
      name = "setdomainname",
      errors = {"EPERM", "EINVAL", "EFAULT"})
  public static long setdomainname(
      Task task, @UserPtr(access = IN, length = "len") long name, int len) {
    if (!task.cred().capable(Capability.CAP_SYS_ADMIN)) {
      return -Errno.EPERM;
    }
    if (len < 0 || len > NAME_BYTES) {
      return -Errno.EINVAL;
    }
    task.kernel().setDomainname(text(task, name, len));
    return 0;
  }

  private static String text(Task task, long address, int bytes) {
    return new String(task.memory().readBytes(address, bytes), StandardCharsets.ISO_8859_1);
  }

  @SyscallDefine(
      nr = 179,
      name = "sysinfo",
      support = Support.PARTIAL,
      note = "loads are 0",
      errors = "EFAULT")
  public static long sysinfo(Task task, @UserPtr(access = OUT, struct = "sysinfo") long info) {
    Kernel kernel = task.kernel();
    UserMemory memory = task.memory();
    MemoryAccount account = kernel.memory();
    memory.writeBytes(info, new byte[SysinfoLayout.SIZE]);
    memory.writeLong(
        info + SysinfoLayout.uptime, kernel.monotonicNanos() / UserTime.NANOS_PER_SECOND);
    long limit = account.limitPages() + kernel.vfs().frames().limitPages();
    long used = account.usedPages() + kernel.vfs().frames().usedPages();
    memory.writeLong(info + SysinfoLayout.totalram, limit * PAGE_SIZE);
    memory.writeLong(info + SysinfoLayout.freeram, (limit - used) * PAGE_SIZE);
    memory.writeShort(info + SysinfoLayout.procs, (short) kernel.taskCount());
    memory.writeInt(info + SysinfoLayout.mem_unit, 1);
    return 0;
  }

  @SyscallDefine(
      nr = 278,
      name = "getrandom",
      errors = {"EINVAL", "EFAULT"})
  public static long getrandom(
      Task task,
      @UserPtr(access = OUT, length = "$result") long ubuf,
      @Size long len,
      @Flags(
              value = "getrandom",
              supported = {"GRND_NONBLOCK", "GRND_RANDOM", "GRND_INSECURE"})
          int flags) {
    int both = Getrandom.GRND_RANDOM | Getrandom.GRND_INSECURE;
    if ((flags & both) == both) {
      return -Errno.EINVAL;
    }
    long wanted = Long.compareUnsigned(len, Integer.MAX_VALUE) > 0 ? Integer.MAX_VALUE : len;
    byte[] chunk = new byte[(int) Math.min(wanted, RANDOM_CHUNK)];
    long done = 0;
    while (done < wanted) {
      int now = (int) Math.min(chunk.length, wanted - done);
      HostRandom.fill(chunk, now);
      int missing = task.memory().copyToUser(ubuf + done, chunk, 0, now);
      done += now - missing;
      if (missing != 0) {
        return done == 0 ? -Errno.EFAULT : done;
      }
      if (task.signalPending()) {
        return done;
      }
    }
    return done;
  }

  @SyscallDefine(
      nr = 92,
      name = "personality",
      support = Support.PARTIAL,
      note = "kept and shown; PER_LINUX32 answers EINVAL",
      errors = "EINVAL")
  public static long personality(Task task, int personality) {
    int old = task.settings.personality;
    if (personality != -1) {
      if ((personality & Personality.PER_MASK) == Personality.PER_LINUX32) {
        return -Errno.EINVAL;
      }
      task.settings.personality = personality;
    }
    return old;
  }
}
