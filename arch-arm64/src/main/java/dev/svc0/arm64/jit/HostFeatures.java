package dev.svc0.arm64.jit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which extensions of the instruction set the host has, as Linux tells. */
final class HostFeatures {
  private static final Set<String> FLAGS = flags();

  /** What all vector code here is made of. */
  static final boolean VECTORS = FLAGS.containsAll(List.of("ssse3", "sse4_1", "sse4_2", "pni"));

  static final boolean FMA = FLAGS.containsAll(List.of("avx", "fma"));
  static final boolean AVX2 = FLAGS.contains("avx2");
  static final boolean BMI2 = FLAGS.contains("bmi2");
  static final boolean LZCNT = FLAGS.contains("abm");
  static final boolean AES = FLAGS.contains("aes");
  static final boolean CARRYLESS_MULTIPLY = FLAGS.contains("pclmulqdq");
  static final boolean SHA = FLAGS.contains("sha_ni");

  /** All extensions of the host, in order. */
  static final String NAMES = String.join(" ", new TreeSet<>(FLAGS));

  private HostFeatures() {}

  private static Set<String> flags() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.copyOf(List.of(line.substring(line.indexOf(':') + 1).split("\\s+"))))
          .orElse(Set.of());
    } catch (IOException unknown) {
      return Set.of();
    }
  }
}
