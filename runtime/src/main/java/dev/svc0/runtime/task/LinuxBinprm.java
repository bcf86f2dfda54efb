package dev.svc0.runtime.task;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program being loaded: the file, its first bytes, arguments, environment. */
@Traced(layer = Traced.Layer.TASK)
public final class LinuxBinprm {
  /** Bytes at the start of the file that formats look at. */
  public static final int BUFFER_BYTES = 256;

  private final Task task;
  private final String filename;
  private final List<String> arguments;
  private final List<String> environment;
  private File file;
  private String interpreter;
  private byte[] start = new byte[BUFFER_BYTES];
  private @Nullable File nextFile;
  private boolean pointOfNoReturn;

  LinuxBinprm(
      Task task, String filename, File file, List<String> arguments, List<String> environment) {
    this.task = task;
    this.filename = filename;
    this.interpreter = filename;
    this.file = file;
    this.arguments = new ArrayList<>(arguments);
    this.environment = environment;
  }

  /** The task that executes it. */
  public Task task() {
    return task;
  }

  /** The path given to execve: AT_EXECFN. */
  public String filename() {
    return filename;
  }

  /** The path of the file that is loaded: the script's interpreter after a {@code #!} line. */
  public String interpreter() {
    return interpreter;
  }

  /** The file that is loaded. */
  public File file() {
    return file;
  }

  /** The first {@link #BUFFER_BYTES} bytes of the file, zeroes after its end. */
  public byte[] start() {
    return start;
  }

  /** Arguments; a format may change them. */
  public List<String> arguments() {
    return arguments;
  }

  /** Environment strings. */
  public List<String> environment() {
    return environment;
  }

  /** Loads another file instead of this one; takes over the reference. */
  public void interpretBy(File interpreterFile, String path) {
    nextFile = interpreterFile;
    interpreter = path;
  }

  /** Whether the old program is gone. */
  boolean pastPointOfNoReturn() {
    return pointOfNoReturn;
  }

  /** Goes on with the interpreter that the format named; false when there is none. */
  boolean advance() {
    File next = nextFile;
    if (next == null) {
      return false;
    }
    nextFile = null;
    ExecFiles.letGo(file);
    file = next;
    return true;
  }

  void letGo() {
    ExecFiles.letGo(file);
    if (nextFile != null) {
      ExecFiles.letGo(nextFile);
    }
  }

  /** Reads the first bytes. 0 or −errno. */
  long prepare() {
    start = new byte[BUFFER_BYTES];
    long result = KernelRead.read(task, file, 0, start, BUFFER_BYTES);
    return result < 0 ? result : 0;
  }

  /**
   * The point of no return: other threads end, new empty memory, close-on-exec, default handlers.
   *
   * @return 0 or −errno; −EAGAIN when the task is being killed
   */
  @Traced("begin_new_exec")
  public long beginNewExec() {
    MemoryManager fresh =
        MemoryManager.create(task.kernel().vfs().frames(), task.kernel().memory());
    if (fresh == null) {
      return -Errno.ENOMEM;
    }
    long result = Exec.deThread(task);
    if (result != 0) {
      fresh.release();
      return result;
    }
    pointOfNoReturn = true;
    MemoryManager old = task.memory();
    Exit.mmRelease(task);
    task.signal().accounting().noteResident(old.residentPages());
    task.setMm(fresh);
    task.applyMemoryLimits();
    task.context().switchMm(fresh);
    old.release();
    Exec.resetTask(task, filename, fillUid());
    return 0;
  }

  /**
   * The rights that set-id bits of the file give, unless the mount or the task refuses them.
   * <i>Linux:</i> bprm_fill_uid.
   */
  private Cred fillUid() {
    Cred cred = task.cred();
    Inode inode = file.inode();
    if (task.settings.noNewPrivileges
        || (file.path().mount().flags() & MountFlags.MS_NOSUID) != 0) {
      return Credentials.afterExec(cred, cred.euid(), cred.egid());
    }
    int mode = inode.mode;
    int groupExec = StatConstants.S_ISGID | StatConstants.S_IXGRP;
    return Credentials.afterExec(
        cred,
        (mode & StatConstants.S_ISUID) != 0 ? inode.uid : cred.euid(),
        (mode & groupExec) == groupExec ? inode.gid : cred.egid());
  }

  /** AT_SECURE: whether the program has rights that whoever started it has not. */
  public boolean isSecure() {
    Cred cred = task.cred();
    return cred.uid() != cred.euid() || cred.gid() != cred.egid();
  }

  /** Says what is executed now, for /proc; takes a reference of the file. */
  public void install(ExecImage image) {
    ExecImage old = task.image;
    Exec.holdImage(image);
    task.image = image;
    Exec.dropImage(old);
  }

  /** Bytes that argument and environment strings may take: a quarter of the stack limit. */
  static long argumentLimit(Task task) {
    long stack = task.rlimit(dev.svc0.runtime.abi.Rlimits.RLIMIT_STACK);
    long most = 3L * (8L << 20) / 4;
    long quarter = Long.compareUnsigned(stack / 4, most) < 0 && stack > 0 ? stack / 4 : most;
    return Math.max(quarter, 131072);
  }
}
