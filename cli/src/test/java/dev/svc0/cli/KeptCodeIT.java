package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Translated code from one run of a program to the next. */
@EnabledIfEnvironmentVariable(named = "SVC0_BUSYBOX", matches = ".+")
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class KeptCodeIT {
  private static final String LOOP = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo $i";

  @TempDir Path folder;
  private Path kept;

  @BeforeEach
  void name() {
    kept = folder.resolve("cache/svc0/code");
  }

  private String run(String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "XDG_CACHE_HOME=" + folder.resolve("cache"),
                Launcher.HOME.resolve("svc0").toString(),
                "run",
                "--engine-stats"));
    command.addAll(List.of(options));
    command.addAll(List.of(System.getenv("SVC0_BUSYBOX"), "sh", "-c", LOOP));
    Launcher.Result result = Launcher.run(folder, command);
    assertThat(result.out()).isEqualTo("20000\n");
    return result.err();
  }

  private static long number(String statistics, String what) {
    Matcher line = Pattern.compile("(?m)^" + what + " +(\\d+)$").matcher(statistics);
    assertThat(line.find()).as(what + " in " + statistics).isTrue();
    return Long.parseLong(line.group(1));
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> all = Files.list(kept)) {
      return all.toList();
    }
  }

  @Test
  void theSecondRunTranslatesMuchLess() throws Exception {
    String first = run();
    assertThat(number(first, "quick units of earlier runs")).isZero();
    long translated = number(first, "quick units");
    assertThat(files()).singleElement().asString().matches(".*/busybox-[0-9a-f]+[.]code");
    String second = run();
    assertThat(number(second, "quick units of earlier runs")).isEqualTo(translated);
    assertThat(number(second, "quick units")).isLessThan(translated / 2);
  }

  @Test
  void nothingIsKeptIfNotWanted() throws Exception {
    run("--code-cache", "none");
    assertThat(kept).doesNotExist();
    run("--code-cache", folder.resolve("own").toString());
    assertThat(kept).doesNotExist();
    assertThat(folder.resolve("own")).isNotEmptyDirectory();
  }

  @Test
  void aFolderThatCannotBeMadeOnlyCostsTime() throws Exception {
    Files.writeString(folder.resolve("cache"), "a file");
    assertThat(run()).contains("not kept between runs: ");
  }

  @Test
  void onlySoManyProgramsAreRemembered() throws Exception {
    Path ignored = Files.createDirectories(kept);
    for (int i = 0; i < 40; i++) {
      Path old = Files.createFile(kept.resolve("old" + i + ".code"));
      assertThat(old.toFile().setLastModified(1_000_000_000L + i)).isTrue();
    }
    Files.createFile(kept.resolve("not-ours"));
    run();
    assertThat(files()).hasSize(33).contains(kept.resolve("not-ours"), kept.resolve("old39.code"));
    assertThat(kept.resolve("old0.code")).doesNotExist();
  }
}
