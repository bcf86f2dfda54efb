package dev.svc0.samples.zipfs;

import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeOperations;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** A mounted zip file: the tree of its names, built once. */
final class ZipSuperBlock extends SuperBlock {
  final ZipFile zip;
  private long lastNumber;

  /** A folder or a file of the tree. */
  static final class Node {
    final TreeMap<String, Node> children = new TreeMap<>();
    final long number;
    final @Nullable ZipEntry entry;

    Node(long number, @Nullable ZipEntry entry) {
      this.number = number;
      this.entry = entry;
    }

    boolean isFolder() {
      return entry == null || entry.isDirectory();
    }
  }

  /** An inode that knows its node. */
  static final class ZipInode extends Inode {
    final Node node;

    ZipInode(ZipSuperBlock superBlock, Node node) {
      super(
          superBlock,
          node.number,
          node.isFolder() ? StatConstants.S_IFDIR | 0555 : StatConstants.S_IFREG | 0555,
          new Names(),
          new ZipFileOperations(),
          ZipFileOperations.NO_PAGES);
      this.node = node;
      nlink = 1;
      ZipEntry entry = node.entry;
      if (entry != null && !entry.isDirectory()) {
        setSize(entry.getSize());
      }
      if (entry != null && entry.getTime() > 0) {
        mtimeSeconds = entry.getTime() / 1000;
        ctimeSeconds = mtimeSeconds;
        atimeSeconds = mtimeSeconds;
      }
    }
  }

  ZipSuperBlock(ZipFileSystem type, MountRequest request, ZipFile zip) {
    super(type, request);
    this.zip = zip;
    setFlags(flags() | MountFlags.MS_RDONLY);
    Node top = new Node(++lastNumber, null);
    zip.stream().forEach(entry -> add(top, entry));
    setRoot(new ZipInode(this, top));
  }

  private void add(Node top, ZipEntry entry) {
    Node at = top;
    String[] parts = entry.getName().split("/");
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].isEmpty() || parts[i].equals(".") || parts[i].equals("..")) {
        return; // such a name cannot be reached
      }
      // Names inside a machine have one character a byte.
      String name =
          new String(parts[i].getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      boolean last = i == parts.length - 1;
      at = at.children.computeIfAbsent(name, key -> new Node(++lastNumber, last ? entry : null));
    }
  }

  /** Looks names up; everything else that changes a tree is refused by the default methods. */
  private static final class Names implements InodeOperations {
    @Override
    public long lookup(Inode directory, Dentry entry) {
      Node found = ((ZipInode) directory).node.children.get(entry.name());
      if (found != null) {
        entry.instantiate(new ZipInode((ZipSuperBlock) directory.superBlock(), found));
      }
      return 0;
    }
  }

  @Override
  public long statfs(StatFs result) {
    result.blockSize = blockSize;
    result.files = lastNumber;
    return 0;
  }

  @Override
  public void putSuper() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
