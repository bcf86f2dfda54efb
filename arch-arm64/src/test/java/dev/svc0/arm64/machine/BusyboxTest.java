package dev.svc0.arm64.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Debian's static busybox, unmodified; what a script prints is compared with {@code qemu-aarch64}.
 */
@Timeout(120)
class BusyboxTest {
  @TempDir Path folder;

  private GuestPrograms.Result run(String input, String... arguments) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    List<String> argv = new ArrayList<>(List.of("busybox"));
    argv.addAll(List.of(arguments));
    try (Arm64Machine machine = Arm64Machine.withHostFolder(GuestPrograms.busyboxRoot(folder))) {
      machine.setStreams(
          new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)), output, output);
      int code = machine.run("/bin/busybox", argv, List.of("PATH=/bin"));
      return new GuestPrograms.Result(code, output.toString(StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void echoes() throws Exception {
    assertThat(run("", "echo", "hello", "world"))
        .isEqualTo(new GuestPrograms.Result(0, "hello world\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo one; echo two >&2; exit 7",
        "i=0; while [ $i -lt 20 ]; do echo $i; i=$((i+1)); done",
        "/bin/busybox true; echo $?; /bin/busybox false; echo $?",
        "(echo sub; exit 3); echo $?",
        "x=$(/bin/busybox echo inner); echo got $x",
        "/bin/busybox nosuchapplet; echo $?; /nosuchfile; echo $?",
        "kill -TERM $$",
        "(kill -9 $$) ; echo not reached",
        "trap 'echo sig; exit 4' USR1; kill -USR1 $$; echo after",
        "trap 'echo got' USR1; kill -USR1 $$; echo after",
        "/bin/busybox sh -c 'kill -SEGV $$'; echo $?",
        "/bin/busybox sleep 0.01 & wait $!; echo $?",
        "exec 2>/dev/null; /bin/busybox sleep 20 & P=$!; kill $P; wait $P; echo $?",
        "trap 'echo bye' EXIT; exit 5",
        "/bin/busybox timeout 1 /bin/busybox sleep 10; echo $?",
        "/bin/busybox cat <<E\nline $((1+2))\nE",
        "umask; cd /tmp; pwd; cd /nowhere; echo $?",
        "/bin/busybox seq 1 1000 | /bin/busybox tail -3 | /bin/busybox sort -rn",
        "/bin/busybox yes | /bin/busybox head -3; echo $?",
        "for i in 1 2 3; do /bin/busybox echo $i; done | /bin/busybox wc -l",
        "(/bin/busybox sleep 0.2; echo late) & echo early; wait; echo done",
        "(exit 9) & wait $!; echo $?",
        "set -e; /bin/busybox false; echo not reached",
        "echo a >/tmp/svc0-t; echo b >>/tmp/svc0-t; /bin/busybox cat /tmp/svc0-t; rm -f"
            + " /tmp/svc0-t",
        "trap '' INT; /bin/busybox sh -c 'kill -INT $$; echo survived'",
        "trap 'echo one' USR1; trap 'echo two' USR2; kill -USR2 $$; kill -USR1 $$; echo end",
        "/bin/busybox sh -c 'trap \"echo t; exit 3\" TERM; kill $$; :'; echo $?",
        "read x <<E\nword\nE\necho $x",
        "f() { return 42; }; f; echo $?; echo ${#PATH}",
        "exec /bin/busybox echo replaced",
        "/bin/busybox sh -c 'kill -STOP $$; echo continued' & P=$!; /bin/busybox sleep 0.3; kill"
            + " -CONT $P; wait $P",
        "/bin/busybox true | /bin/busybox false; echo $?",
        "kill -l 9; kill -0 $$; echo $?; kill -0 99999; echo $?",
      })
  void shellScripts(String script) throws Exception {
    compare(script);
  }

  private void compare(String script) throws Exception {
    Path root = GuestPrograms.busyboxRoot(folder);
    String busybox = root.resolve("bin/busybox").toString();
    String nested = GuestPrograms.qemu() + " " + busybox; // the host cannot execute it by itself
    GuestPrograms.Result expected =
        GuestPrograms.host(
            List.of(
                "env",
                "-i",
                "PATH=/bin",
                "qemu-aarch64",
                busybox,
                "sh",
                "-c",
                script.replace("/bin/busybox", nested)),
            "");
    String ownWords = "qemu: uncaught target signal.*\n"; // the emulator's, not the program's
    assertThat(run("", "sh", "-c", script))
        .isEqualTo(
            new GuestPrograms.Result(expected.code(), expected.output().replaceAll(ownWords, "")));
  }

  @Test
  void runsScriptsByTheirFirstLine() throws Exception {
    Path script = GuestPrograms.busyboxRoot(folder).resolve("script");
    Files.writeString(script, "#! /bin/busybox  sh \necho $0 $1 $2\nexit 6\n");
    script.toFile().setExecutable(true);
    assertThat(run("", "sh", "-c", "/script one 'two three'; echo $?"))
        .isEqualTo(new GuestPrograms.Result(0, "/script one two three\n6\n"));
  }

  @Test
  void readsStandardInput() throws Exception {
    assertThat(run("b\na\nc\n", "sort")).isEqualTo(new GuestPrograms.Result(0, "a\nb\nc\n"));
  }

  @Test
  void closingAMachineEndsWhatRuns() throws Exception {
    Arm64Machine machine = Arm64Machine.withHostFolder(GuestPrograms.busyboxRoot(folder));
    String loops = "while :; do :; done & /bin/busybox sleep 1000 & while :; do :; done";
    Program program =
        machine.start("/bin/busybox", List.of("busybox", "sh", "-c", loops), List.of());
    Thread thread = program.task().thread();
    machine.close();
    assertThat(thread).isNotNull();
    assertThat(thread.isAlive()).isFalse();
    assertThat(machine.kernel().taskCount()).isLessThanOrEqualTo(2); // init, and what nobody reaped
  }
}
