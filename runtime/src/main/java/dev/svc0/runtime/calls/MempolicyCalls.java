package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;
import static dev.svc0.runtime.abi.MempolicyConstants.*;

import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Task;

/** Where memory is taken from: there is one node, so a policy is remembered and changes nothing. */
public final class MempolicyCalls {
  private static final String ONE_NODE = "one node";
  private static final long MOST_BITS = 4096 * 8;

  private MempolicyCalls() {}

  @SyscallDefine(
      nr = 236,
      name = "get_mempolicy",
      note = ONE_NODE,
      errors = {"EFAULT", "EINVAL"})
  public static long getMempolicy(
      Task task,
      @UserPtr(access = OUT, length = "4") long policy,
      @UserPtr(access = OUT, length = "8") long nmask,
      long maxnode,
      long addr,
      long flags) {
    long known = MPOL_F_NODE | MPOL_F_ADDR | MPOL_F_MEMS_ALLOWED;
    boolean allowed = (flags & MPOL_F_MEMS_ALLOWED) != 0;
    if ((flags & ~known) != 0
        || nmask != 0 && (maxnode < 1 || maxnode > MOST_BITS)
        || allowed && (flags & (MPOL_F_NODE | MPOL_F_ADDR)) != 0
        || (flags & MPOL_F_ADDR) == 0 && addr != 0) {
      return -Errno.EINVAL;
    }
    UserMemory memory = task.memory();
    if ((flags & MPOL_F_ADDR) != 0) {
      byte ignored = memory.readByte(addr);
    } else if ((flags & MPOL_F_NODE) != 0) {
      return -Errno.EINVAL; // only the interleaving policies have a next node
    }
    if (policy != 0) {
      boolean node = (flags & MPOL_F_NODE) != 0 || allowed;
      memory.writeInt(policy, node ? 0 : task.settings.memoryPolicy);
    }
    if (nmask != 0) {
      boolean bound = task.settings.memoryPolicy != MPOL_DEFAULT && (flags & MPOL_F_ADDR) == 0;
      writeMask(memory, nmask, maxnode, allowed || bound ? 1 : 0);
    }
    return 0;
  }

  private static void writeMask(UserMemory memory, long nmask, long maxnode, long mask) {
    long words = (maxnode - 1 + Long.SIZE - 1) / Long.SIZE;
    for (long i = 0; i < words; i++) {
      memory.writeLong(nmask + i * Long.BYTES, i == 0 ? mask : 0);
    }
  }

  @SyscallDefine(
      nr = 237,
      name = "set_mempolicy",
      note = ONE_NODE,
      errors = {"EFAULT", "EINVAL"})
  public static long setMempolicy(
      Task task, int mode, @UserPtr(access = IN, length = "8") long nmask, long maxnode) {
    int policy = mode & ~MPOL_MODE_FLAGS;
    if (policy < 0 || policy >= MPOL_MAX) {
      return -Errno.EINVAL;
    }
    boolean isEmpty = nmask == 0 || maxnode == 1;
    if (!isEmpty && Long.compareUnsigned(maxnode - 1, MOST_BITS) > 0) {
      return -Errno.EINVAL; // none at all, too
    }
    long nodes = isEmpty ? 0 : task.memory().readLong(nmask);
    boolean needsNone = policy == MPOL_DEFAULT || policy == MPOL_LOCAL;
    boolean needsSome = !needsNone && policy != MPOL_PREFERRED;
    if ((nodes & ~1) != 0 || needsNone && nodes != 0 || needsSome && nodes == 0) {
      return -Errno.EINVAL;
    }
    task.settings.memoryPolicy = policy == MPOL_PREFERRED && nodes == 0 ? MPOL_LOCAL : policy;
    return 0;
  }
}
