package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Namei;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * C programs that say line by line what each call did, against what the same program said on a real
 * kernel. To record one again, on x86-64 Linux as root with nothing else of its kind running:
 *
 * <pre>gcc -O1 -w -pthread -o p src/test/guests/NAME.c && (cd /tmp; ./p) > NAME.txt</pre>
 */
@Timeout(180)
class RecordedGuestTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"events", "sockets", "wide", "locks", "aio", "queues", "clocks"})
  void saysWhatItSaidOnLinux(String name) throws Exception {
    GuestPrograms.compileWith(name + ".c", folder.resolve(name), List.of("-static", "-w"));
    for (String place : List.of("tmp", "proc", "dev")) {
      Files.createDirectories(folder.resolve(place));
    }
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    int code;
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder)) {
      mount(machine, "/proc", "proc");
      mount(machine, "/tmp", "tmpfs");
      mount(machine, "/dev", "devfs");
      mount(machine, "/dev/pts", "devpts");
      machine.setStreams(InputStream.nullInputStream(), output, output);
      code = machine.run("/" + name, List.of("/" + name), List.of());
    }
    assertThat(output.toString(StandardCharsets.ISO_8859_1)).isEqualTo(recorded(name));
    assertThat(code).isZero();
  }

  private static void mount(Arm64Machine machine, String where, String type) throws Exception {
    Task caller = machine.kernel().newProcess(Cred.ROOT, "test");
    machine.kernel().enter(caller);
    try {
      long[] error = new long[1];
      var place = Namei.kernPath(caller, where, 0, error);
      assertThat(place).as(where).isNotNull();
      machine.kernel().vfs().mountAt(place, type, type, null, 0, "");
    } finally {
      machine.kernel().leave(caller, 0);
    }
  }

  private static String recorded(String name) throws IOException {
    try (InputStream in = RecordedGuestTest.class.getResourceAsStream(name + ".txt")) {
      assertThat(in).as("%s.txt", name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
