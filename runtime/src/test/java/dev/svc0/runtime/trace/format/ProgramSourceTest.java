package dev.svc0.runtime.trace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions and lines of programs, compared with addr2line. */
class ProgramSourceTest {
  private static final Path COMPILER = Path.of("/usr/bin/aarch64-linux-gnu-gcc");
  private static final String SOURCE =
      """
      static long put(long n) {
        register long x8 __asm__("x8") = n;
        __asm__ volatile("svc #0" : : "r"(x8));
        return n;
      }
      static long (*volatile call)(long) = put;
      long twice(long n) {
        return call(n)
            + call(n + 1);
      }
      void _start(void) {
        for (;;) {
          twice(64);
        }
      }
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"-gdwarf-5", "-gdwarf-4"})
  void everyAddressIsWhereTheToolsSay(String format) throws Exception {
    Path program = compile(format);
    ProgramSource source = ProgramSource.of(Files.readAllBytes(program));
    int compared = 0;
    for (String line : run("aarch64-linux-gnu-objdump", "-d", program.toString()).split("\n")) {
      if (line.matches(" +[0-9a-f]+:\t.*")) {
        long address = Long.parseLong(line.substring(0, line.indexOf(':')).strip(), 16);
        String[] expected =
            run(
                    "aarch64-linux-gnu-addr2line",
                    "-f",
                    "-s",
                    "-e",
                    program.toString(),
                    "0x" + Long.toHexString(address))
                .split("\n");
        assertThat(source.at(address + 4))
            .startsWith(expected[0] + "+0x")
            .endsWith("(" + expected[1].replaceFirst(" \\(discriminator.*", "") + ")");
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(15);
  }

  @Test
  void inlinedCodeIsShownWithTheLineItWasInlinedInto() throws Exception {
    assumeTrue(System.getenv("CI") != null || Files.isExecutable(COMPILER), "needs " + COMPILER);
    Files.writeString(
        folder.resolve("call.h"),
        "static inline __attribute__((always_inline)) void call(void) {\n"
            + "  __asm__ volatile(\"svc #0\");\n}\n");
    Path source =
        Files.writeString(
            folder.resolve("main.c"),
            "#include \"call.h\"\nvoid _start(void) {\n  for (volatile int i = 1;;) {\n    i++; call();\n  }\n}\n");
    Path program = folder.resolve("main");
    run(
        COMPILER.toString(),
        "-g",
        "-O0",
        "-nostdlib",
        "-static",
        "-o",
        program.toString(),
        source.toString());
    long svc =
        run("aarch64-linux-gnu-objdump", "-d", program.toString())
            .lines()
            .filter(line -> line.contains("svc"))
            .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(':')).strip(), 16))
            .findFirst()
            .orElseThrow();
    assertThat(ProgramSource.of(Files.readAllBytes(program)).at(svc + 4))
        .startsWith("_start+0x")
        .endsWith("(call.h:2, near main.c:4)");
  }

  @Test
  void damagedFilesOnlyLoseNames() throws Exception {
    byte[] good = Files.readAllBytes(compile("-gdwarf-5"));
    long seed = Long.getLong("svc0.seed", 1);
    System.out.println("seed of damaged programs: " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(8); n >= 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      byte[] cut = java.util.Arrays.copyOf(bad, random.nextInt(bad.length));
      assertThat(ProgramSource.of(bad).at(0x400100)).isNotEmpty();
      assertThat(ProgramSource.of(cut).at(0x400100)).isNotEmpty();
    }
    assertThat(ProgramSource.of(new byte[0]).at(0x1004)).isEqualTo("0x1000");
  }

  private Path compile(String format) throws Exception {
    assumeTrue(System.getenv("CI") != null || Files.isExecutable(COMPILER), "needs " + COMPILER);
    Path source = Files.writeString(folder.resolve("toy.c"), SOURCE);
    Path program = folder.resolve("toy");
    run(
        COMPILER.toString(),
        format,
        "-O1",
        "-nostdlib",
        "-static",
        "-fno-inline",
        "-o",
        program.toString(),
        source.toString());
    return program;
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
