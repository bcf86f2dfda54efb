package dev.svc0.fs.conformance;

import static dev.svc0.fs.conformance.ScriptTableNumbers.__NR_dup3;
import static dev.svc0.fs.conformance.ScriptTableNumbers.__NR_faccessat2;
import static dev.svc0.fs.conformance.ScriptTableNumbers.__NR_linkat;
import static dev.svc0.fs.conformance.ScriptTableNumbers.__NR_pipe2;
import static dev.svc0.fs.conformance.ScriptTableNumbers.__NR_renameat2;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FlockLayout;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.OpenHowLayout;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.abi.StatLayout;
import dev.svc0.runtime.calls.AttributeCalls;
import dev.svc0.runtime.calls.DirectoryCalls;
import dev.svc0.runtime.calls.FileCalls;
import dev.svc0.runtime.calls.NameCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.calls.StatCalls;
import dev.svc0.runtime.calls.SyncCalls;
import dev.svc0.runtime.calls.XattrCalls;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.syscall.SyscallRegisters;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Attributes;
import dev.svc0.runtime.vfs.Cred;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;

/** Makes the calls of a recorded script, and says what came of each in the recorder's words. */
final class Script {
  private static final ScriptTableDispatch TABLE = new ScriptTableDispatch();
  private static final int CWD = Fcntl.AT_FDCWD;
  private static final int NO_FD = 900;
  private static final long BAD_ADDRESS = 16;

  private static final Map<String, Long> NAMES =
      Map.ofEntries(
          Map.entry("O_RDONLY", (long) Fcntl.O_RDONLY),
          Map.entry("O_WRONLY", (long) Fcntl.O_WRONLY),
          Map.entry("O_RDWR", (long) Fcntl.O_RDWR),
          Map.entry("O_ACCMODE", (long) Fcntl.O_ACCMODE),
          Map.entry("O_CREAT", (long) Fcntl.O_CREAT),
          Map.entry("O_EXCL", (long) Fcntl.O_EXCL),
          Map.entry("O_TRUNC", (long) Fcntl.O_TRUNC),
          Map.entry("O_APPEND", (long) Fcntl.O_APPEND),
          Map.entry("O_NONBLOCK", (long) Fcntl.O_NONBLOCK),
          Map.entry("O_DIRECTORY", (long) Fcntl.O_DIRECTORY),
          Map.entry("O_NOFOLLOW", (long) Fcntl.O_NOFOLLOW),
          Map.entry("O_PATH", (long) Fcntl.O_PATH),
          Map.entry("O_TMPFILE", (long) Fcntl.O_TMPFILE),
          Map.entry("O_NOATIME", (long) Fcntl.O_NOATIME),
          Map.entry("O_SYNC", (long) Fcntl.O_SYNC),
          Map.entry("O_DIRECT", (long) Fcntl.O_DIRECT),
          Map.entry("O_CLOEXEC", (long) Fcntl.O_CLOEXEC),
          Map.entry("SEEK_SET", (long) FsConstants.SEEK_SET),
          Map.entry("SEEK_CUR", (long) FsConstants.SEEK_CUR),
          Map.entry("SEEK_END", (long) FsConstants.SEEK_END),
          Map.entry("SEEK_DATA", (long) FsConstants.SEEK_DATA),
          Map.entry("SEEK_HOLE", (long) FsConstants.SEEK_HOLE),
          Map.entry("RENAME_NOREPLACE", (long) FsConstants.RENAME_NOREPLACE),
          Map.entry("RENAME_EXCHANGE", (long) FsConstants.RENAME_EXCHANGE),
          Map.entry("RENAME_WHITEOUT", (long) FsConstants.RENAME_WHITEOUT),
          Map.entry("XATTR_CREATE", (long) FsConstants.XATTR_CREATE),
          Map.entry("XATTR_REPLACE", (long) FsConstants.XATTR_REPLACE),
          Map.entry("AT_SYMLINK_NOFOLLOW", (long) Fcntl.AT_SYMLINK_NOFOLLOW),
          Map.entry("AT_SYMLINK_FOLLOW", (long) Fcntl.AT_SYMLINK_FOLLOW),
          Map.entry("AT_EACCESS", (long) Fcntl.AT_EACCESS),
          Map.entry("AT_REMOVEDIR", (long) Fcntl.AT_REMOVEDIR),
          Map.entry("AT_EMPTY_PATH", (long) Fcntl.AT_EMPTY_PATH),
          Map.entry("S_IFREG", (long) StatConstants.S_IFREG),
          Map.entry("S_IFIFO", (long) StatConstants.S_IFIFO),
          Map.entry("S_IFCHR", (long) StatConstants.S_IFCHR),
          Map.entry("S_IFDIR", (long) StatConstants.S_IFDIR),
          Map.entry("S_IFSOCK", (long) StatConstants.S_IFSOCK),
          Map.entry("S_IFLNK", (long) StatConstants.S_IFLNK),
          Map.entry("KEEP_SIZE", (long) FsConstants.FALLOC_FL_KEEP_SIZE),
          Map.entry("PUNCH_HOLE", (long) FsConstants.FALLOC_FL_PUNCH_HOLE),
          Map.entry("COLLAPSE", (long) FsConstants.FALLOC_FL_COLLAPSE_RANGE),
          Map.entry("ZERO", (long) FsConstants.FALLOC_FL_ZERO_RANGE),
          Map.entry("INSERT", (long) FsConstants.FALLOC_FL_INSERT_RANGE),
          Map.entry("R_OK", (long) Fcntl.R_OK),
          Map.entry("W_OK", (long) Fcntl.W_OK),
          Map.entry("X_OK", (long) Fcntl.X_OK),
          Map.entry("F_OK", (long) Fcntl.F_OK),
          Map.entry("LOCK_SH", (long) Fcntl.LOCK_SH),
          Map.entry("LOCK_EX", (long) Fcntl.LOCK_EX),
          Map.entry("LOCK_UN", (long) Fcntl.LOCK_UN),
          Map.entry("LOCK_NB", (long) Fcntl.LOCK_NB),
          Map.entry("RESOLVE_NO_XDEV", (long) Fcntl.RESOLVE_NO_XDEV),
          Map.entry("RESOLVE_NO_MAGICLINKS", (long) Fcntl.RESOLVE_NO_MAGICLINKS),
          Map.entry("RESOLVE_NO_SYMLINKS", (long) Fcntl.RESOLVE_NO_SYMLINKS),
          Map.entry("RESOLVE_BENEATH", (long) Fcntl.RESOLVE_BENEATH),
          Map.entry("RESOLVE_IN_ROOT", (long) Fcntl.RESOLVE_IN_ROOT),
          Map.entry("UTIME_NOW", (long) Attributes.UTIME_NOW),
          Map.entry("UTIME_OMIT", (long) Attributes.UTIME_OMIT));

  private final Machine machine;
  private final Task task;
  private final UserMemory memory;
  private final int[] vars = new int[26];
  private int cases;

  Script(Machine machine) {
    this.machine = machine;
    this.task = machine.task;
    this.memory = task.memory();
  }

  /** Starts in a fresh, empty directory with nothing open. */
  void startCase() {
    task.setCred(Cred.ROOT);
    task.files().closeAll(task);
    task.fs().umask = 022;
    task.signal().limits().set(Rlimits.RLIMIT_FSIZE, -1, -1);
    task.signal().limits().set(Rlimits.RLIMIT_NOFILE, 1024, 4096);
    machine.takeSignal();
    Arrays.fill(vars, NO_FD);
    for (int fd = 0; fd < 3; fd++) {
      OpenCalls.openat(task, CWD, machine.string("/std"), Fcntl.O_RDWR | Fcntl.O_CREAT, 0600);
    }
    NameCalls.mkdirat(task, CWD, machine.string("/tmp"), 0777);
    String directory = "/c" + cases++;
    NameCalls.mkdirat(task, CWD, machine.string(directory), 0777);
    AttributeCalls.fchmodat(task, CWD, machine.string(directory), 0777);
    DirectoryCalls.chdir(task, machine.string(directory));
  }

  private static long number(String word) {
    long sum = 0;
    for (String part : word.split("\\|")) {
      Long known = NAMES.get(part);
      sum |= known != null ? known : Long.decode(part);
    }
    return sum;
  }

  private static int octal(String word) {
    return Integer.parseInt(word, 8);
  }

  private int fd(String word) {
    if (word.equals("AT_FDCWD")) {
      return CWD;
    }
    return word.startsWith("%") ? vars[word.charAt(1) - 'a'] : Integer.parseInt(word);
  }

  /** As the recorder's: "" is empty, @N a name of N letters, ^N a path of N bytes. */
  private long path(String word) {
    String name = word;
    if (word.equals("\"\"")) {
      name = "";
    } else if (word.startsWith("@")) {
      String digits = word.substring(1).split("/")[0];
      name = "x".repeat(Integer.parseInt(digits));
    } else if (word.startsWith("^")) {
      int length = Integer.parseInt(word.substring(1));
      name = "./".repeat(length / 2 + 1).substring(0, length);
    }
    return machine.string(name);
  }

  private static String result(long value) {
    return value < 0 && value >= -4095 ? nameOf((int) -value) : Long.toString(value);
  }

  private static String nameOf(int errno) {
    return errno == Errno.EOPNOTSUPP ? "EOPNOTSUPP" : Errno.nameOf(errno);
  }

  private String opened(long result, String[] words, int at) {
    if (result < 0) {
      return result(result);
    }
    if (words.length > at) {
      vars[words[at].charAt(1) - 'a'] = (int) result;
    } else {
      OpenCalls.close(task, (int) result);
    }
    return "fd";
  }

  private String stat(long result) {
    if (result < 0) {
      return result(result);
    }
    long at = machine.buffer();
    int mode = memory.readInt(at + StatLayout.st_mode);
    boolean directory = (mode & StatConstants.S_IFMT) == StatConstants.S_IFDIR;
    return String.format(
        "%o nlink=%d uid=%d gid=%d size=%d",
        mode,
        memory.readInt(at + StatLayout.st_nlink),
        memory.readInt(at + StatLayout.st_uid),
        memory.readInt(at + StatLayout.st_gid),
        directory ? 0 : memory.readLong(at + StatLayout.st_size));
  }

  private String bytes(long result) {
    if (result < 0) {
      return result(result);
    }
    return result + ":" + machine.get(Math.min(result, 60)).split("\0", 2)[0];
  }

  private String list(String where) {
    long fd = OpenCalls.openat(task, CWD, path(where), Fcntl.O_RDONLY | Fcntl.O_DIRECTORY, 0);
    if (fd < 0) {
      return result(fd);
    }
    TreeSet<String> names = new TreeSet<>();
    long buffer = machine.buffer();
    for (long got; (got = DirectoryCalls.getdents64(task, (int) fd, buffer, 200)) > 0; ) {
      for (long at = 0; at < got; at += memory.readShort(buffer + at + 16)) {
        names.add(memory.readCString(buffer + at + 19, 255));
      }
    }
    OpenCalls.close(task, (int) fd);
    return String.join(",", names);
  }

  private long openat2(String[] w) {
    long how = machine.buffer();
    memory.writeLong(how + OpenHowLayout.flags, number(w[3]));
    memory.writeLong(how + OpenHowLayout.mode, octal(w[4]));
    memory.writeLong(how + OpenHowLayout.resolve, number(w[5]));
    return OpenCalls.openat2(task, fd(w[1]), path(w[2]), how, OpenHowLayout.SIZE);
  }

  private long ofdlock(String[] w) {
    long lock = machine.buffer();
    int type =
        switch (w[2]) {
          case "rd" -> Fcntl.F_RDLCK;
          case "wr" -> Fcntl.F_WRLCK;
          default -> Fcntl.F_UNLCK;
        };
    memory.writeShort(lock + FlockLayout.l_type, (short) type);
    memory.writeShort(lock + FlockLayout.l_whence, (short) 0);
    memory.writeLong(lock + FlockLayout.l_start, number(w[3]));
    memory.writeLong(lock + FlockLayout.l_len, number(w[4]));
    memory.writeInt(lock + FlockLayout.l_pid, 0);
    return OpenCalls.fcntl(task, fd(w[1]), Fcntl.F_OFD_SETLK, lock);
  }

  private String user(int uid, int gid) {
    task.setCred(Cred.of(uid, gid));
    return "0";
  }

  private long utimens(String[] w) {
    long at = machine.buffer();
    for (int i = 0; i < 4; i++) {
      memory.writeLong(at + 8L * i, number(w[2 + i]));
    }
    int flags = w.length > 6 ? (int) number(w[6]) : 0;
    return AttributeCalls.utimensat(task, CWD, path(w[1]), at, flags);
  }

  private String times(String name) {
    long result = StatCalls.newfstatat(task, CWD, path(name), machine.buffer(), 0);
    return result < 0
        ? result(result)
        : memory.readLong(machine.buffer() + StatLayout.st_atime)
            + " "
            + memory.readLong(machine.buffer() + StatLayout.st_mtime);
  }

  private String pipe(String[] w) {
    long flags = w.length > 3 ? number(w[3]) : 0;
    long result = dispatch(__NR_pipe2, machine.buffer(), flags);
    if (result == 0) {
      vars[w[1].charAt(1) - 'a'] = memory.readInt(machine.buffer());
      vars[w[2].charAt(1) - 'a'] = memory.readInt(machine.buffer() + 4);
    }
    return result(result);
  }

  private String limit(int resource, long value, long hard) {
    task.signal().limits().set(resource, value, hard);
    return "0";
  }

  private String listxattr(String name) {
    long result = XattrCalls.listxattr(task, path(name), machine.buffer(), 1000);
    return result < 0 ? result(result) : machine.get(result).replace('\0', ',');
  }

  private long write(String[] w) {
    machine.put(w[2]);
    return w[0].equals("write")
        ? ReadWriteCalls.write(task, fd(w[1]), machine.buffer(), w[2].length())
        : ReadWriteCalls.pwrite64(task, fd(w[1]), machine.buffer(), w[2].length(), number(w[3]));
  }

  private long fill(String[] w) {
    int count = (int) number(w[2]);
    machine.put("z".repeat(count));
    return ReadWriteCalls.write(task, fd(w[1]), machine.buffer(), count);
  }

  private static int optional(String[] words, int at) {
    return words.length > at ? (int) number(words[at]) : 0;
  }

  /** Makes one call. */
  String run(String[] w) {
    long buffer = machine.buffer();
    return switch (w[0]) {
      case "open" ->
          opened(
              OpenCalls.openat(
                  task, CWD, path(w[1]), (int) number(w[2]), w.length > 3 ? octal(w[3]) : 0),
              w,
              4);
      case "openat" ->
          opened(
              OpenCalls.openat(task, fd(w[1]), path(w[2]), (int) number(w[3]), octal(w[4])), w, 5);
      case "openat2" -> opened(openat2(w), w, 6);
      case "dup" -> opened(OpenCalls.dup(task, fd(w[1])), w, 2);
      case "lstat" ->
          stat(StatCalls.newfstatat(task, CWD, path(w[1]), buffer, Fcntl.AT_SYMLINK_NOFOLLOW));
      case "stat" -> stat(StatCalls.newfstatat(task, CWD, path(w[1]), buffer, 0));
      case "fstat" -> stat(StatCalls.fstat(task, fd(w[1]), buffer));
      case "fstatat" ->
          stat(StatCalls.newfstatat(task, fd(w[1]), path(w[2]), buffer, (int) number(w[3])));
      case "read" -> bytes(ReadWriteCalls.read(task, fd(w[1]), buffer, number(w[2])));
      case "pread" ->
          bytes(ReadWriteCalls.pread64(task, fd(w[1]), buffer, number(w[2]), number(w[3])));
      case "readlink" ->
          bytes(
              StatCalls.readlinkat(
                  task, CWD, path(w[1]), buffer, w.length > 2 ? (int) number(w[2]) : 4096));
      case "getxattr" -> bytes(XattrCalls.getxattr(task, path(w[1]), path(w[2]), buffer, 100));
      case "listxattr" -> listxattr(w[1]);
      case "umask" -> Long.toOctalString(DirectoryCalls.umask(task, octal(w[1])));
      case "user" -> user((int) number(w[1]), (int) number(w[2]));
      case "getfl" -> {
        long flags = OpenCalls.fcntl(task, fd(w[1]), Fcntl.F_GETFL, 0);
        yield flags < 0
            ? result(flags)
            : Long.toString(flags & (Fcntl.O_ACCMODE | Fcntl.O_APPEND | Fcntl.O_NONBLOCK));
      }
      case "times" -> times(w[1]);
      case "list" -> list(w[1]);
      case "pipe" -> pipe(w);
      case "fsize" -> limit(Rlimits.RLIMIT_FSIZE, number(w[1]), -1);
      case "nofile" -> limit(Rlimits.RLIMIT_NOFILE, number(w[1]), 4096);
      case "signal" -> Integer.toString(machine.takeSignal());
      default -> result(Machine.call(() -> simple(w)));
    };
  }

  private long simple(String[] w) {
    return switch (w[0]) {
      case "close" -> OpenCalls.close(task, fd(w[1]));
      case "mkdir" -> NameCalls.mkdirat(task, CWD, path(w[1]), octal(w[2]));
      case "rmdir" -> NameCalls.unlinkat(task, CWD, path(w[1]), Fcntl.AT_REMOVEDIR);
      case "unlink" -> NameCalls.unlinkat(task, CWD, path(w[1]), 0);
      case "symlink" -> NameCalls.symlinkat(task, path(w[1]), CWD, path(w[2]));
      case "link" -> NameCalls.linkat(task, CWD, path(w[1]), CWD, path(w[2]), 0);
      case "linkat" ->
          dispatch(__NR_linkat, fd(w[1]), path(w[2]), fd(w[3]), path(w[4]), number(w[5]));
      case "rename" -> dispatch(__NR_renameat2, CWD, path(w[1]), CWD, path(w[2]), optional(w, 3));
      case "mknod" ->
          NameCalls.mknodat(
              task, CWD, path(w[1]), (int) number(w[2]) | octal(w[3]), optional(w, 4));
      case "write", "pwrite" -> write(w);
      case "fill" -> fill(w);
      case "badwrite" -> ReadWriteCalls.write(task, fd(w[1]), BAD_ADDRESS, 10);
      case "badread" -> ReadWriteCalls.read(task, fd(w[1]), BAD_ADDRESS, 10);
      case "lseek" -> ReadWriteCalls.lseek(task, fd(w[1]), number(w[2]), (int) number(w[3]));
      case "truncate" -> AttributeCalls.truncate(task, path(w[1]), number(w[2]));
      case "ftruncate" -> AttributeCalls.ftruncate(task, fd(w[1]), number(w[2]));
      case "fallocate" ->
          AttributeCalls.fallocate(task, fd(w[1]), (int) number(w[2]), number(w[3]), number(w[4]));
      case "chmod" -> AttributeCalls.fchmodat(task, CWD, path(w[1]), octal(w[2]));
      case "fchmod" -> AttributeCalls.fchmod(task, fd(w[1]), octal(w[2]));
      case "chown" -> chown(w, 0);
      case "lchown" -> chown(w, Fcntl.AT_SYMLINK_NOFOLLOW);
      case "access" -> dispatch(__NR_faccessat2, CWD, path(w[1]), number(w[2]), optional(w, 3));
      case "chdir" -> DirectoryCalls.chdir(task, path(w[1]));
      case "fchdir" -> DirectoryCalls.fchdir(task, fd(w[1]));
      case "dup3" -> dup3(w);
      case "setfl" -> OpenCalls.fcntl(task, fd(w[1]), Fcntl.F_SETFL, number(w[2]));
      case "flock" -> FileCalls.flock(task, fd(w[1]), (int) number(w[2]));
      case "ofdlock" -> ofdlock(w);
      case "setxattr" -> setxattr(w);
      case "removexattr" -> XattrCalls.removexattr(task, path(w[1]), path(w[2]));
      case "utimens" -> utimens(w);
      case "pipesize" -> OpenCalls.fcntl(task, fd(w[1]), Fcntl.F_SETPIPE_SZ, number(w[2]));
      case "fsync" -> SyncCalls.fsync(task, fd(w[1]));
      case "sync_file_range" ->
          SyncCalls.syncFileRange(task, fd(w[1]), number(w[2]), number(w[3]), (int) number(w[4]));
      case "fadvise" ->
          SyncCalls.fadvise64(task, fd(w[1]), number(w[2]), number(w[3]), (int) number(w[4]));
      default -> throw new AssertionError("unknown call " + w[0]);
    };
  }

  private long chown(String[] w, int flags) {
    return AttributeCalls.fchownat(
        task, CWD, path(w[1]), (int) number(w[2]), (int) number(w[3]), flags);
  }

  /** A call as a program makes it, through the table. */
  private long dispatch(int nr, long... arguments) {
    long[] x = Arrays.copyOf(arguments, SyscallRegisters.ARGUMENTS);
    return TABLE.dispatch(task, nr, x[0], x[1], x[2], x[3], x[4], x[5]);
  }

  private long dup3(String[] w) {
    long result = dispatch(__NR_dup3, fd(w[1]), fd(w[2]), number(w[3]));
    if (result >= 0) {
      OpenCalls.close(task, (int) result);
    }
    return result;
  }

  private long setxattr(String[] w) {
    machine.put(w[3]);
    return XattrCalls.setxattr(
        task, path(w[1]), path(w[2]), machine.buffer(), w[3].length(), (int) number(w[4]));
  }
}
