package dev.svc0.fs.devfs;

import com.google.auto.service.AutoService;
import dev.svc0.fs.devpts.DevptsType;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.tty.HostTerminal;
import dev.svc0.runtime.tty.PtyMasterOperations;
import dev.svc0.runtime.tty.PtyTable;
import dev.svc0.runtime.tty.Tty;
import dev.svc0.runtime.tty.TtyConsole;
import dev.svc0.runtime.tty.TtyFileOperations;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Console;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Vfs;
import dev.svc0.runtime.vfs.VfsModule;
import org.jspecify.annotations.Nullable;

/**
 * Terminals by device number: /dev/tty is the caller's own (−ENXIO without one), /dev/console what
 * {@link Vfs#console} says, /dev/ptmx makes pseudo-terminals, and slaves are found by number.
 */
@AutoService(VfsModule.class)
public final class TtyDevices implements VfsModule {
  private static final int AUXILIARY_MAJOR = 5;
  private static final int SLAVE_MAJOR = 136;
  private static final int TTY = 0;
  private static final int CONSOLE = 1;
  private static final int PTMX = 2;
  private static final int MINOR_MASK = 0xfffff;

  @Override
  public void init(Vfs vfs) {
    if (!(vfs.type("devpts") instanceof DevptsType devpts)) {
      throw new IllegalStateException("terminals need devpts");
    }
    PtyTable table = devpts.table();
    vfs.specialFiles().registerCharacterDevices(AUXILIARY_MAJOR, new Auxiliary(vfs, table));
    vfs.specialFiles().registerCharacterDevices(SLAVE_MAJOR, new Slaves(table));
    vfs.specialFiles()
        .registerCharacterDevices(HostTerminal.DEVICE >>> 20, new HostTerminalNode(vfs));
  }

  private static @Nullable Tty ownTerminal(Inode inode, Caller caller) {
    return caller instanceof Task task && task.signal().controllingTerminal() instanceof Tty tty
        ? tty
        : null;
  }

  /** Major 5. */
  private record Auxiliary(Vfs vfs, FileOperations own, FileOperations masters)
      implements FileOperations {
    Auxiliary(Vfs vfs, PtyTable table) {
      this(
          vfs,
          new TtyFileOperations(TtyDevices::ownTerminal, true),
          new PtyMasterOperations(table));
    }

    @Override
    public @Nullable FileOperations operationsOf(Inode inode) {
      Console console = vfs.console();
      return switch (inode.rdev & MINOR_MASK) {
        case TTY -> own;
        case CONSOLE -> console == null ? null : console.operations();
        case PTMX -> masters;
        default -> null;
      };
    }
  }

  /** The terminal that svc0 runs in, when it has one. */
  private record HostTerminalNode(Vfs vfs) implements FileOperations {
    @Override
    public @Nullable FileOperations operationsOf(Inode inode) {
      boolean first = (inode.rdev & MINOR_MASK) == 0;
      return first && vfs.console() instanceof TtyConsole console ? console.ttyOperations() : null;
    }
  }

  /** Major 136. */
  private static final class Slaves implements FileOperations {
    private final PtyTable table;
    private final FileOperations operations;

    Slaves(PtyTable table) {
      this.table = table;
      operations =
          new TtyFileOperations((inode, caller) -> table.slave(inode.rdev & MINOR_MASK), false);
    }

    @Override
    public @Nullable FileOperations operationsOf(Inode inode) {
      return table.slave(inode.rdev & MINOR_MASK) == null ? null : operations;
    }
  }
}
