package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each option of {@code svc0 run} does what its help says; what is wrong is said in a sentence. */
class OptionsIT {
  @TempDir Path folder;
  private String busybox = "";

  @BeforeEach
  void findBusybox() {
    String named = System.getenv("SVC0_BUSYBOX");
    if (named == null) {
      assertThat(System.getenv("CI")).as("SVC0_BUSYBOX must be set in CI").isNull();
      Assumptions.abort("SVC0_BUSYBOX names no arm64 busybox");
      return;
    }
    busybox = Path.of(named).toAbsolutePath().toString();
  }

  private Launcher.Result shell(String script, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("run"));
    command.addAll(List.of(options));
    command.addAll(List.of(busybox, "sh", "-c", script));
    return Launcher.svc0(folder, command.toArray(String[]::new));
  }

  @Test
  void environmentFolderUserNameAndProcessors() throws Exception {
    Launcher.Result result =
        shell(
            "echo $A $B; pwd; id -u; id -g; hostname; nproc",
            "--env",
            "A=1=2",
            "--env=B=x",
            "--cwd",
            "/tmp",
            "--user",
            "12:34",
            "--hostname",
            "here",
            "--cpus",
            "3");
    assertThat(result.out()).isEqualTo("1=2 x\n/tmp\n12\n34\nhere\n3\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void aFolderIsBoundForWritingOrReading() throws Exception {
    Files.writeString(Files.createDirectory(folder.resolve("data")).resolve("in"), "given\n");
    assertThat(shell("cat /d/in; echo new >/d/out", "--bind", "data:/d").out())
        .isEqualTo("given\n");
    assertThat(folder.resolve("data/out")).hasContent("new\n");
    Launcher.Result refused = shell("echo x >/d/out", "--bind", "data:/d:ro");
    assertThat(refused.err()).contains("Read-only file system");
    assertThat(folder.resolve("data/out")).hasContent("new\n");
  }

  @Test
  void disksOfEachDriver() throws Exception {
    Files.write(folder.resolve("disk"), new byte[1 << 20]);
    Launcher.Result result =
        shell(
            "cat /proc/partitions; echo abc >/dev/loop0",
            "--drive",
            "brd:size=8M",
            "--drive",
            "null:size=1G",
            "--drive",
            "loop:disk");
    assertThat(result.out()).contains("8192 ram0", "1048576 nullb0", "1024 loop0");
    assertThat(Files.readAllBytes(folder.resolve("disk"))).startsWith('a', 'b', 'c', '\n');
  }

  @Test
  void aCopyOfADiskIsThrownAway() throws Exception {
    Path image = folder.resolve("disk.img");
    Launcher.svc0(folder, "image", "create", "disk.img", "--size", "16M", "--type", "ext4");
    byte[] before = Files.readAllBytes(image);
    for (int run = 0; run < 2; run++) {
      Launcher.Result result =
          shell(
              "ls /mnt; echo kept >/mnt/file && sync && cat /mnt/file",
              "--drive",
              "brd:image=disk.img,size=32M",
              "--mount",
              "ext4:ram0:/mnt");
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).isEqualTo("lost+found\nkept\n");
    }
    assertThat(Files.readAllBytes(image)).isEqualTo(before);
  }

  @Test
  void aRootFolderStaysAsItIsUnlessItMayBeWritten() throws Exception {
    Path root = folder.resolve("root");
    Files.createDirectories(root.resolve("bin"));
    Files.copy(Path.of(busybox), root.resolve("bin/busybox"));
    root.resolve("bin/busybox").toFile().setExecutable(true);
    String[] write = {"busybox", "sh", "-c", "echo made >/file; cat /file"};
    assertThat(run("--root", "root", write).out()).isEqualTo("made\n");
    assertThat(root.resolve("file")).doesNotExist();
    assertThat(run("--root", "root:rw", write).out()).isEqualTo("made\n");
    assertThat(root.resolve("file")).hasContent("made\n");
  }

  private Launcher.Result run(String option, String value, String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of("run", option, value));
    all.addAll(List.of(command));
    return Launcher.svc0(folder, all.toArray(String[]::new));
  }

  @Test
  void memoryEndsWhereTheOptionSays() throws Exception {
    Launcher.Result result = shell("head -c 20m /dev/zero | tail >/tmp/x", "--memory", "4M");
    assertThat(result.err()).contains("svc0: out of memory: killed process").contains("--memory");
  }

  @Test
  void callsGoToAFile() throws Exception {
    assertThat(shell("echo hi", "--strace=calls.txt").out()).isEqualTo("hi\n");
    assertThat(folder.resolve("calls.txt")).content().contains("write(1, \"hi\\n\", 3) = 3");
  }

  @Test
  void aJarBringsCalls() throws Exception {
    Path jar =
        Launcher.HOME.resolve("samples/custom-syscall/target/svc0-sample-custom-syscall.jar");
    Launcher.Result result =
        run("--syscalls", jar.toString(), Launcher.guest("write-paths"), "/tmp");
    assertThat(result.out()).contains("our own call: crc32 of 4096 bytes -> ");
    assertThat(result.status()).as(result.out()).isZero();
  }

  @Test
  void aRootWithoutLibrariesIsToldWhatItLacks() throws Exception {
    String guests = System.getenv("SVC0_GUESTS");
    Assumptions.assumeTrue(guests != null, "SVC0_GUESTS names no arm64 programs");
    Path bash = Path.of(guests, "bin/bash").toRealPath();
    Launcher.Result alone = Launcher.svc0(folder, "run", bash.toString());
    assertThat(alone.err())
        .contains("it needs /lib/ld-linux-aarch64.so.1 and libtinfo.so.6, libc.so.6")
        .contains("svc0 image import-debs");
    assertThat(alone.status()).isEqualTo(126);
    Path root = folder.resolve("root");
    Files.copy(bash, Files.createDirectories(root.resolve("bin")).resolve("bash"));
    root.resolve("bin/bash").toFile().setExecutable(true);
    Launcher.Result bare = run("--root", "root", "/bin/bash");
    assertThat(bare.err()).contains("libtinfo.so.6, libc.so.6");
    assertThat(bare.status()).isEqualTo(127);
    Path loader = Path.of(guests, "lib/ld-linux-aarch64.so.1").toRealPath();
    Path lib = Files.createDirectories(root.resolve("lib"));
    Files.copy(loader, lib.resolve("ld-linux-aarch64.so.1"));
    lib.resolve("ld-linux-aarch64.so.1").toFile().setExecutable(true);
    Launcher.Result half = run("--root", "root", "/bin/bash");
    assertThat(half.err())
        .contains("error while loading shared libraries: libtinfo.so.6")
        .contains("svc0: the root has no libtinfo.so.6, libc.so.6 for /bin/bash");
    assertThat(half.status()).isEqualTo(127);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2   | --timeout=soon        | --timeout takes a number from 0, not 'soon'",
        "2   | --memory=much         | --memory",
        "2   | --memory=5            | --memory takes at least 512K, not '5'",
        "2   | --page-cache=1K       | --page-cache takes at least 64K, not '1K'",
        "2   | --frobnicate          | Unknown option",
        "2   | --env=novalue         | --env takes NAME=VALUE, not 'novalue'",
        "2   | --user=joe            | --user takes numbers",
        "2   | --kernel-option=x=1   | there is no --kernel-option x; there are",
        "2   | --drive=foo:x         | there is no driver 'foo'; there are brd",
        "125 | --drive=brd:size=x    | is not a size; write for example size=64M",
        "125 | --drive=brd:image=no  | brd: no does not exist",
        "125 | --image=gone.img      | make one with: svc0 image create gone.img",
        "125 | --bind=gone:/x        | there is no gone to bind",
        "125 | --syscalls=gone.jar   | there is no file gone.jar",
        "125 | --plugin=gone.jar     | there is no file gone.jar",
        "125 | --cwd=/gone           | --cwd: there is no folder /gone inside",
      })
  void saysInOneSentenceWhatIsWrong(int status, String option, String sentence) throws Exception {
    Launcher.Result result = Launcher.svc0(folder, "run", option, busybox, "true");
    assertThat(result.err()).startsWith("svc0: ").contains(sentence).hasLineCount(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.status()).isEqualTo(status);
  }

  @Test
  void showsAStackTraceOnlyForDebug() throws Exception {
    Launcher.Result result =
        Launcher.svc0(folder, "run", "--debug", "--image", "gone.img", busybox, "true");
    assertThat(result.err()).contains("CommandException").contains("\tat dev.svc0.cli.");
    assertThat(result.status()).isEqualTo(125);
  }

  @Test
  void noColorMeansNone() throws Exception {
    List<String> help =
        List.of("env", "NO_COLOR=1", Launcher.HOME.resolve("svc0").toString(), "run", "--help");
    Launcher.Result result = Launcher.run(folder, help);
    assertThat(result.out()).contains("--root=DIR|IMAGE[:rw]").doesNotContain("\u001b");
  }
}
