package dev.svc0.cli;

import dev.svc0.arm64.Arm64TableNumbers;
import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.runtime.abi.Dirent64Layout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.syscall.SyscallResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files inside a machine, reached with system calls as any program would. */
final class GuestFiles implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final JavaProgram program;
  private final long buffer;

  GuestFiles(Arm64Machine machine) {
    program = new JavaProgram(machine);
    buffer = program.allocate(BUFFER);
  }

  /** The first bytes of a file, or null when it cannot be read. */
  static byte @Nullable [] head(Arm64Machine machine, String path, int bytes) {
    try (GuestFiles files = new GuestFiles(machine)) {
      long fd = files.open(path, Fcntl.O_RDONLY, 0);
      if (fd < 0) {
        return null;
      }
      long got = files.program.svc(Arm64TableNumbers.__NR_read, fd, files.buffer, bytes);
      return got < 0 ? null : files.program.memory().readBytes(files.buffer, (int) got);
    }
  }

  private long open(String path, int flags, int mode) {
    return program.svc(
        Arm64TableNumbers.__NR_openat, Fcntl.AT_FDCWD, program.string(path), flags, mode);
  }

  private static long checked(String path, long result) {
    if (SyscallResult.isError(result)) {
      throw new CommandException(1, path + ": " + Errno.nameOf((int) -result));
    }
    return result;
  }

  /** Copies a file out. */
  void read(String path, OutputStream to) throws IOException {
    long fd = checked(path, open(path, Fcntl.O_RDONLY, 0));
    while (true) {
      long got = checked(path, program.svc(Arm64TableNumbers.__NR_read, fd, buffer, BUFFER));
      if (got == 0) {
        break;
      }
      to.write(program.memory().readBytes(buffer, (int) got));
    }
    program.svc(Arm64TableNumbers.__NR_close, fd);
  }

  /** Copies a file in, replacing what is there. */
  void write(String path, InputStream from, int mode) throws IOException {
    long fd = checked(path, open(path, Fcntl.O_WRONLY | Fcntl.O_CREAT | Fcntl.O_TRUNC, mode));
    byte[] chunk = new byte[BUFFER];
    for (int got = from.read(chunk); got >= 0; got = from.read(chunk)) {
      program.memory().copyToUser(buffer, chunk, 0, got);
      for (long done = 0; done < got; ) {
        done +=
            checked(path, program.svc(Arm64TableNumbers.__NR_write, fd, buffer + done, got - done));
      }
    }
    checked(path, program.svc(Arm64TableNumbers.__NR_close, fd));
  }

  /** Creates a folder. */
  void makeFolder(String path) {
    checked(
        path,
        program.svc(Arm64TableNumbers.__NR_mkdirat, Fcntl.AT_FDCWD, program.string(path), 0755));
  }

  /** Removes a file, or an empty folder. */
  void remove(String path) {
    long name = program.string(path);
    long result = program.svc(Arm64TableNumbers.__NR_unlinkat, Fcntl.AT_FDCWD, name, 0);
    if (result == -Errno.EISDIR) {
      result =
          program.svc(Arm64TableNumbers.__NR_unlinkat, Fcntl.AT_FDCWD, name, Fcntl.AT_REMOVEDIR);
    }
    checked(path, result);
  }

  /**
   * One name in a folder.
   *
   * @param type DT_ value
   */
  record Entry(String name, long inode, int type, long size, int mode, long mtime) {}

  /** What is in a folder, without {@code .} and {@code ..}, in the order of the names. */
  List<Entry> list(String path) {
    long fd = checked(path, open(path, Fcntl.O_RDONLY | Fcntl.O_DIRECTORY, 0));
    List<Entry> result = new ArrayList<>();
    while (true) {
      long bytes =
          checked(path, program.svc(Arm64TableNumbers.__NR_getdents64, fd, buffer, BUFFER));
      if (bytes == 0) {
        break;
      }
      byte[] records = program.memory().readBytes(buffer, (int) bytes);
      parse(path, records, result);
    }
    program.svc(Arm64TableNumbers.__NR_close, fd);
    result.sort((a, b) -> a.name().compareTo(b.name()));
    return result;
  }

  private void parse(String folder, byte[] records, List<Entry> result) {
    var view = java.nio.ByteBuffer.wrap(records).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < records.length; ) {
      int length = view.getShort(at + Dirent64Layout.d_reclen) & 0xffff;
      int end = at + Dirent64Layout.d_name;
      while (records[end] != 0) {
        end++;
      }
      String name =
          new String(
              records,
              at + Dirent64Layout.d_name,
              end - at - Dirent64Layout.d_name,
              java.nio.charset.StandardCharsets.ISO_8859_1);
      if (!name.equals(".") && !name.equals("..")) {
        result.add(
            entry(
                folder,
                name,
                view.getLong(at + Dirent64Layout.d_ino),
                records[at + Dirent64Layout.d_type]));
      }
      at += length;
    }
  }

  private Entry entry(String folder, String name, long inode, int type) {
    long stat = program.allocate(dev.svc0.runtime.abi.StatLayout.SIZE);
    String path = folder.endsWith("/") ? folder + name : folder + "/" + name;
    checked(
        path,
        program.svc(
            Arm64TableNumbers.__NR_newfstatat,
            Fcntl.AT_FDCWD,
            program.string(path),
            stat,
            Fcntl.AT_SYMLINK_NOFOLLOW));
    return new Entry(
        name,
        inode,
        type,
        program.memory().readLong(stat + dev.svc0.runtime.abi.StatLayout.st_size),
        program.memory().readInt(stat + dev.svc0.runtime.abi.StatLayout.st_mode),
        program.memory().readLong(stat + dev.svc0.runtime.abi.StatLayout.st_mtime));
  }

  @Override
  public void close() {
    program.close();
  }
}
