package dev.svc0.runtime.syscall.decode;

import dev.svc0.runtime.abi.CloneArgsLayout;
import dev.svc0.runtime.abi.CloneFlags;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arguments of clone3(2): those that the flags ask for. */
final class CloneText {
  static final String STRUCT = "struct clone_args";

  private CloneText() {}

  /** The struct at an address; null when it cannot be read. */
  static @Nullable String show(Bytes memory, long address) {
    byte[] read = memory.all(address, (int) CloneFlags.CLONE_ARGS_SIZE_VER0);
    if (read == null) {
      return null;
    }
    long flags = number(read, CloneArgsLayout.flags);
    List<String> fields = new ArrayList<>();
    fields.add("flags=" + Constants.of("clone:CLONE_").flags(flags));
    if ((flags & CloneFlags.CLONE_PIDFD) != 0) {
      fields.add("pidfd=" + address(read, CloneArgsLayout.pidfd));
    }
    if ((flags & (CloneFlags.CLONE_CHILD_SETTID | CloneFlags.CLONE_CHILD_CLEARTID)) != 0) {
      fields.add("child_tid=" + address(read, CloneArgsLayout.child_tid));
    }
    if ((flags & CloneFlags.CLONE_PARENT_SETTID) != 0) {
      fields.add("parent_tid=" + address(read, CloneArgsLayout.parent_tid));
    }
    fields.add("exit_signal=" + Constants.signal(number(read, CloneArgsLayout.exit_signal)));
    fields.add("stack=" + address(read, CloneArgsLayout.stack));
    long stack = number(read, CloneArgsLayout.stack_size);
    fields.add("stack_size=" + (stack == 0 ? "0" : "0x" + Long.toHexString(stack)));
    if ((flags & CloneFlags.CLONE_SETTLS) != 0) {
      fields.add("tls=" + address(read, CloneArgsLayout.tls));
    }
    return "{" + String.join(", ", fields) + "}";
  }

  private static long number(byte[] read, int offset) {
    return Bytes.number(read, offset, Long.BYTES, false);
  }

  private static String address(byte[] read, int offset) {
    return ArgumentDecoder.address(number(read, offset));
  }
}
