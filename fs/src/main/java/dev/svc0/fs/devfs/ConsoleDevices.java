package dev.svc0.fs.devfs;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.vfs.Console;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Vfs;
import dev.svc0.runtime.vfs.VfsModule;
import org.jspecify.annotations.Nullable;

/**
 * Character devices of major 5: /dev/tty and /dev/console, both what {@link Vfs#console} says;
 * without a console they cannot be opened (−ENXIO).
 */
@AutoService(VfsModule.class)
public final class ConsoleDevices implements VfsModule {
  private static final int MAJOR = 5;
  private static final int TTY = 0;
  private static final int CONSOLE = 1;

  @Override
  public void init(Vfs vfs) {
    vfs.specialFiles()
        .registerCharacterDevices(
            MAJOR,
            new FileOperations() {
              @Override
              public @Nullable FileOperations operationsOf(Inode inode) {
                return find(vfs, inode.rdev & 0xfffff);
              }
            });
  }

  private static @Nullable FileOperations find(Vfs vfs, int minor) {
    Console console = vfs.console();
    boolean known = minor == TTY || minor == CONSOLE;
    return console == null || !known ? null : console.operations();
  }
}
