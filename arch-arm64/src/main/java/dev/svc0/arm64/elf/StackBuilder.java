package dev.svc0.arm64.elf;

import dev.svc0.runtime.abi.Auxv;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.task.LinuxBinprm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a program finds on its stack: argument count, argument pointers, environment pointers, the
 * auxiliary vector, then the strings. Built downwards from the top. <i>Linux:</i> {@code
 * create_elf_tables}.
 */
final class StackBuilder {
  private static final int STACK_ALIGN = 16;

  private final MemoryManager mm;
  private final List<long[]> auxv = new ArrayList<>();
  private long at;

  long argStart;
  long argEnd;
  long envStart;
  long envEnd;
  byte[] auxvBytes = new byte[0];

  /** Starts below the given address. */
  StackBuilder(MemoryManager mm, long top) {
    this.mm = mm;
    this.at = top - Long.BYTES;
  }

  /** Adds an entry of the auxiliary vector. */
  void auxv(long type, long value) {
    auxv.add(new long[] {type, value});
  }

  /** Pushes bytes; their address. */
  long push(byte[] bytes) {
    at -= bytes.length;
    mm.writeBytes(at, bytes);
    return at;
  }

  long pushString(String text) {
    byte[] bytes = new byte[text.length() + 1];
    byte[] plain = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(plain, 0, bytes, 0, plain.length);
    return push(bytes);
  }

  private long[] pushAll(List<String> strings) {
    long[] addresses = new long[strings.size()];
    for (int i = addresses.length - 1; i >= 0; i--) {
      addresses[i] = pushString(strings.get(i));
    }
    return addresses;
  }

  private long filename;
  private long[] arguments = new long[0];
  private long[] environment = new long[0];

  /** Pushes the strings of the program: they end up highest. */
  void pushStrings(LinuxBinprm bprm) {
    filename = pushString(bprm.filename());
    envEnd = at;
    environment = pushAll(bprm.environment());
    envStart = at;
    argEnd = at;
    arguments = pushAll(bprm.arguments());
    argStart = at;
    at &= -STACK_ALIGN;
  }

  /** Address of the path given to execve. */
  long filename() {
    return filename;
  }

  /** Pushes the pointers and the auxiliary vector; the stack pointer, or −EFAULT. */
  long finish() {
    auxv(Auxv.AT_NULL, 0);
    auxvBytes = new byte[auxv.size() * 2 * Long.BYTES];
    ByteBuffer vector = ByteBuffer.wrap(auxvBytes).order(ByteOrder.LITTLE_ENDIAN);
    auxv.forEach(entry -> vector.putLong(entry[0]).putLong(entry[1]));
    int words = 1 + arguments.length + 1 + environment.length + 1;
    ByteBuffer table =
        ByteBuffer.allocate(words * Long.BYTES + auxvBytes.length).order(ByteOrder.LITTLE_ENDIAN);
    table.putLong(arguments.length);
    for (long address : arguments) {
      table.putLong(address);
    }
    table.putLong(0);
    for (long address : environment) {
      table.putLong(address);
    }
    table.putLong(0);
    table.put(auxvBytes);
    at = (at - table.capacity()) & -STACK_ALIGN;
    try {
      mm.writeBytes(at, table.array());
    } catch (UserFault fault) {
      return -Errno.EFAULT;
    }
    return at;
  }
}
