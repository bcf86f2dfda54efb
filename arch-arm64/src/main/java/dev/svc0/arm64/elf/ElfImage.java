package dev.svc0.arm64.elf;

import dev.svc0.runtime.abi.Elf;
import dev.svc0.runtime.abi.Elf64EhdrLayout;
import dev.svc0.runtime.abi.Elf64PhdrLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.task.KernelRead;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The header and program headers of an ELF file, checked. */
final class ElfImage {
  private static final int MAX_HEADERS_BYTES = 65536;
  private static final int MAGIC_BYTES = 4;

  /**
   * One program header.
   *
   * @param type PT_
   * @param flags PF_ bits
   */
  record Segment(int type, int flags, long offset, long address, long fileBytes, long memoryBytes) {
    boolean loads() {
      return type == Elf.PT_LOAD;
    }
  }

  final File file;
  final int type;
  final long entry;
  final long headersOffset;
  final Segment[] segments;

  private ElfImage(File file, ByteBuffer header, Segment[] segments) {
    this.file = file;
    this.type = Short.toUnsignedInt(header.getShort(Elf64EhdrLayout.e_type));
    this.entry = header.getLong(Elf64EhdrLayout.e_entry);
    this.headersOffset = header.getLong(Elf64EhdrLayout.e_phoff);
    this.segments = segments;
  }

  /** Whether the bytes begin like an ELF file. */
  static boolean hasMagic(byte[] start) {
    return start[0] == Elf.ELFMAG0
        && start[1] == Elf.ELFMAG1
        && start[2] == Elf.ELFMAG2
        && start[MAGIC_BYTES - 1] == Elf.ELFMAG3;
  }

  /**
   * Parses a file that begins with the given bytes.
   *
   * @param error −errno in [0] when the result is null: −ENOEXEC for what is no program, −EIO for a
   *     file that is shorter than it says
   */
  static @Nullable ElfImage parse(Task task, File file, byte[] start, long[] error) {
    ByteBuffer header = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    int type = Short.toUnsignedInt(header.getShort(Elf64EhdrLayout.e_type));
    int count = Short.toUnsignedInt(header.getShort(Elf64EhdrLayout.e_phnum));
    int bytes = count * Elf64PhdrLayout.SIZE;
    error[0] = -Errno.ENOEXEC;
    if (!hasMagic(start)
        || start[Elf.EI_CLASS] != Elf.ELFCLASS64
        || start[Elf.EI_DATA] != Elf.ELFDATA2LSB
        || type != Elf.ET_EXEC && type != Elf.ET_DYN
        || Short.toUnsignedInt(header.getShort(Elf64EhdrLayout.e_machine)) != Elf.EM_AARCH64
        || Short.toUnsignedInt(header.getShort(Elf64EhdrLayout.e_phentsize)) != Elf64PhdrLayout.SIZE
        || bytes == 0
        || bytes > MAX_HEADERS_BYTES) {
      return null;
    }
    long offset = header.getLong(Elf64EhdrLayout.e_phoff);
    byte[] table = new byte[bytes];
    long got = offset < 0 ? -Errno.EINVAL : KernelRead.read(task, file, offset, table, bytes);
    if (got != bytes) {
      error[0] = got < 0 ? got : -Errno.EIO;
      return null;
    }
    error[0] = 0;
    return new ElfImage(file, header, segments(table, count));
  }

  private static Segment[] segments(byte[] table, int count) {
    ByteBuffer headers = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
    Segment[] segments = new Segment[count];
    for (int i = 0; i < count; i++) {
      int at = i * Elf64PhdrLayout.SIZE;
      segments[i] =
          new Segment(
              headers.getInt(at + Elf64PhdrLayout.p_type),
              headers.getInt(at + Elf64PhdrLayout.p_flags),
              headers.getLong(at + Elf64PhdrLayout.p_offset),
              headers.getLong(at + Elf64PhdrLayout.p_vaddr),
              headers.getLong(at + Elf64PhdrLayout.p_filesz),
              headers.getLong(at + Elf64PhdrLayout.p_memsz));
    }
    return segments;
  }

  @Nullable Segment find(int wanted) {
    for (Segment segment : segments) {
      if (segment.type == wanted) {
        return segment;
      }
    }
    return null;
  }

  /** The address of the program headers when loaded with bias 0; 0 when they are not loaded. */
  long headersAddress() {
    for (Segment segment : segments) {
      if (segment.loads()
          && segment.offset <= headersOffset
          && headersOffset < segment.offset + segment.fileBytes) {
        return headersOffset - segment.offset + segment.address;
      }
    }
    return 0;
  }
}
