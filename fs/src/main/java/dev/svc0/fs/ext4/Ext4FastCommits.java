package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.jbd2.FastCommitReplay;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.MountException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries fast commits out on a file system without a journal, whose log has been replayed.
 * <i>Linux:</i> the second half of fs/ext4/fast_commit.c.
 *
 * <p>Inodes are objects of its own that live until the end. Directories are in no fast commit
 * themselves: what they count follows from the names that come and go. Counts of other inodes are
 * those of the fast commit that has them; where it has not, names count. An inode that has no name
 * in the end goes to the list of orphans, and the mount deletes it.
 *
 * <p><i>Linux</i> leaves the link counts of directories to e2fsck.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4FastCommits implements FastCommitReplay {
  private final Ext4SuperBlock superBlock;
  private final Ext4Handle handle;
  private final Ext4RecoveredBlocks blocks;
  private final Map<Long, Ext4Inode> inodes = new LinkedHashMap<>();

  /** Directories made in these fast commits that have no first block yet. */
  private final Set<Long> emptyDirectories = new HashSet<>();

  private Set<Long> withFields = Set.of();

  private Ext4FastCommits(Ext4SuperBlock superBlock) {
    this.superBlock = superBlock;
    handle = Ext4Handle.start(superBlock, Ext4Truncate.CREDITS);
    blocks = new Ext4RecoveredBlocks(superBlock, handle);
  }

  /** Takes over a super block that was made for this alone. */
  static Ext4FastCommits open(Ext4SuperBlock superBlock) throws MountException {
    boolean done = false;
    try {
      superBlock.groups.load();
      superBlock.recovering = true;
      Ext4FastCommits result = new Ext4FastCommits(superBlock);
      done = true;
      return result;
    } finally {
      if (!done) {
        superBlock.groups.release();
      }
    }
  }

  @Override
  public void close() {
    superBlock.groups.release();
  }

  private static long guarded(Runnable work) {
    try {
      work.run();
      return 0;
    } catch (Ext4Exception e) {
      return e.result;
    }
  }

  // Inodes

  /** An inode, with names or without; null when there is none of this number. */
  private @Nullable Ext4Inode get(long number) {
    Ext4Inode known = inodes.get(number);
    if (known != null) {
      return known;
    }
    boolean possible = number == EXT2_ROOT_INO || number >= superBlock.shape.firstInode;
    if (!possible || number > superBlock.shape.inodesCount) {
      throw new Ext4Exception(superBlock.error("fast commit: bad inode number " + number));
    }
    return superBlock.inodes.isUsed(number) ? read(number) : null;
  }

  private @Nullable Ext4Inode read(long number) {
    long[] error = new long[1];
    Ext4Inode inode = superBlock.table.readForRecovery(number, error);
    if (inode == null && error[0] != -Errno.ESTALE) {
      throw new Ext4Exception(error[0]);
    }
    if (inode != null) {
      inodes.put(number, inode);
    }
    return inode;
  }

  private @Nullable Ext4Inode directory(long number) {
    Ext4Inode inode = get(number);
    return inode != null && inode.isDirectory() ? inode : null;
  }

  private void dirty(Ext4Inode inode) {
    superBlock.table.markInodeDirty(handle, inode);
  }

  @Override
  @Traced("ext4_fc_replay_scan")
  public long claim(long physicalBlock, int count) {
    return guarded(() -> blocks.claim(physicalBlock, count));
  }

  @Override
  public long begin(Set<Long> numbers) {
    withFields = numbers;
    return 0;
  }

  @Override
  @Traced("ext4_fc_replay_inode")
  public long inode(long number, byte[] raw) {
    return guarded(() -> putInode(number, raw));
  }

  private void putInode(long number, byte[] raw) {
    Ext4Inode old = get(number);
    int inodeSize = superBlock.shape.inodeSize;
    if (raw.length > inodeSize) {
      throw new Ext4Exception(superBlock.error("fast commit: inode " + number + " is too long"));
    }
    RawBytes fields = new RawBytes(raw);
    boolean isDirectory = (fields.u16(I_MODE) & StatConstants.S_IFMT) == StatConstants.S_IFDIR;
    boolean isNew = old == null || old.generation != fields.s32(I_GENERATION);
    if (old != null && isNew) {
      blocks.forget(old);
      int fewer = old.isDirectory() ? 1 : 0;
      superBlock.inodes.countDirectories(handle, old.group, (isDirectory ? 1 : 0) - fewer);
    }
    inodes.remove(number);
    superBlock.inodes.markUsed(handle, number, isDirectory);
    BufferHead block = superBlock.table.inodeBlock(number);
    if (block == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    long at = superBlock.table.addressIn(block, number);
    long dtime = isNew ? 0 : Disk.u32(at + I_DTIME);
    if (isNew) {
      HostMemory.fill(at, inodeSize, (byte) 0);
    }
    copyFields(at, raw, isNew);
    Disk.put32(at + I_DTIME, dtime);
    superBlock.checksums.setInode(number, at, inodeSize);
    Buffers.markBufferDirty(block);
    Buffers.brelse(block);
    Ext4Inode inode = read(number);
    if (inode == null) {
      throw new Ext4Exception(superBlock.error("fast commit: inode " + number + " is not in use"));
    }
    if (isDirectory && isNew) {
      emptyDirectories.add(number);
    } else if (isDirectory && old != null) {
      inode.setSize(old.size());
      inode.diskSize = old.size();
      inode.nlink = old.nlink;
    }
  }

  /** All but where its blocks are: an inode of which nothing was known begins without any. */
  private static void copyFields(long at, byte[] raw, boolean isNew) {
    HostMemory.copy(raw, 0, at, I_BLOCK);
    HostMemory.copy(raw, I_GENERATION, at + I_GENERATION, raw.length - I_GENERATION);
    if (!isNew) {
      return;
    }
    RawBytes fields = new RawBytes(raw);
    int kind = fields.u16(I_MODE) & StatConstants.S_IFMT;
    if ((fields.s32(I_FLAGS) & EXT4_EXTENTS_FL) != 0) {
      Disk.put32(at + I_BLOCK, ExtentNode.MAGIC);
      Disk.put32(at + I_BLOCK + 4, ExtentNode.ROOT_ENTRIES);
    } else if (kind != StatConstants.S_IFREG && kind != StatConstants.S_IFDIR) {
      HostMemory.copy(raw, I_BLOCK, at + I_BLOCK, I_GENERATION - I_BLOCK); // target or device
    }
  }

  /** Little-endian fields of an inode that is no part of a disk. */
  private record RawBytes(byte[] bytes) {
    int u16(int at) {
      return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
    }

    int s32(int at) {
      return u16(at) | u16(at + 2) << 16;
    }
  }

  // Blocks

  @Override
  @Traced("ext4_fc_replay_add_range")
  public long addRange(long number, long fileBlock, int count, long physical, int unwritten) {
    return guarded(() -> {
      Ext4Inode inode = get(number);
      if (inode != null) {
        blocks.add(inode, fileBlock, count, physical, unwritten != 0);
      }
    });
  }

  @Override
  @Traced("ext4_fc_replay_del_range")
  public long delRange(long number, long fileBlock, long count) {
    return guarded(() -> {
      Ext4Inode inode = get(number);
      if (inode != null && count > 0) {
        blocks.remove(inode, fileBlock, fileBlock + count - 1);
      }
    });
  }

  // Names

  @Override
  @Traced("ext4_fc_replay_create")
  public long create(long parent, long number, String name) {
    return guarded(() -> {
      Ext4Inode directory = directory(parent);
      Ext4Inode inode = get(number);
      if (directory == null || inode == null) {
        return; // gone again in what follows
      }
      if (inode.isDirectory() && emptyDirectories.remove(number)) {
        inode.setSize(0);
        inode.diskSize = 0;
        inode.nlink = 2;
        Ext4Directory.initNewDir(handle, inode, directory);
        dirty(inode);
      }
      addName(directory, inode, name);
    });
  }

  @Override
  @Traced("ext4_fc_replay_link")
  public long link(long parent, long number, String name) {
    return guarded(() -> {
      Ext4Inode directory = directory(parent);
      Ext4Inode inode = get(number);
      if (directory != null && inode != null) {
        addName(directory, inode, name);
      }
    });
  }

  @Traced("ext4_fc_replay_link_internal")
  private void addName(Ext4Inode directory, Ext4Inode inode, String name) {
    try (Ext4Directory.Found found = Ext4Directory.findEntry(directory, name)) {
      if (found != null) {
        if (found.number() != inode.number()) {
          Ext4Directory.setEntry(handle, found, inode.number(), inode.mode);
        }
        return;
      }
    }
    Ext4Directory.addEntry(handle, directory, name, inode);
    if (inode.isDirectory()) {
      Ext4DirectoryInodeOperations.incCount(directory);
      dirty(directory);
    } else if (!withFields.contains(inode.number())) {
      inode.nlink++;
      dirty(inode);
    }
  }

  @Override
  @Traced("ext4_fc_replay_unlink")
  public long unlink(long parent, long number, String name) {
    return guarded(() -> {
      Ext4Inode directory = directory(parent);
      if (directory != null) {
        removeName(directory, number, name);
      }
    });
  }

  private void removeName(Ext4Inode directory, long number, String name) {
    try (Ext4Directory.Found found = Ext4Directory.findEntry(directory, name)) {
      if (found == null || found.number() != number) {
        return; // done before, or another inode has the name by now
      }
      Ext4Directory.deleteEntry(handle, directory, found);
    }
    Ext4Inode inode = get(number);
    if (inode != null && inode.isDirectory()) {
      Ext4DirectoryInodeOperations.decCount(directory);
      inode.nlink = 0;
      dirty(inode);
    } else if (inode != null && !withFields.contains(number)) {
      inode.nlink = Math.max(0, inode.nlink - 1);
      dirty(inode);
    }
    dirty(directory);
  }

  @Override
  @Traced("ext4_fc_set_bitmaps_and_counters")
  public long finish() {
    try {
      Set<Long> noted = superBlock.orphans.numbersOnDisk();
      blocks.settle(inodes.values());
      for (Ext4Inode inode : inodes.values()) {
        if (inode.nlink == 0 && !noted.contains(inode.number())) {
          superBlock.orphans.noteOnDisk(inode);
        }
        dirty(inode);
      }
    } catch (Ext4Exception e) {
      return e.result;
    } catch (MountException e) {
      return -e.errno();
    }
    long written = superBlock.disk.sync();
    return written != 0 ? written : superBlock.commitSuper();
  }
}
