package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.DirEntryLayout.dirType;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An open directory. Without a tree of hashes the position is the offset of an entry in bytes; with
 * one, names come in the order of their hashes, so that changes of the tree meanwhile neither hide
 * nor repeat one: the position is the hash in its upper and the minor hash in its lower 32 bits,
 * shifted right by one as in Linux, so that it is never negative. <i>Linux:</i> fs/ext4/dir.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4DirectoryOperations implements FileOperations {
  private static final long END = Long.MAX_VALUE;

  private record Entry(long position, String name, long number, int type) {}

  @Override
  @Traced("ext4_readdir")
  public long iterate(File file, DirContext context) {
    Ext4Inode directory = (Ext4Inode) file.inode();
    if (context.position < 0) {
      return -Errno.EINVAL;
    }
    try {
      if (Ext4Directory.isIndexed(directory)) {
        long result = dxReaddir(directory, context);
        if (result <= 0) {
          return result;
        }
      }
      linear(directory, context);
      return 0;
    } catch (Ext4Exception e) {
      return e.result;
    }
  }

  private static void linear(Ext4Inode directory, DirContext context) {
    int bits = directory.ext4.shape.blockBits;
    while (context.position < directory.size()) {
      long number = context.position >>> bits;
      try (Ext4DirBlock block = Ext4DirBlock.read(directory, number)) {
        if (!emitBlock(directory, block, context)) {
          return;
        }
      }
      context.position = number + 1 << bits;
    }
  }

  private static boolean emitBlock(Ext4Inode directory, Ext4DirBlock block, DirContext context) {
    int size = directory.ext4.blockSize;
    long base = block.block << directory.ext4.shape.blockBits;
    int wanted = (int) (context.position - base);
    for (int offset = 0; offset < size; ) {
      block.check(offset);
      int next = offset + block.recLen(offset);
      if (offset >= wanted && block.inode(offset) != 0) {
        context.position = base + offset;
        String name = block.name(offset);
        if (!context.emit(name, base + next, block.inode(offset), typeOf(block, offset))) {
          return false;
        }
        context.position = base + next;
      }
      offset = next;
    }
    return true;
  }

  private static int typeOf(Ext4DirBlock block, int offset) {
    return block.directory.ext4.hasFileType
        ? dirType(block.type(offset))
        : StatConstants.DT_UNKNOWN;
  }

  /** By hash. 0, or 1 when the tree cannot be used. */
  @Traced("ext4_dx_readdir")
  private static long dxReaddir(Ext4Inode directory, DirContext context) {
    if (context.position == END) {
      return 0;
    }
    Ext4HashTree tree = Ext4HashTree.probeHash(directory, (context.position << 1 >>> 32) & ~1L);
    if (tree == null) {
      return 1;
    }
    try (tree) {
      if (context.position <= 2 && !emitSpecial(directory, context)) {
        return 0;
      }
      long next;
      do {
        List<Entry> entries = new ArrayList<>();
        do {
          gather(directory, tree, context.position, entries);
          next = tree.nextLeaf(false);
        } while (next >= 0 && (next & 1) != 0);
        entries.sort(Comparator.comparingLong(Entry::position));
        if (!emitAll(entries, context)) {
          return 0;
        }
      } while (next >= 0);
      context.position = END;
      return 0;
    }
  }

  private static boolean emitSpecial(Ext4Inode directory, DirContext context) {
    if (context.position == 0) {
      if (!context.emit(".", 1, directory.number(), StatConstants.DT_DIR)) {
        return false;
      }
      context.position = 1;
    }
    if (context.position == 1) {
      long parent;
      try (Ext4Directory.Found found = Ext4Directory.dotdot(directory)) {
        parent = found.number();
      }
      if (!context.emit("..", 2, parent, StatConstants.DT_DIR)) {
        return false;
      }
      context.position = 2;
    }
    return true;
  }

  @Traced("htree_dirblock_to_tree")
  private static void gather(
      Ext4Inode directory, Ext4HashTree tree, long from, List<Entry> entries) {
    try (Ext4DirBlock block = Ext4DirBlock.read(directory, tree.leaf())) {
      int size = directory.ext4.blockSize;
      for (int offset = 0; offset < size; offset += block.recLen(offset)) {
        block.check(offset);
        if (block.inode(offset) == 0) {
          continue;
        }
        String name = block.name(offset);
        long position = Math.max(directory.ext4.hash.of(name, tree.version) >>> 1, 3);
        if (position >= from) {
          entries.add(new Entry(position, name, block.inode(offset), typeOf(block, offset)));
        }
      }
    }
  }

  /** Names of one position come together: the next one is told only behind the last of them. */
  private static boolean emitAll(List<Entry> entries, DirContext context) {
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      context.position = entry.position;
      boolean last = i + 1 == entries.size() || entries.get(i + 1).position != entry.position;
      long next = last ? entry.position + 1 : entry.position;
      if (!context.emit(entry.name, next, entry.number, entry.type)) {
        return false;
      }
      context.position = next;
    }
    return true;
  }

  @Override
  @Traced("ext4_dir_llseek")
  public long llseek(File file, long offset, int whence) {
    Ext4Inode directory = (Ext4Inode) file.inode();
    if (!Ext4Directory.isIndexed(directory) || whence == FsConstants.SEEK_END) {
      return FileOperations.super.llseek(file, offset, whence);
    }
    long target = whence == FsConstants.SEEK_CUR ? file.position + offset : offset;
    if (target < 0 || whence != FsConstants.SEEK_SET && whence != FsConstants.SEEK_CUR) {
      return -Errno.EINVAL;
    }
    file.position = target;
    return target;
  }

  @Override
  @Traced("ext4_sync_file")
  public long fsync(File file, long start, long end, SyncKind kind) {
    return Ext4FileOperations.sync(file, start, end, kind);
  }
}
