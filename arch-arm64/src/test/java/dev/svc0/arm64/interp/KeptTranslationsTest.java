package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Code.SVC_0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.arm64.jit.EngineOptions;
import dev.svc0.arm64.jit.TieredEngine;
import dev.svc0.runtime.mm.FrameAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machine code that a later run takes from a file, and files that it must not take it from. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class KeptTranslationsTest {
  /** Calls a function ten times, which adds 3: mov w2, 10; 1: bl f; subs; b.ne 1b; svc; f. */
  private static final int[] PROGRAM = {
    0x52800142, 0x94000004, 0x71000442, 0x54ffffc1, SVC_0, 0x91000c00, 0xd65f03c0
  };

  private static final int ADD_5 = 0x91001400;
  private static final String BUILD = "a build";

  private final FrameAllocator frames = new FrameAllocator(1 << 12);

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void firstRun() throws IOException {
    file = folder.resolve("program.code");
    TieredEngine engine = run(BUILD, PROGRAM, 30);
    assertThat(engine.statistics().quickUnits()).isPositive();
    engine.saveTranslations();
    assertThat(file).exists();
  }

  /** Runs a program to the end, with a result that is checked. */
  private TieredEngine run(String build, int[] program, long result) {
    TieredEngine engine = new TieredEngine(EngineOptions.forcedQuick());
    engine.keepTranslations(file, build);
    Code code = new Code(engine, frames, program);
    code.run();
    assertThat(code.cpu.x[0]).isEqualTo(result);
    assertThat(code.cpu.pc).isEqualTo(Code.TEXT + 20);
    return engine;
  }

  private void translatesItself(TieredEngine engine) {
    assertThat(engine.statistics().keptUnits()).isZero();
    assertThat(engine.statistics().quickUnits()).isPositive();
  }

  @Test
  void aLaterRunTranslatesNothing() throws IOException {
    TieredEngine second = run(BUILD, PROGRAM, 30);
    assertThat(second.statistics().whyNotKept()).isNull();
    assertThat(second.statistics().keptUnits()).isPositive();
    assertThat(second.statistics().quickUnits()).isZero();
    second.saveTranslations(); // with units that were read
    TieredEngine third = run(BUILD, PROGRAM, 30);
    assertThat(third.statistics().quickUnits()).isZero();
  }

  @Test
  void anotherProgramAtTheSameAddressesHasItsOwn() throws IOException {
    int[] changed = PROGRAM.clone();
    changed[5] = ADD_5;
    TieredEngine other = run(BUILD, changed, 50);
    assertThat(other.statistics().keptUnits()).isPositive();
    assertThat(other.statistics().quickUnits()).isPositive();
    other.saveTranslations();
    assertThat(run(BUILD, PROGRAM, 30).statistics().quickUnits()).isZero();
    assertThat(run(BUILD, changed, 50).statistics().quickUnits()).isZero();
  }

  @Test
  void anotherBuildTranslatesItself() {
    TieredEngine other = run("another", PROGRAM, 30);
    assertThat(other.statistics().whyNotKept()).endsWith("another version made it");
    translatesItself(other);
  }

  /** A damaged file would be executed. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void aFileWithAChangedByteIsNotUsed(int which) throws IOException {
    byte[] right = Files.readAllBytes(file);
    for (int at = which; at < right.length; at += 7 * 13) {
      byte[] wrong = right.clone();
      wrong[at] ^= (byte) (1 << at % 8);
      Files.write(file, wrong);
      TieredEngine engine = run(BUILD, PROGRAM, 30);
      assertThat(engine.statistics().whyNotKept()).as("byte %d", at).isNotNull();
      translatesItself(engine);
    }
  }

  @Test
  void aShorterFileIsNotUsed() throws IOException {
    byte[] right = Files.readAllBytes(file);
    for (int length = 0; length < right.length; length += 1 + length / 3) {
      Files.write(file, java.util.Arrays.copyOf(right, length));
      TieredEngine engine = run(BUILD, PROGRAM, 30);
      assertThat(engine.statistics().whyNotKept()).as("%d bytes", length).isNotNull();
      translatesItself(engine);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-rw----", "rw----rw-"})
  void aFileThatOthersMayWriteIsNotUsed(String permissions) throws IOException {
    Path same = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    TieredEngine engine = run(BUILD, PROGRAM, 30);
    assertThat(engine.statistics().whyNotKept())
        .isEqualTo(same + ": it is no file, or others than the user may write to it");
    translatesItself(engine);
  }

  /** They could put another file in its place. */
  @Test
  void aFileInAFolderThatOthersMayWriteIsNotUsed() throws IOException {
    Path shared =
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    TieredEngine engine = run(BUILD, PROGRAM, 30);
    assertThat(engine.statistics().whyNotKept()).endsWith("may write to its folder");
    translatesItself(engine);
    assertThat(shared).isEqualTo(folder);
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path real = Files.move(file, folder.resolve("real"));
    Path ignored = Files.createSymbolicLink(file, real);
    translatesItself(run(BUILD, PROGRAM, 30));
  }

  @Test
  void nobodyElseMayReadTheFile() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }
}
