package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.DirEntryLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.vfs.InodeTimes;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a directory, in its page cache. Callers hold the directory's inode lock, shared to
 * look and exclusive to change. Every entry is checked before a byte of it is believed.
 * <i>Linux:</i> fs/ext2/dir.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2Directory {
  static final int PAGE_SIZE = 4096;

  private Ext2Directory() {}

  static long pages(Ext2Inode directory) {
    return directory.size() + PAGE_SIZE - 1 >>> 12;
  }

  /** Bytes of a page that belong to the directory. */
  static int lastByte(Ext2Inode directory, long page) {
    return (int) Math.clamp(directory.size() - (page << 12), 0, PAGE_SIZE);
  }

  /** A page with a reference; null with the errno in error[0]. */
  @Traced("ext2_get_folio")
  static @Nullable Folio getFolio(Ext2Inode directory, long page, long[] error) {
    return Filemap.readMappingFolio(directory.mapping(), page, error);
  }

  /**
   * Whether the entry at an offset of a page can be believed; tells about it if not.
   *
   * @param end bytes of the page that belong to the directory
   */
  static boolean isValid(Ext2Inode directory, Folio folio, int offset, int end) {
    int chunk = directory.ext2.blockSize;
    String problem = null;
    if (offset + DE_NAME > end || (end & chunk - 1) != 0) {
      problem = "size is not a multiple of the block size";
    } else {
      long at = folio.address + offset;
      int recLen = DirEntry.recLen(at);
      if (recLen < recLen(1)) {
        problem = "rec_len is smaller than minimal";
      } else if ((recLen & 3) != 0) {
        problem = "unaligned directory entry";
      } else if (recLen < recLen(DirEntry.nameLength(at))) {
        problem = "rec_len is too small for name_len";
      } else if ((offset + recLen - 1 & -chunk) != (offset & -chunk) || offset + recLen > end) {
        problem = "directory entry across blocks";
      } else if (DirEntry.inode(at) > directory.ext2.shape.inodesCount) {
        problem = "inode out of bounds";
      }
    }
    if (problem == null) {
      return true;
    }
    directory.ext2.error(
        "bad entry in directory "
            + directory.number()
            + ": "
            + problem
            + ", offset "
            + (folio.position() + offset));
    return false;
  }

  /** The entry of a name; null with 0 in error[0] when there is none, else with −errno. */
  @Traced("ext2_find_entry")
  static @Nullable DirEntry findEntry(Ext2Inode directory, String name, long[] error) {
    error[0] = 0;
    long pages = pages(directory);
    if (pages == 0) {
      return null;
    }
    if (pages > (directory.blocks512 >>> 3) + 1) {
      error[0] =
          directory.ext2.error(
              "directory " + directory.number() + ": size exceeds its block count");
      return null;
    }
    long start = directory.lookupPage;
    start = start >= pages ? 0 : start;
    long page = start;
    do {
      DirEntry found = findInPage(directory, page, name, error);
      if (found != null) {
        directory.lookupPage = page;
        return found;
      }
      if (error[0] != 0) {
        return null;
      }
      page = page + 1 >= pages ? 0 : page + 1;
    } while (page != start);
    return null;
  }

  private static @Nullable DirEntry findInPage(
      Ext2Inode directory, long page, String name, long[] error) {
    Folio folio = getFolio(directory, page, error);
    if (folio == null) {
      return null;
    }
    int end = lastByte(directory, page);
    for (int offset = 0; offset < end; ) {
      if (!isValid(directory, folio, offset, end)) {
        error[0] = -Errno.EIO;
        break;
      }
      long at = folio.address + offset;
      if (DirEntry.hasName(at, name)) {
        return new DirEntry(folio, at);
      }
      offset += DirEntry.recLen(at);
    }
    folio.put();
    return null;
  }

  /** The inode number of a name, 0 when there is none, or −errno. */
  @Traced("ext2_inode_by_name")
  static long inodeByName(Ext2Inode directory, String name) {
    long[] error = new long[1];
    DirEntry entry = findEntry(directory, name, error);
    if (entry == null) {
      return error[0];
    }
    long number = entry.inode();
    entry.release();
    return number;
  }

  @Traced("ext2_prepare_chunk")
  private static long prepareChunk(Folio folio, long position, int bytes) {
    return Buffers.blockWriteBeginInt(folio, position, bytes, BlockTree.GET_BLOCK);
  }

  /** Ends a change; unlocks the page. */
  @Traced("ext2_commit_chunk")
  private static void commitChunk(Ext2Inode directory, Folio folio, long position, int bytes) {
    Buffers.blockWriteEnd(folio, position, bytes, bytes);
    if (position + bytes > directory.size()) {
      directory.setSize(position + bytes);
      directory.markDirty();
    }
    folio.unlock();
  }

  /** A change is made: brings it to the disk at once if the directory wants that. 0 or −errno. */
  @Traced("ext2_handle_dirsync")
  static long handleDirsync(Ext2Inode directory) {
    if (!directory.isDirSync()) {
      return 0;
    }
    long result = Filemap.filemapWriteAndWaitRange(directory.mapping(), 0, Long.MAX_VALUE);
    long more = Buffers.syncMappingBuffers(directory.mapping());
    result = result == 0 ? more : result;
    more = directory.ext2.table.writeInode(directory, true);
    return result == 0 ? more : result;
  }

  private static void setType(Ext2Inode directory, long at, Ext2Inode target) {
    Disk.put8(at + DE_FILE_TYPE, directory.ext2.hasFileType ? fileType(target.mode) : 0);
  }

  private static void touch(Ext2Inode directory) {
    InodeTimes.touchModified(directory);
    directory.flags &= ~InodeLayout.EXT2_BTREE_FL;
    directory.markDirty();
  }

  /** Adds a name. 0, −EEXIST, −ENOSPC, −EIO. */
  @Traced("ext2_add_link")
  static long addLink(Ext2Inode directory, String name, Ext2Inode target) {
    long[] error = new long[1];
    long pages = pages(directory);
    for (long page = 0; page <= pages; page++) {
      Folio folio = getFolio(directory, page, error);
      if (folio == null) {
        return error[0];
      }
      folio.lock();
      long place = findRoom(directory, folio, page, name);
      if (place >= 0) {
        long result = insert(directory, folio, (int) place, name, target);
        folio.put();
        return result;
      }
      folio.unlock();
      folio.put();
      if (place != -Errno.ENOSPC) {
        return place;
      }
    }
    return directory.ext2.error("directory " + directory.number() + " has no end");
  }

  /** Offset in the page where a name fits; −ENOSPC when not in this page, −EEXIST, −EIO. */
  private static long findRoom(Ext2Inode directory, Folio folio, long page, String name) {
    int needed = recLen(name.length());
    int end = lastByte(directory, page);
    int offset = 0;
    while (offset + needed <= PAGE_SIZE) {
      long at = folio.address + offset;
      if (offset >= end) {
        HostMemory.fill(at, directory.ext2.blockSize, (byte) 0);
        Disk.put16(at + DE_REC_LEN, directory.ext2.blockSize);
        return offset;
      }
      if (!isValid(directory, folio, offset, end)) {
        return -Errno.EIO;
      }
      if (DirEntry.hasName(at, name)) {
        return -Errno.EEXIST;
      }
      int used = DirEntry.inode(at) == 0 ? 0 : recLen(DirEntry.nameLength(at));
      if (DirEntry.recLen(at) >= used + needed) {
        return offset;
      }
      offset += DirEntry.recLen(at);
    }
    return -Errno.ENOSPC;
  }

  private static long insert(
      Ext2Inode directory, Folio folio, int offset, String name, Ext2Inode target) {
    long at = folio.address + offset;
    int recLen = DirEntry.recLen(at);
    long position = folio.position() + offset;
    long result = prepareChunk(folio, position, recLen);
    if (result != 0) {
      folio.unlock();
      return result;
    }
    if (DirEntry.inode(at) != 0) {
      int used = recLen(DirEntry.nameLength(at));
      Disk.put16(at + used + DE_REC_LEN, recLen - used);
      Disk.put16(at + DE_REC_LEN, used);
      at += used;
    }
    DirEntry.putName(at, name);
    Disk.put32(at + DE_INODE, target.number());
    setType(directory, at, target);
    commitChunk(directory, folio, position, recLen);
    touch(directory);
    return handleDirsync(directory);
  }

  /** Removes an entry and lets go of it. 0 or −errno. */
  @Traced("ext2_delete_entry")
  static long deleteEntry(Ext2Inode directory, DirEntry entry) {
    Folio folio = entry.folio;
    int chunk = directory.ext2.blockSize;
    folio.lock();
    int victim = (int) (entry.address - folio.address);
    int from = victim & -chunk;
    int to = victim + DirEntry.recLen(entry.address);
    int previous = -1;
    for (int offset = from; offset < victim; ) {
      if (!isValid(directory, folio, offset, from + chunk)) {
        return abandon(folio, -Errno.EIO);
      }
      previous = offset;
      offset += DirEntry.recLen(folio.address + offset);
      if (offset > victim) {
        return abandon(folio, -Errno.EIO);
      }
    }
    int start = previous < 0 ? victim : previous;
    long position = folio.position() + start;
    long result = prepareChunk(folio, position, to - start);
    if (result != 0) {
      return abandon(folio, result);
    }
    if (previous >= 0) {
      Disk.put16(folio.address + previous + DE_REC_LEN, to - previous);
    }
    Disk.put32(entry.address + DE_INODE, 0);
    commitChunk(directory, folio, position, to - start);
    folio.put();
    touch(directory);
    return handleDirsync(directory);
  }

  private static long abandon(Folio folio, long result) {
    folio.unlock();
    folio.put();
    return result;
  }

  /** Lets an entry lead to another inode. The entry is kept. 0 or −errno. */
  @Traced("ext2_set_link")
  static long setLink(Ext2Inode directory, DirEntry entry, Ext2Inode target, boolean updateTimes) {
    Folio folio = entry.folio;
    folio.lock();
    long position = folio.position() + (entry.address - folio.address);
    int recLen = DirEntry.recLen(entry.address);
    long result = prepareChunk(folio, position, recLen);
    if (result != 0) {
      folio.unlock();
      return result;
    }
    Disk.put32(entry.address + DE_INODE, target.number());
    setType(directory, entry.address, target);
    commitChunk(directory, folio, position, recLen);
    if (updateTimes) {
      InodeTimes.touchModified(directory);
    }
    directory.flags &= ~InodeLayout.EXT2_BTREE_FL;
    directory.markDirty();
    return handleDirsync(directory);
  }

  /** Writes the first block of a new directory: itself and its parent. 0 or −errno. */
  @Traced("ext2_make_empty")
  static long makeEmpty(Ext2Inode directory, Ext2Inode parent) {
    Folio folio = Filemap.getFolio(directory.mapping(), 0, Filemap.FGP_LOCK | Filemap.FGP_CREAT);
    if (folio == null) {
      return -Errno.ENOMEM;
    }
    int chunk = directory.ext2.blockSize;
    long result = prepareChunk(folio, 0, chunk);
    if (result != 0) {
      return abandon(folio, result);
    }
    HostMemory.fill(folio.address, chunk, (byte) 0);
    putSpecial(directory, folio.address, ".", recLen(1), directory);
    putSpecial(directory, folio.address + recLen(1), "..", chunk - recLen(1), parent);
    commitChunk(directory, folio, 0, chunk);
    folio.put();
    return handleDirsync(directory);
  }

  private static void putSpecial(
      Ext2Inode directory, long at, String name, int recLen, Ext2Inode target) {
    DirEntry.putName(at, name);
    Disk.put16(at + DE_REC_LEN, recLen);
    Disk.put32(at + DE_INODE, target.number());
    setType(directory, at, target);
  }

  /** The entry {@code ..}; null with −errno in error[0] when it is not where it must be. */
  @Traced("ext2_dotdot")
  static @Nullable DirEntry dotdot(Ext2Inode directory, long[] error) {
    Folio folio = getFolio(directory, 0, error);
    if (folio == null) {
      return null;
    }
    int end = lastByte(directory, 0);
    if (end > 0 && isValid(directory, folio, 0, end)) {
      int second = DirEntry.recLen(folio.address);
      if (second < end
          && isValid(directory, folio, second, end)
          && DirEntry.hasName(folio.address + second, "..")) {
        return new DirEntry(folio, folio.address + second);
      }
    }
    folio.put();
    error[0] = -Errno.EIO;
    return null;
  }

  /** 0 when there is nothing but itself and its parent, −ENOTEMPTY, or −errno. */
  @Traced("ext2_empty_dir")
  static long emptyDir(Ext2Inode directory) {
    long[] error = new long[1];
    long pages = Math.min(pages(directory), (directory.blocks512 >>> 3) + 1);
    for (long page = 0; page < pages; page++) {
      Folio folio = getFolio(directory, page, error);
      if (folio == null) {
        return error[0];
      }
      long result = isPageEmpty(directory, folio, page);
      folio.put();
      if (result != 0) {
        return result;
      }
    }
    return 0;
  }

  private static long isPageEmpty(Ext2Inode directory, Folio folio, long page) {
    int end = lastByte(directory, page);
    for (int offset = 0; offset < end; ) {
      if (!isValid(directory, folio, offset, end)) {
        return -Errno.EIO;
      }
      long at = folio.address + offset;
      boolean self =
          DirEntry.hasName(at, ".") && DirEntry.inode(at) == directory.number()
              || DirEntry.hasName(at, "..");
      if (DirEntry.inode(at) != 0 && !self) {
        return -Errno.ENOTEMPTY;
      }
      offset += DirEntry.recLen(at);
    }
    return 0;
  }
}
