package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.DirEntryLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.DirEntryLayout;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One block of a directory in its buffer, verified. Closing it gives the buffer back. Callers hold
 * the directory's inode lock, shared to look and exclusive to change.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4DirBlock implements AutoCloseable {
  final Ext4Inode directory;
  final BufferHead buffer;

  /** Which block of the directory. */
  final long block;

  private final int size;
  private boolean closed;

  private Ext4DirBlock(Ext4Inode directory, BufferHead buffer, long block) {
    this.directory = directory;
    this.buffer = buffer;
    this.block = block;
    size = directory.ext4.blockSize;
  }

  /** Reads a block. */
  @Traced("__ext4_read_dirblock")
  static Ext4DirBlock read(Ext4Inode directory, long block) {
    Ext4SuperBlock superBlock = directory.ext4;
    BufferHead buffer = bread(directory, block);
    if (buffer == null) {
      Ext4Exception.check(
          superBlock.error("directory " + directory.number() + " has a hole at block " + block));
      throw new Ext4Exception(-Errno.EUCLEAN);
    }
    if (!buffer.testPrivate(ExtentPath.VERIFIED)) {
      if (!superBlock.checksums.isDirectoryBlockRight(
          directory, buffer.address, superBlock.blockSize)) {
        Buffers.brelse(buffer);
        superBlock.error("directory " + directory.number() + ": wrong checksum of block " + block);
        throw new Ext4Exception(-Errno.EBADMSG);
      }
      buffer.testAndSetPrivate(ExtentPath.VERIFIED);
    }
    return new Ext4DirBlock(directory, buffer, block);
  }

  @Traced("ext4_bread")
  private static @Nullable BufferHead bread(Ext4Inode inode, long block) {
    Ext4Map map = new Ext4Map(block, 1);
    Ext4Mapper.lookup(inode, map);
    if (map.state != Ext4Map.WRITTEN) {
      return null;
    }
    BufferHead buffer = Buffers.bread(inode.ext4.disk, map.physical, inode.ext4.blockSize);
    if (buffer == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    return buffer;
  }

  /** Adds a zeroed block at the end. */
  @Traced("ext4_append")
  static Ext4DirBlock append(Ext4Handle handle, Ext4Inode directory) {
    Ext4SuperBlock superBlock = directory.ext4;
    long block = directory.size() >>> superBlock.shape.blockBits;
    Ext4Map map = new Ext4Map(block, 1);
    Ext4Mapper.mapBlocks(handle, directory, map, Ext4Mapper.CREATE);
    BufferHead buffer = superBlock.newMetadata(handle, map.physical);
    buffer.testAndSetPrivate(ExtentPath.VERIFIED);
    directory.setSize(block + 1 << superBlock.shape.blockBits);
    directory.diskSize = directory.size();
    superBlock.table.markInodeDirty(handle, directory);
    return new Ext4DirBlock(directory, buffer, block);
  }

  /** Host address of its first byte. */
  long address() {
    return buffer.address;
  }

  /** Bytes for entries: the rest holds the checksum. */
  int usable() {
    return size - directory.ext4.checksums.dirTailSize();
  }

  /** Makes one free entry of it all. */
  void initEmpty() {
    Disk.put32(address() + DE_INODE, 0);
    Disk.put16(address() + DE_REC_LEN, usable());
    if (directory.ext4.checksums.hasMetadata()) {
      Ext4Checksums.initDirTail(address(), size);
    }
  }

  void getWriteAccess(Ext4Handle handle) {
    handle.getWriteAccess(buffer);
  }

  /** A block of entries was changed. */
  @Traced("ext4_handle_dirty_dirblock")
  void dirty(Ext4Handle handle) {
    directory.ext4.checksums.setDirBlock(directory, address(), size);
    handle.dirtyMetadata(buffer, directory);
  }

  int recLen(int offset) {
    return Disk.u16(address() + offset + DE_REC_LEN);
  }

  void putRecLen(int offset, int value) {
    Disk.put16(address() + offset + DE_REC_LEN, value);
  }

  long inode(int offset) {
    return Disk.u32(address() + offset + DE_INODE);
  }

  int nameLength(int offset) {
    return Disk.u8(address() + offset + DE_NAME_LEN);
  }

  int type(int offset) {
    return Disk.u8(address() + offset + DE_FILE_TYPE);
  }

  String name(int offset) {
    byte[] bytes = new byte[nameLength(offset)];
    HostMemory.copy(address() + offset + DE_NAME, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  boolean hasName(int offset, String name) {
    long at = address() + offset;
    if (Disk.u8(at + DE_NAME_LEN) != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (Disk.u8(at + DE_NAME + i) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Throws unless the entry at an offset can be believed. */
  @Traced("__ext4_check_dir_entry")
  void check(int offset) {
    int recLen = offset + DE_NAME <= size ? recLen(offset) : 0;
    String problem = null;
    if (recLen < DE_NAME + 4) {
      problem = "rec_len is smaller than minimal";
    } else if ((recLen & 3) != 0) {
      problem = "rec_len is no multiple of 4";
    } else if (recLen < DirEntryLayout.recLen(nameLength(offset))) {
      problem = "rec_len is too small for name_len";
    } else if (offset + recLen > size) {
      problem = "directory entry overruns the block";
    } else if (inode(offset) > directory.ext4.shape.inodesCount) {
      problem = "inode out of bounds";
    }
    if (problem != null) {
      Ext4Exception.check(
          directory.ext4.error(
              "directory %d: bad entry in block %d, offset %d: %s"
                  .formatted(directory.number(), block, offset, problem)));
    }
  }

  /** The offset of a name, or −1. */
  @Traced("ext4_search_dir")
  int search(String name) {
    for (int offset = 0; offset < size; offset += recLen(offset)) {
      check(offset);
      if (inode(offset) != 0 && hasName(offset, name)) {
        return offset;
      }
    }
    return -1;
  }

  /** Where a name fits; −ENOSPC, −EEXIST. */
  @Traced("ext4_find_dest_de")
  int findRoom(String name) {
    int needed = DirEntryLayout.recLen(name.length());
    int end = usable();
    for (int offset = 0; offset <= end - needed; offset += recLen(offset)) {
      check(offset);
      if (inode(offset) != 0 && hasName(offset, name)) {
        return -Errno.EEXIST;
      }
      int used = inode(offset) == 0 ? 0 : DirEntryLayout.recLen(nameLength(offset));
      if (recLen(offset) - used >= needed) {
        return offset;
      }
    }
    return -Errno.ENOSPC;
  }

  /** Puts a name where there is room for it. */
  @Traced("ext4_insert_dentry")
  void insert(int offset, String name, long number, int mode) {
    int at = offset;
    if (inode(offset) != 0) {
      int used = DirEntryLayout.recLen(nameLength(offset));
      putRecLen(offset + used, recLen(offset) - used);
      putRecLen(offset, used);
      at += used;
    }
    putEntry(at, name, number, mode);
  }

  void putEntry(int offset, String name, long number, int mode) {
    long at = address() + offset;
    Disk.put32(at + DE_INODE, number);
    Disk.put8(at + DE_NAME_LEN, name.length());
    putType(offset, mode);
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    HostMemory.copy(bytes, 0, at + DE_NAME, bytes.length);
  }

  /** Lets an entry lead to another inode. */
  void setInode(int offset, long number, int mode) {
    Disk.put32(address() + offset + DE_INODE, number);
    putType(offset, mode);
  }

  private void putType(int offset, int mode) {
    int type = directory.ext4.hasFileType ? fileType(mode) : 0;
    Disk.put8(address() + offset + DE_FILE_TYPE, type);
  }

  /** Takes an entry out: its room goes to the one before it, and its name is wiped. */
  @Traced("ext4_generic_delete_entry")
  void delete(int victim) {
    int previous = -1;
    for (int offset = 0; offset < victim; offset += recLen(offset)) {
      check(offset);
      previous = offset;
    }
    int length = recLen(victim);
    long at = address() + victim;
    if (previous >= 0) {
      putRecLen(previous, recLen(previous) + length);
      HostMemory.fill(at, length, (byte) 0);
    } else {
      Disk.put32(at + DE_INODE, 0);
      HostMemory.fill(at + DE_NAME_LEN, length - DE_NAME_LEN, (byte) 0);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Buffers.brelse(buffer);
    }
  }
}
