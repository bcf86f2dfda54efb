package dev.svc0.cli;

import dev.svc0.arm64.jit.TieredEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Machine code that is kept between runs: a file for each program in the user's cache folder, so
 * that what a program needs to start is translated once.
 */
final class KeptCode {
  private static final String NONE = "none";
  private static final String SUFFIX = ".code";

  /** The files of so many programs stay: those that were written last. */
  private static final int MOST_FILES = 32;

  private static final int MOST_NAME = 40;

  private final TieredEngine engine;
  private final Path folder;
  private final Path file;

  private KeptCode(TieredEngine engine, Path folder, String name) {
    this.engine = engine;
    this.folder = folder;
    this.file = folder.resolve(name);
    engine.keepTranslations(file);
  }

  /**
   * Has an engine use what earlier runs of a command kept; null when nothing is to be kept.
   *
   * @param where the folder, {@code none}, or null for the user's cache folder
   * @param root what the program sees as /, which tells programs of one name apart
   */
  static @Nullable KeptCode use(
      TieredEngine engine, @Nullable String where, @Nullable String root, String program) {
    if (NONE.equals(where)) {
      return null;
    }
    Path folder = where == null ? usersCache().resolve("code") : Path.of(where);
    String whole = root == null ? program : root + "\n" + program;
    String name = program.substring(program.lastIndexOf('/') + 1).replaceAll("[^\\w.+-]", "_");
    return new KeptCode(
        engine,
        folder,
        name.substring(0, Math.min(name.length(), MOST_NAME))
            + "-"
            + Integer.toHexString(whole.hashCode())
            + SUFFIX);
  }

  /** Where programs of this user keep what can be made again. */
  static Path usersCache() {
    String cache = System.getenv("XDG_CACHE_HOME");
    return (cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache))
        .resolve("svc0");
  }

  /** Keeps what is new. A folder that cannot be written is no error: the next run translates. */
  void save() {
    if (!engine.hasTranslationsToSave()) {
      return;
    }
    try {
      if (!Files.isDirectory(folder)) {
        Path ignored =
            Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      boolean isNew = !Files.exists(file);
      engine.saveTranslations();
      if (isNew) {
        prune();
      }
    } catch (IOException | UnsupportedOperationException cannot) {
      engine.statistics().notKept(String.valueOf(cannot));
    }
  }

  private void prune() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(each -> each.toString().endsWith(SUFFIX))
              .sorted(Comparator.comparingLong((Path each) -> each.toFile().lastModified()))
              .toList();
    }
    for (Path old : files.subList(0, Math.max(0, files.size() - MOST_FILES))) {
      boolean ignored = Files.deleteIfExists(old);
    }
  }
}
