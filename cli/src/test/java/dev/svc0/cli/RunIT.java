package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code svc0 run}: output, exit status, and what it says when something is wrong. */
class RunIT {
  @TempDir Path folder;

  @Test
  void printsWhatTheProgramPrintsAndNothingElse() throws Exception {
    Launcher.Result result = Launcher.svc0(folder, "run", Launcher.guest("hello"));
    assertThat(result.out()).isEqualTo("hello from arm64\n");
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
  }

  @Test
  void endsWithTheStatusOfTheProgram() throws Exception {
    assertThat(Launcher.svc0(folder, "run", Launcher.guest("write-paths"), "/tmp").status())
        .as("without its own system call, the program finds something wrong")
        .isEqualTo(1);
  }

  @Test
  void aSignalBecomes128PlusItsNumber() throws Exception {
    assertThat(Launcher.svc0(folder, "run", Launcher.guest("fault")).status()).isEqualTo(128 + 11);
  }

  @Test
  void aLoopEndsAtTheTimeout() throws Exception {
    Launcher.Result result = Launcher.svc0(folder, "run", "--timeout", "1", Launcher.guest("spin"));
    assertThat(result.status()).isEqualTo(124);
    assertThat(result.err()).contains("--timeout");
  }

  @Test
  void profilesByFunction() throws Exception {
    Path profile = folder.resolve("profile.folded");
    Launcher.svc0(folder, "run", "--timeout", "2", "--profile=" + profile, Launcher.guest("spin"));
    assertThat(Files.readString(profile)).contains("spin;spin;");
  }

  @Test
  void countsAndTimesTheCalls() throws Exception {
    Launcher.Result result =
        Launcher.svc0(
            folder, "run", "--statistics=" + folder + "/calls.json", Launcher.guest("hello"));
    assertThat(result.status()).isZero();
    assertThat(Files.readString(folder.resolve("calls.json")))
        .contains("{\"nr\": 64, \"name\": \"write\", \"calls\": 1, \"errors\": 0, ")
        .contains("\"timed\": 1, ")
        .contains("\"beyond_table\": {}");
  }

  @Test
  void saysThatAFileIsMissing() throws Exception {
    expectError(127, "there is no file nothing-here", "run", "nothing-here");
  }

  @Test
  void saysWhatKindOfProgramItIs() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    if (System.getProperty("os.arch").equals("amd64")) {
      expectError(
          126, "it is a program for x86-64; svc0 runs programs for arm64", "run", java.toString());
    }
    Path text = Files.writeString(folder.resolve("notes.txt"), "not a program");
    expectError(126, "it is no ELF program", "run", text.toString());
    expectError(126, "is a folder", "run", folder.toString());
  }

  @Test
  void saysThatADynamicProgramNeedsItsLibraries() throws Exception {
    byte[] elf = Files.readAllBytes(Path.of(Launcher.guest("hello")));
    byte[] interpreter = "/lib/ld-linux-aarch64.so.1\0".getBytes();
    // turns the first program header into a PT_INTERP whose string lies behind it
    int at = 0x180;
    byte[] dynamic = java.util.Arrays.copyOf(elf, Math.max(elf.length, at + interpreter.length));
    System.arraycopy(interpreter, 0, dynamic, at, interpreter.length);
    var view = java.nio.ByteBuffer.wrap(dynamic).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int header = (int) view.getLong(32);
    view.putInt(header, 3);
    view.putLong(header + 8, at);
    view.putLong(header + 32, interpreter.length);
    Path file = Files.write(folder.resolve("dynamic"), dynamic);
    expectError(
        126, "it needs /lib/ld-linux-aarch64.so.1 and shared libraries", "run", file.toString());
  }

  @Test
  void refusesAMissingOrDamagedImage() throws Exception {
    expectError(
        125, "there is no image gone.img", "run", "--image", "gone.img", Launcher.guest("hello"));
    Path image = folder.resolve("disk.img");
    assertThat(Launcher.svc0(folder, "image", "create", "disk.img", "--size", "4M").status())
        .isZero();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(1024 + 24);
      file.writeInt(-1); // the logarithm of the block size
    }
    expectError(125, "cannot mount", "run", "--image", "disk.img", Launcher.guest("hello"));
    Files.write(image, new byte[1 << 20]);
    expectError(
        125,
        "holds no file system that svc0 knows",
        "run",
        "--image",
        "disk.img",
        Launcher.guest("hello"));
  }

  @Test
  void aWrongCommandLineIsStatus2() throws Exception {
    assertThat(Launcher.svc0(folder, "run", "--memory", "much", "x").status()).isEqualTo(2);
    assertThat(Launcher.svc0(folder, "run").status()).isEqualTo(2);
    assertThat(Launcher.svc0(folder, "frobnicate").status()).isEqualTo(2);
  }

  @Test
  void decodesCallsForStrace() throws Exception {
    Launcher.Result result = Launcher.svc0(folder, "run", "--strace", Launcher.guest("hello"));
    assertThat(result.err()).contains("write(1, \"hello from arm64\\n\", 17)").contains("= 17");
  }

  private void expectError(int status, String sentence, String... arguments)
      throws IOException, InterruptedException {
    Launcher.Result result = Launcher.svc0(folder, arguments);
    assertThat(result.err()).contains(sentence).doesNotContain("Exception").doesNotContain("\tat ");
    assertThat(result.status()).isEqualTo(status);
    assertThat(result.out()).isEmpty();
  }
}
