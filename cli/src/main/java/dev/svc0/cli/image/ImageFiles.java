package dev.svc0.cli.image;

import static dev.svc0.arm64.Arm64TableNumbers.*;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.arm64.machine.JavaProgram;
import dev.svc0.runtime.abi.Dirent64Layout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.StatLayout;
import dev.svc0.runtime.abi.TimespecLayout;
import dev.svc0.runtime.syscall.SyscallResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files inside a machine, reached with system calls as any program would. Used by the thread that
 * made it. A method that fails says which file and which errno.
 */
public final class ImageFiles implements AutoCloseable {
  private static final int BUFFER = 1 << 18;
  private static final int PATH_BYTES = 4096;
  private static final int ZERO_BLOCK = 4096;
  private static final int NOFOLLOW = Fcntl.AT_SYMLINK_NOFOLLOW;

  private final JavaProgram program;
  private final long buffer;
  private final long firstPath;
  private final long secondPath;
  private final long small;
  private final byte[] chunk = new byte[BUFFER];

  /** Of a machine. */
  public ImageFiles(Arm64Machine machine) {
    program = new JavaProgram(machine);
    buffer = program.allocate(BUFFER);
    firstPath = program.allocate(PATH_BYTES);
    secondPath = program.allocate(PATH_BYTES);
    small = program.allocate(1024);
    program.svc(__NR_umask, 0);
  }

  private long path(long at, String text) throws IOException {
    byte[] plain = (text + '\0').getBytes(StandardCharsets.ISO_8859_1);
    if (plain.length > PATH_BYTES) {
      throw failed(text.substring(0, 64) + "...", -Errno.ENAMETOOLONG);
    }
    program.memory().writeBytes(at, plain);
    return at;
  }

  private static IOException failed(String path, long result) {
    int errno = (int) -result;
    String name = Errno.nameOf(errno);
    String words =
        switch (errno) {
          case Errno.ENOENT -> "there is no such file or folder in the image";
          case Errno.ENOSPC -> "the image is full";
          case Errno.EROFS -> "the image is mounted read-only";
          case Errno.EEXIST -> "there is one already";
          case Errno.ENOTDIR -> "a part of the path is not a folder";
          case Errno.EISDIR -> "it is a folder";
          case Errno.ENOTEMPTY -> "the folder is not empty";
          case Errno.EUCLEAN, Errno.EBADMSG, Errno.EIO ->
              "the image is damaged there; svc0 image check says more";
          case Errno.ENAMETOOLONG -> "the name is too long";
          default -> null;
        };
    return new ImageException(
        display(path) + ": " + (words == null ? name : words + " (" + name + ")"));
  }

  /** A name of the image as people read it. */
  public static String display(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static long checked(String path, long result) throws IOException {
    if (SyscallResult.isError(result)) {
      throw failed(path, result);
    }
    return result;
  }

  private long open(String path, int flags, int mode) throws IOException {
    return program.svc(__NR_openat, Fcntl.AT_FDCWD, path(firstPath, path), flags, mode);
  }

  /** The first bytes of a file, or null when it cannot be read. */
  public byte @Nullable [] head(String path, int bytes) throws IOException {
    long fd = open(path, Fcntl.O_RDONLY, 0);
    if (fd < 0) {
      return null;
    }
    long got = program.svc(__NR_read, fd, buffer, Math.min(bytes, BUFFER));
    program.svc(__NR_close, fd);
    return got < 0 ? null : program.memory().readBytes(buffer, (int) got);
  }

  /** A small file as a whole, or null when it cannot be read. */
  byte @Nullable [] readSmall(String path) throws IOException {
    return head(path, BUFFER);
  }

  /** Copies a file out. */
  public void read(String path, OutputStream to) throws IOException {
    long fd = checked(path, open(path, Fcntl.O_RDONLY, 0));
    try {
      for (int got = readChunk(path, fd); got > 0; got = readChunk(path, fd)) {
        to.write(chunk, 0, got);
      }
    } finally {
      program.svc(__NR_close, fd);
    }
  }

  private int readChunk(String path, long fd) throws IOException {
    int got = (int) checked(path, program.svc(__NR_read, fd, buffer, BUFFER));
    program.memory().copyFromUser(chunk, 0, buffer, got);
    return got;
  }

  /** Copies a file in, replacing the contents of what is there. */
  public void write(String path, InputStream from, int mode) throws IOException {
    long fd = checked(path, open(path, Fcntl.O_WRONLY | Fcntl.O_CREAT | Fcntl.O_TRUNC, mode));
    try {
      for (int got = from.read(chunk); got >= 0; got = from.read(chunk)) {
        writeChunk(path, fd, 0, got);
      }
    } finally {
      program.svc(__NR_close, fd);
    }
  }

  /** The same, leaving out blocks of zeroes, so that they take no room. */
  void writeSparse(String path, InputStream from, int mode) throws IOException {
    long fd = checked(path, open(path, Fcntl.O_WRONLY | Fcntl.O_CREAT | Fcntl.O_TRUNC, mode));
    try {
      long size = 0;
      for (int got = fill(from); got > 0; got = fill(from)) {
        for (int at = 0; at < got; at += ZERO_BLOCK) {
          int end = Math.min(got, at + ZERO_BLOCK);
          if (!isZero(chunk, at, end)) {
            program.svc(__NR_lseek, fd, size + at, FsConstants.SEEK_SET);
            writeChunk(path, fd, at, end);
          }
        }
        size += got;
      }
      checked(path, program.svc(__NR_ftruncate, fd, size));
    } finally {
      program.svc(__NR_close, fd);
    }
  }

  private int fill(InputStream from) throws IOException {
    return from.readNBytes(chunk, 0, BUFFER);
  }

  static boolean isZero(byte[] bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void writeChunk(String path, long fd, int from, int end) throws IOException {
    program.memory().copyToUser(buffer, chunk, from, end - from);
    long left = end - from;
    for (long done = 0; done < left; ) {
      done += checked(path, program.svc(__NR_write, fd, buffer + done, left - done));
    }
  }

  /** Creates a folder. */
  public void makeFolder(String path, int mode) throws IOException {
    checked(path, program.svc(__NR_mkdirat, Fcntl.AT_FDCWD, path(firstPath, path), mode));
  }

  /** Creates a folder and those above it, unless they are there. */
  public void makeFolders(String path) throws IOException {
    for (int slash = path.indexOf('/', 1); ; slash = path.indexOf('/', slash + 1)) {
      String part = slash < 0 ? path : path.substring(0, slash);
      if (!part.isEmpty() && !part.equals("/") && !isFolder(part)) {
        makeFolder(part, 0755);
      }
      if (slash < 0) {
        return;
      }
    }
  }

  /** Whether a path, its links followed, leads to a folder. */
  public boolean isFolder(String path) throws IOException {
    FileStat there = stat(path, 0);
    return there != null && there.isFolder();
  }

  /** Removes a file, or an empty folder. */
  public void remove(String path) throws IOException {
    long name = path(firstPath, path);
    long result = program.svc(__NR_unlinkat, Fcntl.AT_FDCWD, name, 0);
    if (result == -Errno.EISDIR) {
      result = program.svc(__NR_unlinkat, Fcntl.AT_FDCWD, name, Fcntl.AT_REMOVEDIR);
    }
    checked(path, result);
  }

  /** Removes a file, or a folder with everything in it. */
  public void removeTree(String path) throws IOException {
    if (lstat(path).isFolder()) {
      for (String name : list(path)) {
        removeTree(join(path, name));
      }
    }
    remove(path);
  }

  void symlink(String target, String path) throws IOException {
    checked(
        path,
        program.svc(
            __NR_symlinkat, path(secondPath, target), Fcntl.AT_FDCWD, path(firstPath, path)));
  }

  void link(String existing, String path) throws IOException {
    checked(
        path,
        program.svc(
            __NR_linkat,
            Fcntl.AT_FDCWD,
            path(secondPath, existing),
            Fcntl.AT_FDCWD,
            path(firstPath, path),
            0));
  }

  /** Creates a device node, a pipe or a socket. */
  void makeNode(String path, int mode, long device) throws IOException {
    checked(path, program.svc(__NR_mknodat, Fcntl.AT_FDCWD, path(firstPath, path), mode, device));
  }

  void chown(String path, long uid, long gid) throws IOException {
    checked(
        path,
        program.svc(__NR_fchownat, Fcntl.AT_FDCWD, path(firstPath, path), uid, gid, NOFOLLOW));
  }

  /** Sets permissions; of no symbolic link. */
  void chmod(String path, int mode) throws IOException {
    checked(path, program.svc(__NR_fchmodat, Fcntl.AT_FDCWD, path(firstPath, path), mode));
  }

  /** Sets access and modification time, of a link itself. */
  void setTime(String path, long seconds, long nanos) throws IOException {
    for (int i = 0; i < 2; i++) {
      long at = small + (long) i * TimespecLayout.SIZE;
      program.memory().writeLong(at + TimespecLayout.tv_sec, seconds);
      program.memory().writeLong(at + TimespecLayout.tv_nsec, nanos);
    }
    checked(
        path, program.svc(__NR_utimensat, Fcntl.AT_FDCWD, path(firstPath, path), small, NOFOLLOW));
  }

  void setXattr(String path, String name, byte[] value) throws IOException {
    if (value.length > BUFFER) {
      throw failed(path, -Errno.E2BIG);
    }
    program.memory().writeBytes(buffer, value);
    checked(
        path + " (attribute " + name + ")",
        program.svc(
            __NR_lsetxattr,
            path(firstPath, path),
            path(secondPath, name),
            buffer,
            value.length,
            0));
  }

  /** Names of the extended attributes. */
  List<String> xattrs(String path) throws IOException {
    long bytes = program.svc(__NR_llistxattr, path(firstPath, path), buffer, BUFFER);
    if (bytes == -Errno.EOPNOTSUPP) {
      return List.of();
    }
    String all =
        new String(
            program.memory().readBytes(buffer, (int) checked(path, bytes)),
            StandardCharsets.ISO_8859_1);
    return all.isEmpty() ? List.of() : Arrays.asList(all.split("\0"));
  }

  byte[] xattr(String path, String name) throws IOException {
    long bytes =
        program.svc(__NR_lgetxattr, path(firstPath, path), path(secondPath, name), buffer, BUFFER);
    return program.memory().readBytes(buffer, (int) checked(path, bytes));
  }

  /** What a symbolic link says. */
  public String readLink(String path) throws IOException {
    long bytes =
        program.svc(__NR_readlinkat, Fcntl.AT_FDCWD, path(firstPath, path), buffer, PATH_BYTES);
    return new String(
        program.memory().readBytes(buffer, (int) checked(path, bytes)),
        StandardCharsets.ISO_8859_1);
  }

  /** What is known about a file; about a link itself. */
  public FileStat lstat(String path) throws IOException {
    FileStat found = stat(path, NOFOLLOW);
    if (found == null) {
      throw failed(path, -Errno.ENOENT);
    }
    return found;
  }

  /** The same, or null when there is no such file. */
  @Nullable FileStat find(String path) throws IOException {
    return stat(path, NOFOLLOW);
  }

  private @Nullable FileStat stat(String path, int flags) throws IOException {
    long at = small;
    long result = program.svc(__NR_newfstatat, Fcntl.AT_FDCWD, path(firstPath, path), at, flags);
    if (result == -Errno.ENOENT) {
      return null;
    }
    checked(path, result);
    var memory = program.memory();
    return new FileStat(
        memory.readLong(at + StatLayout.st_ino),
        memory.readInt(at + StatLayout.st_mode),
        memory.readInt(at + StatLayout.st_nlink) & 0xffffffffL,
        memory.readInt(at + StatLayout.st_uid) & 0xffffffffL,
        memory.readInt(at + StatLayout.st_gid) & 0xffffffffL,
        memory.readLong(at + StatLayout.st_size),
        memory.readLong(at + StatLayout.st_blocks),
        memory.readLong(at + StatLayout.st_rdev),
        memory.readLong(at + StatLayout.st_mtime),
        memory.readLong(at + StatLayout.st_mtime_nsec));
  }

  /** The names in a folder, without {@code .} and {@code ..}, sorted. */
  public List<String> list(String path) throws IOException {
    long fd = checked(path, open(path, Fcntl.O_RDONLY | Fcntl.O_DIRECTORY, 0));
    List<String> names = new ArrayList<>();
    try {
      while (true) {
        long bytes = checked(path, program.svc(__NR_getdents64, fd, buffer, BUFFER));
        if (bytes == 0) {
          break;
        }
        addNames(program.memory().readBytes(buffer, (int) bytes), names);
      }
    } finally {
      program.svc(__NR_close, fd);
    }
    names.sort(Comparator.naturalOrder());
    return names;
  }

  private static void addNames(byte[] records, List<String> names) {
    ByteBuffer view = ByteBuffer.wrap(records).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < records.length; ) {
      int begin = at + Dirent64Layout.d_name;
      int end = begin;
      while (records[end] != 0) {
        end++;
      }
      String name = new String(records, begin, end - begin, StandardCharsets.ISO_8859_1);
      if (!name.equals(".") && !name.equals("..")) {
        names.add(name);
      }
      at += view.getShort(at + Dirent64Layout.d_reclen) & 0xffff;
    }
  }

  /** A name in a folder. */
  public static String join(String folder, String name) {
    return folder.endsWith("/") ? folder + name : folder + "/" + name;
  }

  @Override
  public void close() {
    program.close();
  }
}
