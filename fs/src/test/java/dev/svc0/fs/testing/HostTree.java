package dev.svc0.fs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares a mounted file system with a folder of the host that it was filled from. */
public final class HostTree {
  private HostTree() {}

  /** Asserts that names, kinds, modes, sizes and contents are the same; the number of files. */
  public static int compare(TestKernel kernel, String path, Path folder) throws IOException {
    List<String> expected = new ArrayList<>();
    try (var listed = Files.list(folder)) {
      listed.forEach(one -> expected.add(one.getFileName().toString()));
    }
    List<String> names = new ArrayList<>(kernel.list(path.isEmpty() ? "/" : path).keySet());
    names.removeAll(List.of(".", ".."));
    if (path.isEmpty()) {
      names.remove("lost+found");
    }
    assertThat(names).as(path).containsExactlyInAnyOrderElementsOf(expected);
    int count = 0;
    for (String name : expected) {
      count += 1 + compareOne(kernel, path + "/" + name, folder.resolve(name));
    }
    return count;
  }

  private static int compareOne(TestKernel kernel, String path, Path host) throws IOException {
    int mode = (int) Files.getAttribute(host, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    assertThat(kernel.ask(path, inode -> inode.mode)).as(path).isEqualTo(mode);
    if (Files.isSymbolicLink(host)) {
      assertThat(kernel.readlink(path)).isEqualTo(Files.readSymbolicLink(host).toString());
      return 0;
    }
    if (Files.isDirectory(host)) {
      return compare(kernel, path, host);
    }
    assertThat(Arrays.equals(kernel.read(path), Files.readAllBytes(host))).as(path).isTrue();
    return 0;
  }
}
