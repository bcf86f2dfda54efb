package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code svc0 bench} as on a machine that has everything, and on one that has nothing. */
class BenchIT {
  /** What the launcher, and the shell that measures, need. */
  private static final List<String> BASICS =
      List.of("sh", "dirname", "readlink", "sed", "head", "find", "env", "id", "flock", "touch");

  @TempDir Path folder;

  private Launcher.Result bench(String path, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "-u", "SVC0_GUESTS", "PATH=" + path));
    command.add(Launcher.HOME.resolve("svc0").toString());
    command.add("bench");
    command.addAll(List.of(arguments));
    return Launcher.run(folder, command);
  }

  @Test
  void namesItsRows() throws Exception {
    Launcher.Result list = bench(System.getenv("PATH"), "--list");
    assertThat(list.out())
        .contains("start: hello\n")
        .contains("syscalls: getppid, writeDevNull")
        .contains("kernels: hash, crc")
        .contains("vectors: crc")
        .contains("brief: true, ls -lR 1000 files, 1000 fork+exec, make -j2 with gcc\n")
        .contains("programs: sha256sum, gzip -9, xz -1, sqlite3, python3 calls");
    Launcher.Result wrong = bench(System.getenv("PATH"), "--only", "nothing");
    assertThat(wrong.err())
        .isEqualTo("svc0: --only: there is no group and no row 'nothing'; see svc0 bench --list\n");
    assertThat(wrong.status()).isEqualTo(2);
  }

  @Test
  void whatAMachineLacksIsSaidWithWhatToDo() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : BASICS) {
      for (String from : List.of("/usr/bin", "/bin")) {
        if (Files.isExecutable(Path.of(from, tool)) && !Files.exists(bin.resolve(tool))) {
          Files.createSymbolicLink(bin.resolve(tool), Path.of(from, tool));
        }
      }
    }
    Launcher.Result result = bench(bin.toString(), "--only", "hello,getppid,hash,true");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsPattern("(?m)^hello +\\d+\\.\\d+ +- +- +- +-$|^hello +\\d+\\.\\d+ +- +- +-")
        .contains("# nothing to compare with under qemu-aarch64: apt install qemu-user\n")
        .contains("# no compiler for arm64, so no rows of C programs: apt install gcc-aarch64")
        .contains("# whole programs need a folder with Debian for arm64, given with --guests;")
        .doesNotContain("NaN");
    assertThat(result.status()).isZero();
  }

  @Test
  void aRootThatLacksProgramsIsToldWhichPackages() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("debian/usr/bin"));
    Files.createFile(bin.resolve("make"));
    Launcher.Result result =
        bench(
            System.getenv("PATH"),
            "--guests",
            folder.resolve("debian").toString(),
            "--only",
            "make -j2 with gcc,xz -1");
    assertThat(result.out())
        .contains("# make -j2 with gcc: gcc is not in " + folder.resolve("debian"))
        .contains(
            "it has to be made with Debian's gcc libc6-dev, as svc0 bench without --guests says")
        .contains("# xz -1: xz is not in ", "Debian's xz-utils,")
        .doesNotContain("bar:");
    assertThat(result.status()).isZero();
  }

  @Test
  void measuresBesideTheRivals() throws Exception {
    for (String tool : List.of("qemu-aarch64", "aarch64-linux-gnu-gcc", "cc")) {
      if (!Launcher.installed(tool)) {
        return;
      }
    }
    Launcher.Result result =
        bench(
            System.getenv("PATH"),
            "--seconds",
            "0.1",
            "--only",
            "getppid,overwrite,saxpy,threads",
            "--json");
    assertThat(result.out())
        .contains("\"group\": \"syscalls\"", "\"group\": \"writes\"", "\"group\": \"vectors\"")
        .containsPattern("\"name\": \"getppid\",\\s*\"svc0\": [0-9.]+,\\s*\"native\": [0-9.]+,")
        .containsPattern("\"ratio_to_qemu\": [0-9.]+")
        .containsPattern("\"name\": \"hash in two threads\",\\s*\"svc0\": [0-9.]+,\\s*\"native\": ")
        .containsPattern("\"at_least\": 1.8,\\s*\"measured\": [0-9.]+,")
        .doesNotContain("gives"); // another result than under qemu-aarch64
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
  }
}
