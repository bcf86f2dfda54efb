package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Classes of old versions become ones that the AOT cache takes, and do what they did. */
class ModernClassesTest {
  @TempDir Path folder;
  private Path jar;

  @BeforeEach
  void copyPicocli() throws Exception {
    Path from =
        Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    jar = Files.copy(from, folder.resolve("picocli.jar"));
  }

  @Test
  void everyClassIsNewEnoughAndPassesTheVerifier() throws Exception {
    assertThat(oldest()).isLessThan(ClassFile.JAVA_6_VERSION);
    ModernClasses.main(new String[] {jar.toString()});
    assertThat(oldest()).isGreaterThanOrEqualTo(ClassFile.JAVA_8_VERSION);
    int verified = 0;
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      for (String name : classes()) {
        try {
          Class.forName(name, true, loader); // which verifies it
          verified++;
        } catch (NoClassDefFoundError missing) {
          assertThat(missing).hasMessageContaining("groovy"); // of another library, optional
        }
      }
    }
    assertThat(verified).isGreaterThan(150);
  }

  @Test
  void aSecondTimeChangesNothing() throws Exception {
    ModernClasses.main(new String[] {jar.toString()});
    byte[] once = Files.readAllBytes(jar);
    ModernClasses.main(new String[] {jar.toString()});
    assertThat(Files.readAllBytes(jar)).isEqualTo(once);
  }

  private List<String> classes() throws Exception {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.contains("module-info"))
          .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
          .toList();
    }
  }

  private int oldest() throws Exception {
    int oldest = Integer.MAX_VALUE;
    try (JarFile file = new JarFile(jar.toFile())) {
      for (String name : classes()) {
        byte[] bytes =
            file.getInputStream(file.getEntry(name.replace('.', '/') + ".class")).readAllBytes();
        oldest = Math.min(oldest, ClassFile.of().parse(bytes).majorVersion());
      }
    }
    return oldest;
  }
}
