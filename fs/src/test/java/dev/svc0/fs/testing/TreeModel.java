package dev.svc0.fs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Inode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A file tree in memory, the random operations that change it and a mounted file system alike, and
 * the comparison of the two.
 */
public final class TreeModel {
  private static final int MAX_FILE = 400_000;

  /** A file, a directory or a symlink of the model. */
  static final class Node {
    final int type;
    int mode;
    int links = 1;
    byte[] content = new byte[0];
    String target = "";
    final Map<String, Node> children = new TreeMap<>();
    final Map<String, byte[]> attributes = new TreeMap<>();

    Node(int type, int mode) {
      this.type = type;
      this.mode = mode;
    }

    boolean isDirectory() {
      return type == StatConstants.S_IFDIR;
    }
  }

  private final Random random;
  private final Node root = new Node(StatConstants.S_IFDIR, 0755);
  private int sequence;

  /** Operations that were refused for lack of space. */
  public int noSpace;

  public TreeModel(long seed) {
    random = new Random(seed);
  }

  private record Place(String path, Node parent, String name, Node node) {}

  private void gather(String path, Node directory, List<Place> into) {
    for (Map.Entry<String, Node> entry : directory.children.entrySet()) {
      String child = path + "/" + entry.getKey();
      into.add(new Place(child, directory, entry.getKey(), entry.getValue()));
      if (entry.getValue().isDirectory()) {
        gather(child, entry.getValue(), into);
      }
    }
  }

  private List<Place> places() {
    List<Place> all = new ArrayList<>();
    gather("", root, all);
    return all;
  }

  private Place pick(java.util.function.Predicate<Place> wanted) {
    List<Place> all = places();
    all.removeIf(wanted.negate());
    return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
  }

  private Place pickFile() {
    return pick(place -> place.node.type == StatConstants.S_IFREG);
  }

  private Place pickDirectoryOrRoot() {
    Place found = random.nextInt(4) == 0 ? null : pick(place -> place.node.isDirectory());
    return found == null ? new Place("", root, "", root) : found;
  }

  private String newName() {
    int length = random.nextInt(20) == 0 ? 200 + random.nextInt(40) : 1 + random.nextInt(12);
    StringBuilder name = new StringBuilder("n" + sequence++ + "_");
    while (name.length() < length) {
      name.append((char) ('a' + random.nextInt(26)));
    }
    return name.toString();
  }

  /** Does random operations on both. */
  public void exercise(TestKernel kernel, int operations) {
    for (int i = 0; i < operations; i++) {
      switch (random.nextInt(20)) {
        case 0, 1, 2 -> create(kernel);
        case 3, 4, 5, 6, 7 -> write(kernel);
        case 8, 9 -> truncate(kernel);
        case 10 -> mkdir(kernel);
        case 11 -> rmdir(kernel);
        case 12, 13 -> unlink(kernel);
        case 14 -> link(kernel);
        case 15 -> symlink(kernel);
        case 16, 17 -> rename(kernel);
        case 18 -> chmod(kernel);
        default -> attribute(kernel);
      }
    }
  }

  /** Whether it worked; the only excuse is a full disk. */
  private boolean done(long result, String what) {
    if (result == -Errno.ENOSPC) {
      noSpace++;
      return false;
    }
    assertThat(result).as(what).isZero();
    return true;
  }

  private void create(TestKernel kernel) {
    Place directory = pickDirectoryOrRoot();
    String name = newName();
    if (done(kernel.create(directory.path + "/" + name), "create")) {
      directory.node.children.put(name, new Node(StatConstants.S_IFREG, 0644));
    }
  }

  private void write(TestKernel kernel) {
    Place file = pickFile();
    if (file == null) {
      return;
    }
    int size = file.node.content.length;
    int position =
        switch (random.nextInt(3)) {
          case 0 -> size;
          case 1 -> random.nextInt(size + 1);
          default -> random.nextInt(MAX_FILE);
        };
    byte[] data = new byte[1 + random.nextInt(random.nextBoolean() ? 300 : 30_000)];
    random.nextBytes(data);
    long written = kernel.write(file.path, position, data);
    if (written == -Errno.ENOSPC) {
      noSpace++;
      return;
    }
    assertThat(written).as("write to %s", file.path).isBetween(1L, (long) data.length);
    int end = position + (int) written;
    if (end > size) {
      file.node.content = Arrays.copyOf(file.node.content, end);
    }
    System.arraycopy(data, 0, file.node.content, position, (int) written);
  }

  private void truncate(TestKernel kernel) {
    Place file = pickFile();
    if (file == null) {
      return;
    }
    int size = random.nextInt(3) == 0 ? 0 : random.nextInt(MAX_FILE);
    if (done(kernel.truncate(file.path, size), "truncate")) {
      file.node.content = Arrays.copyOf(file.node.content, size);
    }
  }

  private void mkdir(TestKernel kernel) {
    Place directory = pickDirectoryOrRoot();
    String name = newName();
    if (done(kernel.mkdir(directory.path + "/" + name), "mkdir")) {
      directory.node.children.put(name, new Node(StatConstants.S_IFDIR, 0755));
    }
  }

  private void rmdir(TestKernel kernel) {
    Place directory = pick(place -> place.node.isDirectory());
    if (directory == null) {
      return;
    }
    long result = kernel.rmdir(directory.path);
    if (!directory.node.children.isEmpty()) {
      assertThat(result).isEqualTo(-Errno.ENOTEMPTY);
    } else if (done(result, "rmdir")) {
      directory.parent.children.remove(directory.name);
    }
  }

  private void unlink(TestKernel kernel) {
    Place file = pick(place -> true);
    if (file == null) {
      return;
    }
    long result = kernel.unlink(file.path);
    if (file.node.isDirectory()) {
      assertThat(result).isEqualTo(-Errno.EISDIR);
    } else if (done(result, "unlink")) {
      file.parent.children.remove(file.name);
      file.node.links--;
    }
  }

  private void link(TestKernel kernel) {
    Place file = pickFile();
    Place directory = pickDirectoryOrRoot();
    if (file == null) {
      return;
    }
    String name = newName();
    if (done(kernel.link(file.path, directory.path + "/" + name), "link")) {
      directory.node.children.put(name, file.node);
      file.node.links++;
    }
  }

  private void symlink(TestKernel kernel) {
    Place directory = pickDirectoryOrRoot();
    String name = newName();
    String target = "t".repeat(1 + random.nextInt(random.nextBoolean() ? 70 : 900));
    if (done(kernel.symlink(target, directory.path + "/" + name), "symlink")) {
      Node node = new Node(StatConstants.S_IFLNK, 0777);
      node.target = target;
      directory.node.children.put(name, node);
    }
  }

  private void rename(TestKernel kernel) {
    Place from = pick(place -> true);
    if (from == null) {
      return;
    }
    Place over = random.nextBoolean() ? null : pick(place -> true);
    Place directory = pickDirectoryOrRoot();
    Node parent = over == null ? directory.node : over.parent;
    String name = over == null ? newName() : over.name;
    String path = over == null ? directory.path + "/" + name : over.path;
    long result = kernel.rename(from.path, path);
    long expected = expectedRename(from, over, path);
    if (expected != 0) {
      assertThat(result).as("rename %s to %s", from.path, path).isEqualTo(expected);
    } else if (done(result, "rename") && (over == null || over.node != from.node)) {
      from.parent.children.remove(from.name);
      Node replaced = parent.children.put(name, from.node);
      if (replaced != null) {
        replaced.links--;
      }
    }
  }

  private static long expectedRename(Place from, Place over, String path) {
    if (from.path.startsWith(path + "/")) {
      return -Errno.ENOTEMPTY;
    }
    if (path.startsWith(from.path + "/")) {
      return -Errno.EINVAL;
    }
    if (over == null || over.node == from.node) {
      return 0;
    }
    if (from.node.isDirectory() != over.node.isDirectory()) {
      return from.node.isDirectory() ? -Errno.ENOTDIR : -Errno.EISDIR;
    }
    return over.node.children.isEmpty() ? 0 : -Errno.ENOTEMPTY;
  }

  private void chmod(TestKernel kernel) {
    Place place = pick(one -> one.node.type != StatConstants.S_IFLNK);
    if (place != null) {
      int mode = 0700 | random.nextInt(0100);
      if (done(kernel.chmod(place.path, mode), "chmod")) {
        place.node.mode = mode;
      }
    }
  }

  private void attribute(TestKernel kernel) {
    Place place = pick(one -> one.node.type != StatConstants.S_IFLNK);
    if (place == null) {
      return;
    }
    String name = "user.a" + random.nextInt(4);
    byte[] value = new byte[random.nextInt(60)];
    random.nextBytes(value);
    boolean removes = place.node.attributes.containsKey(name) && random.nextBoolean();
    byte[] given = removes ? null : value;
    long result =
        kernel.ask(place.path, inode -> inode.operations().setxattr(inode, name, given, 0));
    if (done(result, "setxattr")) {
      if (removes) {
        place.node.attributes.remove(name);
      } else {
        place.node.attributes.put(name, value);
      }
    }
  }

  /** Asserts that a mounted file system holds the same tree. */
  public void compare(TestKernel kernel) {
    compare(kernel, "", root);
  }

  private void compare(TestKernel kernel, String path, Node directory) {
    List<String> names = new ArrayList<>(kernel.list(path.isEmpty() ? "/" : path).keySet());
    names.removeAll(List.of(".", ".."));
    if (path.isEmpty()) {
      names.remove("lost+found");
    }
    assertThat(names)
        .as("names in %s", path)
        .containsExactlyElementsOf(directory.children.keySet());
    for (Map.Entry<String, Node> entry : directory.children.entrySet()) {
      compareNode(kernel, path + "/" + entry.getKey(), entry.getValue());
    }
  }

  private void compareNode(TestKernel kernel, String path, Node node) {
    assertThat(kernel.ask(path, inode -> inode.mode)).as(path).isEqualTo(node.type | node.mode);
    for (Map.Entry<String, byte[]> attribute : node.attributes.entrySet()) {
      kernel.ask(path, inode -> sameAttribute(inode, attribute.getKey(), attribute.getValue()));
    }
    if (node.isDirectory()) {
      long folders = node.children.values().stream().filter(Node::isDirectory).count();
      assertThat(kernel.ask(path, inode -> inode.nlink)).as(path).isEqualTo(2 + folders);
      compare(kernel, path, node);
    } else if (node.type == StatConstants.S_IFLNK) {
      assertThat(kernel.readlink(path)).as(path).isEqualTo(node.target);
    } else {
      assertThat(kernel.ask(path, inode -> inode.nlink)).as(path).isEqualTo(node.links);
      assertThat(Arrays.equals(kernel.read(path), node.content)).as(path).isTrue();
    }
  }

  private static long sameAttribute(Inode inode, String name, byte[] value) {
    assertThat(inode.operations().getxattr(inode, name, new long[1])).isEqualTo(value);
    return 0;
  }

  /** Asserts that a folder of the host, written by debugfs's rdump, holds the same tree. */
  public void compare(Path folder) throws IOException {
    compare(folder, root, true);
  }

  private void compare(Path folder, Node directory, boolean top) throws IOException {
    List<String> names = new ArrayList<>();
    try (var listed = Files.list(folder)) {
      listed.forEach(one -> names.add(one.getFileName().toString()));
    }
    if (top) {
      names.remove("lost+found");
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(directory.children.keySet());
    for (Map.Entry<String, Node> entry : directory.children.entrySet()) {
      Path path = folder.resolve(entry.getKey());
      Node node = entry.getValue();
      if (node.isDirectory()) {
        compare(path, node, false);
      } else if (node.type == StatConstants.S_IFLNK) {
        assertThat(Files.readSymbolicLink(path).toString()).isEqualTo(node.target);
      } else {
        assertThat(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(Arrays.equals(Files.readAllBytes(path), node.content))
            .as(path.toString())
            .isTrue();
      }
    }
  }
}
