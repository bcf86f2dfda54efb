package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What helps at the prompt: completion in real shells, and the manual. */
@Timeout(240)
class CompletionIT {
  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "bash, bash --norc --noprofile -i, true",
    "zsh, zsh -f -i, autoload -U compinit bashcompinit; compinit -u -D; bashcompinit"
  })
  void aShellCompletes(String shell, String start, String prepare) throws Exception {
    Assumptions.assumeTrue(Launcher.installed("script"), "no script: install bsdutils");
    Assumptions.assumeTrue(Launcher.installed(shell), "no " + shell);
    Files.writeString(
        folder.resolve("completion"), Launcher.svc0(folder, "completion", shell).out());
    String path = "PATH=" + Launcher.HOME + ":$PATH";
    try (Typist typist = new Typist(folder, start)) {
      typist.type("PS1='rea''dy '; " + prepare + "; " + path + "; . ./completion\n");
      typist.await("ready ");
      typist.type("svc0 run --ro\t");
      typist.await("svc0 run --root");
      typist.type("\u0015svc0 image import-d\t");
      typist.await("svc0 image import-debs");
      typist.type("\u0015svc0 table --format mark\t");
      typist.await("svc0 table --format markdown");
      typist.type("\u0015exit\n");
      typist.awaitEnd();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "svc0 im, image",
    "svc0 run --ro, --root",
    "svc0 run --engine=int, --engine=interp",
    "svc0 image import-d, import-debs",
    "svc0 image ls --js, --json",
    "svc0 table --format mark, markdown",
    "svc0 completion fi, fish"
  })
  void fishCompletes(String typed, String completed) throws Exception {
    Assumptions.assumeTrue(Launcher.installed("fish"), "no fish");
    Files.writeString(
        folder.resolve("completion"), Launcher.svc0(folder, "completion", "fish").out());
    Launcher.Result result =
        Launcher.run(
            folder,
            List.of("fish", "--no-config", "-c", "source completion; complete -C '" + typed + "'"));
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().map(line -> line.split("\t")[0])).containsExactly(completed);
  }

  @Test
  void theManualHasAPageForEachCommandAndNoFault() throws Exception {
    assertThat(Launcher.svc0(folder, "manual", "man").status()).isZero();
    List<String> pages = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("man"))) {
      files.sorted().forEach(page -> pages.add("man/" + page.getFileName()));
    }
    assertThat(pages).contains("man/svc0.1", "man/svc0-run.1", "man/svc0-image-import-debs.1");
    assertThat(Files.readString(folder.resolve("man/svc0-run.1")))
        .contains("\\-\\-root=DIR|IMAGE[:rw]");
    Assumptions.assumeTrue(Launcher.installed("mandoc"), "no mandoc");
    List<String> command = new ArrayList<>(List.of("mandoc", "-T", "lint", "-W", "warning"));
    command.addAll(pages);
    Launcher.Result lint = Launcher.run(folder, command);
    assertThat(lint.out() + lint.err()).isEmpty();
    assertThat(lint.status()).isZero();
  }
}
