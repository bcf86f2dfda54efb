package dev.svc0.cli;

import dev.svc0.runtime.abi.Elf64EhdrLayout;
import dev.svc0.runtime.abi.Elf64PhdrLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in words what kind of file a program is, for messages. The kernel decides by itself. */
final class ElfCheck {
  /** How much of a file is looked at. */
  static final int HEAD_BYTES = 4096;

  private static final int EM_AARCH64 = 183;
  private static final int ET_EXEC = 2;
  private static final int ET_DYN = 3;
  private static final int PT_INTERP = 3;
  private static final Map<Integer, String> MACHINES =
      Map.of(
          3, "32-bit x86",
          8, "MIPS",
          20, "PowerPC",
          21, "64-bit PowerPC",
          22, "s390",
          40, "32-bit Arm",
          62, "x86-64",
          243, "RISC-V",
          258, "LoongArch");

  private ElfCheck() {}

  /** Stops with a clear sentence when a host file cannot run. */
  static void requireRunnable(Path file) {
    byte[] head = GuestProgram.headOf(file, HEAD_BYTES);
    String reason = explain(head);
    if (reason != null && !(head.length > 2 && head[0] == '#' && head[1] == '!')) {
      throw new CommandException(
          CommandException.CANNOT_EXECUTE, "cannot run " + file + ": " + reason);
    }
    String interpreter = interpreter(head);
    if (interpreter != null) {
      throw new CommandException(
          CommandException.CANNOT_EXECUTE,
          "cannot run " + file + " by itself: " + needs(interpreter, GuestProgram.mapped(file)));
    }
  }

  /** What a dynamic program lacks, and where it comes from. */
  static String needs(String interpreter, ByteBuffer elf) {
    List<String> names =
        SharedLibraries.of(elf).stream().filter(name -> !interpreter.endsWith("/" + name)).toList();
    return "it needs "
        + interpreter
        + (names.isEmpty() ? " and shared libraries" : " and " + String.join(", ", names))
        + "; make a root that has them, for example: svc0 image import-debs root.img --fetch libc6,"
        + " then svc0 run --root root.img --bind HOST:/GUEST /GUEST; or use a statically linked"
        + " program";
  }

  /** Why it is no arm64 program; null when it is one. */
  static @Nullable String explain(byte[] head) {
    if (head.length < Elf64EhdrLayout.SIZE
        || head[0] != 0x7f
        || head[1] != 'E'
        || head[2] != 'L'
        || head[3] != 'F') {
      return head.length > 2 && head[0] == '#' && head[1] == '!'
          ? "it is a script, and the interpreter in its first line cannot be run"
          : "it is no ELF program (svc0 runs arm64 Linux programs)";
    }
    ByteBuffer elf = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int machine = elf.getShort(Elf64EhdrLayout.e_machine) & 0xffff;
    if (machine != EM_AARCH64) {
      return "it is a program for "
          + MACHINES.getOrDefault(machine, "another machine (ELF number " + machine + ")")
          + "; svc0 runs programs for arm64 (AArch64)";
    }
    int type = elf.getShort(Elf64EhdrLayout.e_type);
    return type == ET_EXEC || type == ET_DYN
        ? null
        : "it is an arm64 ELF file, but no executable one (an object file or a core dump)";
  }

  /** The interpreter a dynamic program asks for; null when there is none. */
  static @Nullable String interpreter(byte[] head) {
    if (explain(head) != null) {
      return null;
    }
    ByteBuffer elf = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    long table = elf.getLong(Elf64EhdrLayout.e_phoff);
    int entries = elf.getShort(Elf64EhdrLayout.e_phnum) & 0xffff;
    for (int i = 0; i < entries; i++) {
      long at = table + (long) i * Elf64PhdrLayout.SIZE;
      if (at < 0 || at + Elf64PhdrLayout.SIZE > head.length) {
        return null;
      }
      int base = (int) at;
      if (elf.getInt(base + Elf64PhdrLayout.p_type) == PT_INTERP) {
        long offset = elf.getLong(base + Elf64PhdrLayout.p_offset);
        long bytes = elf.getLong(base + Elf64PhdrLayout.p_filesz);
        return offset >= 0 && bytes > 1 && bytes < 4096 && offset + bytes <= head.length
            ? new String(head, (int) offset, (int) bytes - 1, StandardCharsets.ISO_8859_1)
            : null;
      }
    }
    return null;
  }
}
