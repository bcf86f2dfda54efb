package dev.svc0.runtime.syscall;

import dev.svc0.annotation.index.SyscallIndex;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * Handlers in a jar, or a folder of classes, that was compiled with svc0's processor but is on no
 * class path: its indexes are found in their package and made ready to {@linkplain
 * SyscallDispatch#extend join a table}.
 */
public final class SyscallJar {
  private static final String FOLDER = SyscallIndex.PACKAGE.replace('.', '/') + "/";
  private static final String CLASS = ".class";

  private SyscallJar() {}

  /**
   * Loads the modules; their classes stay loaded as long as one of them is used.
   *
   * @throws IOException when it cannot be read, holds no handlers, or was compiled against another
   *     version of svc0
   */
  public static List<SyscallModule> load(Path jar) throws IOException {
    List<String> names = indexes(jar);
    if (names.isEmpty()) {
      throw new IOException(
          jar + " holds no system calls: compile it with svc0-processor as annotation processor");
    }
    URLClassLoader loader =
        new URLClassLoader(
            "syscalls of " + jar.getFileName(),
            new URL[] {url(jar)},
            SyscallJar.class.getClassLoader());
    List<SyscallModule> modules = new ArrayList<>();
    for (String name : names) {
      modules.add(load(jar, loader, name));
    }
    return modules;
  }

  private static List<String> indexes(Path jar) throws IOException {
    if (Files.isDirectory(jar)) {
      Path folder = jar.resolve(FOLDER);
      if (!Files.isDirectory(folder)) {
        return List.of();
      }
      try (Stream<Path> files = Files.list(folder)) {
        return classNames(files.map(file -> FOLDER + file.getFileName()));
      }
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      return classNames(file.stream().map(entry -> entry.getName()));
    } catch (ZipException e) {
      throw new IOException(jar + " is neither a jar nor a folder of classes", e);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + jar, e);
    }
  }

  private static List<String> classNames(Stream<String> paths) {
    return paths
        .filter(path -> path.startsWith(FOLDER) && path.endsWith(CLASS))
        .map(path -> path.substring(0, path.length() - CLASS.length()).replace('/', '.'))
        .sorted()
        .toList();
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }

  private static SyscallModule load(Path jar, ClassLoader loader, String name) throws IOException {
    try {
      Class<?> index = Class.forName(name, true, loader);
      return (SyscallModule) index.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
      throw new IOException(
          jar
              + " was compiled against another version of svc0: "
              + name
              + " does not load ("
              + e
              + ")",
          e);
    }
  }
}
