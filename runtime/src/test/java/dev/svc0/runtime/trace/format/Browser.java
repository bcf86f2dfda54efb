package dev.svc0.runtime.trace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A headless browser that opens a page and says what the page's scripts found. */
final class Browser {
  private static final String CHROMIUM = "/usr/bin/chromium";

  private Browser() {}

  /** What a page left in its title between {@code SEEN} and {@code END}. */
  static String title(Path folder, String page) throws IOException, InterruptedException {
    assumeTrue(
        System.getenv("CI") != null || Files.isExecutable(Path.of(CHROMIUM)), "needs " + CHROMIUM);
    Path file = Files.writeString(folder.resolve("page.html"), page);
    Path log = folder.resolve("dom");
    Process chromium =
        new ProcessBuilder(
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + folder.resolve("profile"),
                "--dump-dom",
                file.toUri().toString())
            .redirectOutput(log.toFile())
            .redirectError(folder.resolve("stderr").toFile())
            .start();
    if (!chromium.waitFor(120, TimeUnit.SECONDS)) {
      chromium.destroyForcibly();
      throw new AssertionError("the browser did not finish");
    }
    Matcher title =
        Pattern.compile("<title>SEEN(.*?)END", Pattern.DOTALL).matcher(Files.readString(log));
    assertThat(title.find()).as("the page's script reached its end").isTrue();
    return title.group(1);
  }
}
