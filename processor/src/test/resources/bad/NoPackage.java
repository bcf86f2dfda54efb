import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.task.Task;

public final class NoPackage {
  @SyscallDefine(nr = 172, name = "getpid")
  public static long getpid(Task task) { // !! [syscall-not-public] put it into a package
    return 1;
  }
}
