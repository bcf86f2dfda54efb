package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.InodeTimes;
import org.jspecify.annotations.Nullable;

/**
 * Names in directories, by hash where there is a tree of hashes, else block by block. Callers hold
 * the directory's inode lock, shared to look and exclusive to change. <i>Linux:</i>
 * fs/ext4/namei.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Directory {
  /** Blocks dirtied by adding a name: a leaf, its split, the index, allocations. */
  static final int ADD_CREDITS = Ext4Extents.INSERT_CREDITS + 12;

  /** A name that was found; closing it gives the block back. */
  record Found(Ext4DirBlock block, int offset) implements AutoCloseable {
    long number() {
      return block.inode(offset);
    }

    @Override
    public void close() {
      block.close();
    }
  }

  private Ext4Directory() {}

  static boolean isIndexed(Ext4Inode directory) {
    return directory.ext4.hasDirIndex && directory.hasDiskFlag(InodeLayout.EXT2_BTREE_FL);
  }

  static long blocks(Ext4Inode directory) {
    return directory.size() >>> directory.ext4.shape.blockBits;
  }

  /** Finds a name; null when there is none. */
  @Traced("__ext4_find_entry")
  static @Nullable Found findEntry(Ext4Inode directory, String name) {
    boolean special = name.equals(".") || name.equals("..");
    if (isIndexed(directory) && !special) {
      Ext4HashTree tree = Ext4HashTree.probe(directory, name);
      if (tree != null) {
        try (tree) {
          return dxFindEntry(directory, tree, name);
        }
      }
    }
    return linearFind(directory, name);
  }

  @Traced("ext4_dx_find_entry")
  private static @Nullable Found dxFindEntry(Ext4Inode directory, Ext4HashTree tree, String name) {
    do {
      Found found = inBlock(directory, tree.leaf(), name);
      if (found != null) {
        return found;
      }
    } while (tree.nextLeaf(true) >= 0);
    return null;
  }

  private static @Nullable Found inBlock(Ext4Inode directory, long number, String name) {
    Ext4DirBlock block = Ext4DirBlock.read(directory, number);
    boolean found = false;
    try {
      int offset = block.search(name);
      found = offset >= 0;
      return found ? new Found(block, offset) : null;
    } finally {
      if (!found) {
        block.close();
      }
    }
  }

  private static @Nullable Found linearFind(Ext4Inode directory, String name) {
    long count = blocks(directory);
    if (count << directory.ext4.shape.blockBits - 9 > directory.blocks512 + 8) {
      Ext4Exception.check(
          directory.ext4.error(
              "directory " + directory.number() + ": size exceeds its block count"));
    }
    long start = directory.lookupBlock < count ? directory.lookupBlock : 0;
    long at = start;
    for (long i = 0; i < count; i++) {
      Found found = inBlock(directory, at, name);
      if (found != null) {
        directory.lookupBlock = (int) at;
        return found;
      }
      at = at + 1 < count ? at + 1 : 0;
    }
    return null;
  }

  /** Adds a name that is not there. */
  @Traced("ext4_add_entry")
  static void addEntry(Ext4Handle handle, Ext4Inode directory, String name, Ext4Inode target) {
    target.newEntry = true;
    if (isIndexed(directory)) {
      if (Ext4HashTree.addEntry(handle, directory, name, target.number(), target.mode)) {
        touch(handle, directory);
        return;
      }
      directory.flags &= ~InodeLayout.EXT2_BTREE_FL;
      directory.ext4.table.markInodeDirty(handle, directory);
    }
    long count = blocks(directory);
    for (long i = 0; i < count; i++) {
      try (Ext4DirBlock block = Ext4DirBlock.read(directory, i)) {
        if (addDirentToBuf(handle, block, name, target)) {
          touch(handle, directory);
          return;
        }
        if (count == 1 && directory.ext4.hasDirIndex) {
          Ext4HashTree.makeIndexed(handle, directory, block);
          addEntry(handle, directory, name, target);
          return;
        }
      }
    }
    try (Ext4DirBlock block = Ext4DirBlock.append(handle, directory)) {
      block.initEmpty();
      block.insert(0, name, target.number(), target.mode);
      block.dirty(handle);
    }
    touch(handle, directory);
  }

  @Traced("add_dirent_to_buf")
  private static boolean addDirentToBuf(
      Ext4Handle handle, Ext4DirBlock block, String name, Ext4Inode target) {
    int room = block.findRoom(name);
    if (room == -Errno.ENOSPC) {
      return false;
    }
    Ext4Exception.check(room);
    block.getWriteAccess(handle);
    block.insert(room, name, target.number(), target.mode);
    block.dirty(handle);
    return true;
  }

  private static void touch(Ext4Handle handle, Ext4Inode directory) {
    InodeTimes.touchModified(directory);
    if (directory.ext4.hasDirNlink) {
      updateDxFlag(directory);
    }
    directory.ext4.table.markInodeDirty(handle, directory);
  }

  /** The flag means nothing without the feature. */
  private static void updateDxFlag(Ext4Inode directory) {
    if (!directory.ext4.hasDirIndex) {
      directory.flags &= ~InodeLayout.EXT2_BTREE_FL;
    }
  }

  /** Removes a name that was found. */
  @Traced("ext4_delete_entry")
  static void deleteEntry(Ext4Handle handle, Ext4Inode directory, Found found) {
    found.block().getWriteAccess(handle);
    found.block().delete(found.offset());
    found.block().dirty(handle);
  }

  /** Lets a name lead to another inode. */
  @Traced("ext4_setent")
  static void setEntry(Ext4Handle handle, Found found, long number, int mode) {
    found.block().getWriteAccess(handle);
    found.block().setInode(found.offset(), number, mode);
    boolean root = found.block().block == 0 && isIndexed(found.block().directory);
    if (root) {
      Ext4HashTree.dirtyRoot(handle, found.block());
    } else {
      found.block().dirty(handle);
    }
  }

  /** The first block of a new directory: itself and its parent. */
  @Traced("ext4_init_new_dir")
  static void initNewDir(Ext4Handle handle, Ext4Inode directory, Ext4Inode parent) {
    try (Ext4DirBlock block = Ext4DirBlock.append(handle, directory)) {
      block.initEmpty();
      int end = block.usable();
      block.putEntry(0, ".", directory.number(), StatConstants.S_IFDIR);
      block.putRecLen(0, 12);
      block.putEntry(12, "..", parent.number(), StatConstants.S_IFDIR);
      block.putRecLen(12, end - 12);
      block.dirty(handle);
    }
  }

  /** The entry {@code ..} of a directory. */
  @Traced("ext4_get_first_dir_block")
  static Found dotdot(Ext4Inode directory) {
    Ext4DirBlock block = Ext4DirBlock.read(directory, 0);
    boolean good = false;
    try {
      block.check(0);
      int second = block.recLen(0);
      good = block.hasName(0, ".") && second < block.usable();
      if (good) {
        block.check(second);
        good = block.hasName(second, "..");
      }
      if (!good) {
        Ext4Exception.check(
            directory.ext4.error("directory " + directory.number() + " has no '.' and '..'"));
      }
      return new Found(block, second);
    } finally {
      if (!good) {
        block.close();
      }
    }
  }

  /** Whether there is nothing but itself and its parent. */
  @Traced("ext4_empty_dir")
  static boolean isEmpty(Ext4Inode directory) {
    long count = blocks(directory);
    for (long i = 0; i < count; i++) {
      try (Ext4DirBlock block = Ext4DirBlock.read(directory, i)) {
        if (!isBlockEmpty(block)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isBlockEmpty(Ext4DirBlock block) {
    int size = block.directory.ext4.blockSize;
    for (int offset = 0; offset < size; offset += block.recLen(offset)) {
      block.check(offset);
      boolean self =
          block.block == 0 && (block.hasName(offset, ".") || block.hasName(offset, ".."));
      if (block.inode(offset) != 0 && !self) {
        return false;
      }
    }
    return true;
  }
}
