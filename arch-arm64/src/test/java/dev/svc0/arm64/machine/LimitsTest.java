package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Namei;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Guests that want too much, what a program gets when it starts, and pseudo-terminals: on a machine
 * with /dev, /dev/pts, /proc and /tmp.
 */
@Timeout(240)
class LimitsTest {
  private static final KernelOptions OPTIONS = KernelOptions.defaults();

  @TempDir Path folder;

  private GuestPrograms.Result run(KernelOptions options, String name, List<String> arguments)
      throws MountException, IOException {
    for (String directory : List.of("dev", "proc", "tmp")) {
      Files.createDirectories(folder.resolve(directory));
    }
    // Others than the owner run programs here too.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Arm64Machine machine =
        new Arm64Machine(
            options, vfs -> vfs.mountRoot("hostfs", folder.toString(), null, 0, "trusted"))) {
      machine.setStreams(InputStream.nullInputStream(), output, output);
      machine.kernel().reportOutOfMemoryTo(task -> {});
      mount(machine, "/dev", "devfs", "");
      mount(machine, "/dev/pts", "devpts", "mode=620,ptmxmode=666");
      mount(machine, "/proc", "proc", "");
      mount(machine, "/tmp", "tmpfs", "mode=1777");
      List<String> argv = new ArrayList<>(List.of("/" + name));
      argv.addAll(arguments);
      int code = machine.run("/" + name, argv, List.of());
      return new GuestPrograms.Result(code, output.toString(StandardCharsets.ISO_8859_1));
    }
  }

  private static void mount(Arm64Machine machine, String where, String type, String options)
      throws MountException {
    Task caller = machine.newTask(Cred.ROOT, "mount");
    machine.kernel().enter(caller);
    try {
      long[] error = new long[1];
      dev.svc0.runtime.vfs.Path place = Namei.kernPath(caller, where, Lookup.FOLLOW, error);
      assertThat(place).as("%s: %d", where, error[0]).isNotNull();
      machine.kernel().vfs().mountAt(place, type, type, null, 0, options);
    } finally {
      machine.kernel().leave(caller, 0);
    }
  }

  /** What Linux prints when it has the same limits. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alive 1000 | 1000 alive;wrong 0",
        "users      | full: EAGAIN;wrong 0",
        "handlers   | killed 1 by 11",
        "files      | 1024 and EMFILE",
        "clocks     | image 1;11111111 1;r--p [vvar];r-xp [vdso]",
        "setid      | uid 2001 1001 1001 gid 2002 1002 1002 secure 1;"
            + "uid 2001 2001 2001 gid 2002 2002 2002 secure 0",
      })
  void answersAsLinux(String command, String lines) throws Exception {
    GuestPrograms.compile("limits.c", folder.resolve("limits"));
    assertThat(run(OPTIONS, "limits", List.of(command.split(" "))))
        .isEqualTo(new GuestPrograms.Result(0, lines.replace(";", "\n") + "\n"));
  }

  @Test
  void tooManyTasksAreRefused() throws Exception {
    GuestPrograms.compile("limits.c", folder.resolve("limits"));
    assertThat(run(OPTIONS.withMaxTasks(40), "limits", List.of("alive", "100")))
        .isEqualTo(new GuestPrograms.Result(0, "full: EAGAIN\nwrong 0\n"));
  }

  @Test
  void whoeverEatsTheMemoryIsKilledAndTheRestGoesOn() throws Exception {
    GuestPrograms.compile("limits.c", folder.resolve("limits"));
    assertThat(run(OPTIONS.withMemoryBytes(64L << 20), "limits", List.of("eat")))
        .isEqualTo(new GuestPrograms.Result(0, "killed 1 by 9\nmemory again 1\n"));
  }

  /** The emulator hands terminal calls to the host's kernel: that is Linux's own answer. */
  @Test
  void pseudoTerminalsDoWhatThoseOfTheHostDo() throws Exception {
    Path program = GuestPrograms.compile("pty.c", folder.resolve("pty"));
    GuestPrograms.Result expected =
        GuestPrograms.host(List.of(GuestPrograms.qemu(), program.toString()), "");
    assertThat(run(OPTIONS, "pty", List.of())).isEqualTo(expected);
  }
}
