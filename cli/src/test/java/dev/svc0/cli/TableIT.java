package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code svc0 table} in every format. */
class TableIT {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "arm64, text, write",
    "arm64, json, '\"write\"'",
    "arm64, markdown, write",
    "arm64, html, <html",
    "arm64, header, #define __NR_write 64",
    "arm64, java, __NR_write = 64",
    "x86_64, header, #define __NR_write 1",
    "x86_64, text, those of arm64 here too",
    "x86_64, markdown, those of arm64 here too",
    "x86_64, html, those of arm64 here too",
    "x86_64, json, '\"layouts\": \"arm64\"'",
    "x86_64, java, __NR_pwritev = 296"
  })
  void printsTheTable(String abi, String format, String expected) throws Exception {
    Launcher.Result result = Launcher.svc0(folder, "table", "--abi", abi, "--format", format);
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains(expected);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void namesTheFormatsThereAre() throws Exception {
    Launcher.Result result = Launcher.svc0(folder, "table", "--format", "yaml");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("Unknown value 'yaml'").contains("markdown");
  }
}
