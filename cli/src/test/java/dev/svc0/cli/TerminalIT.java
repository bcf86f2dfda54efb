package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code svc0 run} in a terminal of the host, which {@code script} makes: somebody types. */
@Timeout(240)
class TerminalIT {
  @TempDir Path folder;

  @Test
  void aShellHasJobControlAndTheHostsTerminalComesBack() throws Exception {
    String busybox = System.getenv("SVC0_BUSYBOX");
    Assumptions.assumeTrue(Launcher.installed("script"), "no script: install bsdutils");
    Assumptions.assumeTrue(busybox != null, "SVC0_BUSYBOX names no arm64 busybox");
    String run =
        Launcher.HOME.resolve("svc0") + " run " + Path.of(busybox).toAbsolutePath() + " sh";
    try (Typist typist =
        new Typist(
            folder,
            "stty rows 33 cols 99; stty -g >before; " + run + "; echo =$?; stty -g >after")) {
      typist.type("PS1='rea''dy '\n");
      typist.await("ready ");
      typist.type("tty; stty size\n");
      typist.await("/dev/hvc0");
      typist.await("33 99");
      typist.await("ready ");
      typist.type("sh -c \"echo o''n; cat\"\n");
      typist.await("on\r\n");
      typist.type("\u001a");
      typist.await("Stopped");
      typist.await("ready ");
      typist.type("kill -9 %1; wait\n");
      typist.await("ready ");
      typist.type("sh -c \"echo se''cond; cat\"\n");
      typist.await("second\r\n");
      typist.type("\u0003");
      typist.await("ready ");
      typist.type("echo got $?\n");
      typist.await("got 130");
      typist.type("exit 7\n");
      typist.await("=7");
      typist.awaitEnd();
    }
    assertThat(folder.resolve("after")).hasSameTextualContentAs(folder.resolve("before"));
    assertThat(Files.size(folder.resolve("after"))).isPositive();
  }

  @Test
  void theHostsTerminalComesBackWhenSvc0IsKilled() throws Exception {
    String busybox = System.getenv("SVC0_BUSYBOX");
    Assumptions.assumeTrue(Launcher.installed("script"), "no script: install bsdutils");
    Assumptions.assumeTrue(busybox != null, "SVC0_BUSYBOX names no arm64 busybox");
    String run =
        Launcher.HOME.resolve("svc0") + " run " + Path.of(busybox).toAbsolutePath() + " sh";
    String wait = "while [ \"$(stty -g)\" != \"$(cat before)\" ]; do sleep 0.1; done";
    try (Typist typist =
        new Typist(folder, "stty -g >before; " + run + "; echo =$?; " + wait + "; echo ba''ck")) {
      typist.type("PS1='rea''dy '\n");
      typist.await("ready ");
      ProcessHandle jvm =
          typist
              .descendants()
              .filter(p -> p.info().command().orElse("").endsWith("/java"))
              .findFirst()
              .orElseThrow();
      assertThat(jvm.destroyForcibly()).isTrue();
      typist.await("=137");
      typist.await("back");
      typist.awaitEnd();
    }
  }
}
