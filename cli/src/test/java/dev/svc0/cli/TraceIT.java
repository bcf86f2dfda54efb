package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code svc0 trace} as a person uses it. */
class TraceIT {
  /** Name and number at the end of a line of strace. */
  private static final Pattern CALL =
      Pattern.compile("^(?:\\d+ +)?([a-z0-9_]+)\\(.*\\) *= ?(-?\\d+|\\?).*$");

  @TempDir Path folder;

  @Test
  void twoRunsByInstructionsAreTheSameByteForByte() throws Exception {
    List<String> traces = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      Launcher.svc0(
          folder,
          "trace",
          "--clock",
          "instructions",
          "-e",
          "filemap:*",
          "--format",
          "jsonl=" + name,
          Launcher.guest("write-paths"),
          "/tmp");
      traces.add(Files.readString(folder.resolve(name)));
    }
    assertThat(traces.get(0)).contains("\"verdict\":\"complete\"").contains("\"sys_exit\"");
    assertThat(traces.get(1)).isEqualTo(traces.get(0));
  }

  /** Buffered, O_SYNC and O_DIRECT writes with their journal, each time on a copy of one image. */
  @Test
  void twoRunsByInstructionsOnADiskCallTheSameFunctions() throws Exception {
    Launcher.svc0(folder, "image", "create", "--size", "16M", "empty.img");
    List<List<String>> runs = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      Files.copy(folder.resolve("empty.img"), folder.resolve(name + ".img"));
      Launcher.svc0(
          folder,
          "trace",
          "--clock",
          "instructions",
          "--graph",
          "--call",
          "all",
          "--out",
          name + ".graph",
          "--format",
          "strace=" + name + ".strace",
          "--format",
          "jsonl=" + name + ".jsonl",
          "--image",
          name + ".img:/mnt",
          Launcher.guest("write-paths"),
          "/mnt");
      runs.add(
          List.of(
              Files.readString(folder.resolve(name + ".strace")),
              ofPrograms(folder.resolve(name + ".graph")),
              ofPrograms(folder.resolve(name + ".jsonl"))));
    }
    List<String> first = runs.get(0);
    assertThat(first.get(0)).endsWith("# complete\n");
    assertThat(first.get(1))
        .contains("ext4_sync_file() {")
        .contains("iomap_dio_rw() {")
        .contains("jbd2_log_wait_commit();")
        .contains("file_update_time_flags() {");
    assertThat(first.get(2)).contains("\"name\":\"ext4_file_write_iter\"");
    for (int i = 0; i < first.size(); i++) {
      assertThat(runs.get(1).get(i)).isEqualTo(first.get(i));
    }
  }

  /** Without what the kernel's own threads did meanwhile. */
  private static String ofPrograms(Path file) throws Exception {
    StringBuilder kept = new StringBuilder();
    boolean programs = true;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("-- task ")) { // of a graph
        programs = line.matches("-- task (svc0|write-paths)-\\d+");
      } else if (programs && !line.contains("\"pid\":0,")) {
        kept.append(line).append('\n');
      }
    }
    return kept.toString();
  }

  @Test
  void straceSaysWhatQemuSays() throws Exception {
    assumeTrue(Launcher.installed("qemu-aarch64"), "needs qemu-user");
    Path place = Files.createDirectory(folder.resolve("files"));
    Launcher.Result real =
        Launcher.run(
            folder,
            List.of("qemu-aarch64", "-strace", Launcher.guest("write-paths"), place.toString()));
    Launcher.svc0(
        folder, "trace", "--format", "strace=trace", Launcher.guest("write-paths"), "/tmp");
    List<String> ours = calls(Files.readString(folder.resolve("trace")));
    List<String> theirs = calls(real.err());
    assertThat(theirs).hasSizeGreaterThan(50);
    // The descriptor that O_DIRECT could not open on tmpfs, and what is said of it, may differ.
    int same = 0;
    while (same < Math.min(ours.size(), theirs.size()) && ours.get(same).equals(theirs.get(same))) {
      same++;
    }
    assertThat(same).as("%s%n%s", ours, theirs).isGreaterThan(35);
  }

  private static List<String> calls(String text) {
    List<String> found = new ArrayList<>();
    text.lines()
        .forEach(line -> {
          Matcher matcher = CALL.matcher(line);
          if (matcher.matches()) {
            found.add(matcher.group(1) + " = " + matcher.group(2));
          }
        });
    return found;
  }

  @Test
  void recordsOnlyWhatFulfilsTheCondition() throws Exception {
    Launcher.svc0(
        folder,
        "trace",
        "--where",
        "call==write && result==-9",
        "--format",
        "strace=trace",
        Launcher.guest("write-paths"),
        "/tmp");
    assertThat(Files.readString(folder.resolve("trace")))
        .matches("(write\\(\\d+, .*\\) += -1 EBADF \\(Bad file descriptor\\)\n){2}# complete\n");
  }

  @Test
  void endsTheRecordingWhenTheCallComes() throws Exception {
    Launcher.svc0(
        folder,
        "trace",
        "--flight",
        "60000",
        "--when",
        "result==-14",
        "--format",
        "strace=trace",
        Launcher.guest("write-paths"),
        "/tmp");
    assertThat(Files.readString(folder.resolve("trace")))
        .endsWith(" = -1 EFAULT (Bad address)\n# complete\n");
  }

  @Test
  void namesTheLineOfTheProgramThatCausedABio() throws Exception {
    assertThat(Launcher.svc0(folder, "image", "create", "--size", "16M", "disk.img").status())
        .isZero();
    Launcher.svc0(
        folder,
        "trace",
        "--stack",
        "-y",
        "--image",
        "disk.img:/mnt",
        "--format",
        "causes=causes",
        "--html",
        "report.html",
        Launcher.guest("write-paths"),
        "/mnt");
    String causes = Files.readString(folder.resolve("causes"));
    assertThat(causes)
        .containsPattern("caused by op \\d+ write-paths-\\d+ write\\(3</mnt/written>, \"aaaa")
        .contains("file /mnt/written")
        .containsPattern("at   run\\+0x[0-9a-f]+ \\(svc\\.h:\\d+, near write-paths\\.c:\\d+\\)")
        .containsPattern("= -EBADF\n    first returned by ");
    assertThat(Files.readString(folder.resolve("report.html"))).contains("near write-paths.c:");
  }

  @Test
  void saysWhatIsWrongWithACondition() throws Exception {
    Launcher.Result result =
        Launcher.svc0(folder, "trace", "-c", "--where", "colour==red", Launcher.guest("hello"));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("\"colour\" is no key");
  }

  /** A program that runs, traced twice from another terminal. */
  @Test
  void recordsAProgramThatRuns() throws Exception {
    String busybox = System.getenv("SVC0_BUSYBOX");
    assumeTrue(busybox != null, "needs an arm64 busybox");
    Launcher.svc0(folder, "image", "create", "--size", "16M", "disk.img");
    Process running =
        Launcher.start(folder, "run", "--image", "disk.img:/mnt", busybox, "tee", "/mnt/file");
    try (OutputStream in = running.getOutputStream()) {
      String pid = Long.toString(running.pid());
      Process first = Launcher.start(folder, "trace", "--pid", pid, "--format", "strace=one");
      BufferedReader said = first.errorReader();
      assertThat(said.readLine()).contains("recording process " + pid);
      for (char c : "xz".toCharArray()) { // the second has come back: the first is over
        in.write(c);
        in.flush();
        assertThat(running.getInputStream().read()).isEqualTo(c);
      }
      first.destroy(); // SIGTERM, as from a terminal SIGINT
      assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(folder.resolve("one")))
          .contains("write(1, \"x\", 1)")
          .endsWith("# complete\n");

      Process second =
          Launcher.start(folder, "trace", "--pid", pid, "--graph", "--call", "write", "-c");
      assertThat(second.errorReader().readLine()).contains("recording process " + pid);
      in.write('y');
      in.flush();
      in.close(); // the program ends, and the recording with it
      assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("ext4_file_write_iter() {")
          .contains("generic_perform_write() {"); // when it is written back is not known
      assertThat(second.waitFor()).isZero();
    }
    assertThat(running.waitFor()).isZero();
    assertThat(new String(running.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEmpty();
  }

  @Test
  void addsUpWhatLayersTakeAndRecordsNothing() throws Exception {
    Launcher.Result result =
        Launcher.svc0(folder, "trace", "--hist", "layer", Launcher.guest("write-paths"), "/tmp");
    assertThat(result.err())
        .startsWith("% time     seconds   nsecs/call      calls layer\n")
        .containsPattern(" \\d+ syscall\n")
        .containsPattern(" \\d+ vfs\n");
  }

  @Test
  void keepsRecordsInAFile() throws Exception {
    Launcher.Result result =
        Launcher.svc0(folder, "trace", "--spool", ".", "-c", Launcher.guest("hello"));
    assertThat(result.err()).contains(" write\n").endsWith("# complete\n");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void saysWhichProcessesCanBeRecorded() throws Exception {
    Launcher.Result result = Launcher.svc0(folder, "trace", "--pid", "1", "-c");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("process 1 runs no program with svc0. There ");
  }
}
