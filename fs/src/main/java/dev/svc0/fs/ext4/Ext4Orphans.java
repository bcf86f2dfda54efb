package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.SuperBlockLayout.S_LAST_ORPHAN;
import static dev.svc0.fs.extformat.SuperBlockLayout.S_ORPHAN_FILE_INUM;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.vfs.MountException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Inodes that a crash must not leave as they are: without a name but in use, or being truncated. On
 * disk a list through their dtime fields that begins in the superblock, or a file of numbers.
 * <i>Linux:</i> fs/ext4/orphan.c.
 *
 * <p>The object's monitor protects the list; it is taken with a handle open.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Orphans {
  private static final int MAGIC = 0x0B10CA04;
  private static final int TAIL_SIZE = 8;

  private final Ext4SuperBlock superBlock;

  /** First on disk last here. */
  private final List<Ext4Inode> list = new ArrayList<>();

  private final Set<Ext4Inode> members = new LinkedHashSet<>();
  private @Nullable Ext4Inode file;
  private long[] fileBlocks = {};
  private int[] used = {};

  Ext4Orphans(Ext4SuperBlock superBlock) {
    this.superBlock = superBlock;
  }

  /** Opens the file of orphans if there is one. */
  @Traced("ext4_init_orphan_info")
  void open() throws MountException {
    RawSuperBlock raw = superBlock.raw;
    if (!raw.hasCompat(Features.COMPAT_ORPHAN_FILE)) {
      return;
    }
    Ext4Inode inode =
        superBlock.table.readSpecial(raw.u32(S_ORPHAN_FILE_INUM), "the file of orphans");
    int count = (int) Math.min(inode.sizeInBlocks(), 1 << 16);
    fileBlocks = new long[count];
    used = new int[count];
    for (int i = 0; i < count; i++) {
      Ext4Map map = new Ext4Map(i, 1);
      Ext4Mapper.lookup(inode, map);
      BufferHead block = map.state == Ext4Map.WRITTEN ? bread(map.physical) : null;
      if (block == null || !isRight(inode, block)) {
        Buffers.brelse(block);
        throw new MountException(
            Errno.EUCLEAN, "ext4: block " + i + " of the file of orphans is bad: run e2fsck");
      }
      fileBlocks[i] = map.physical;
      for (int slot = 0; slot < entries(); slot++) {
        used[i] += Disk.u32(block.address + 4L * slot) != 0 ? 1 : 0;
      }
      Buffers.brelse(block);
    }
    file = inode;
  }

  private @Nullable BufferHead bread(long block) {
    return Buffers.bread(superBlock.disk, block, superBlock.blockSize);
  }

  private int entries() {
    return (superBlock.blockSize - TAIL_SIZE) / 4;
  }

  private boolean isRight(Ext4Inode inode, BufferHead block) {
    long tail = block.address + superBlock.blockSize - TAIL_SIZE;
    if (Disk.s32(tail) != MAGIC) {
      return false;
    }
    int crc = superBlock.checksums.orphanBlock(inode, block.blockNumber, block.address, entries());
    return !superBlock.checksums.hasMetadata() || crc == Disk.s32(tail + 4);
  }

  private void dirtyFileBlock(Ext4Handle handle, Ext4Inode inode, BufferHead block) {
    if (superBlock.checksums.hasMetadata()) {
      long tail = block.address + superBlock.blockSize - TAIL_SIZE;
      Disk.put32(
          tail + 4,
          superBlock.checksums.orphanBlock(inode, block.blockNumber, block.address, entries()));
    }
    handle.dirtyMetadata(block);
  }

  /** Notes an inode; once is enough. */
  @Traced("ext4_orphan_add")
  synchronized void add(Ext4Handle handle, Ext4Inode inode) {
    if (inode.onOrphanList || superBlock.journal == null) {
      // Without a journal nothing would say that the list is to be believed.
      return;
    }
    if (file != null && addToFile(handle, inode, file)) {
      return;
    }
    addToList(handle, inode);
  }

  private void addToList(Ext4Handle handle, Ext4Inode inode) {
    handle.getWriteAccess(superBlock.superBuffer);
    BufferHead block = superBlock.table.reserveInodeWrite(handle, inode);
    superBlock.superBuffer.lock();
    inode.deletedSeconds = superBlock.raw.u32(S_LAST_ORPHAN);
    superBlock.raw.put32(S_LAST_ORPHAN, inode.number());
    superBlock.unlockSuper();
    list.add(inode);
    inode.onOrphanList = true;
    members.add(inode);
    boolean dirtied = false;
    try {
      handle.dirtyMetadata(superBlock.superBuffer);
      dirtied = true;
    } finally {
      if (!dirtied) {
        Buffers.brelse(block);
      }
    }
    superBlock.table.markIlocDirty(handle, inode, block);
  }

  @Traced("ext4_orphan_file_add")
  private boolean addToFile(Ext4Handle handle, Ext4Inode inode, Ext4Inode orphanFile) {
    for (int i = 0; i < fileBlocks.length; i++) {
      if (used[i] >= entries()) {
        continue;
      }
      BufferHead block = bread(fileBlocks[i]);
      if (block == null) {
        throw new Ext4Exception(-Errno.EIO);
      }
      try {
        handle.getWriteAccess(block);
        for (int slot = 0; slot < entries(); slot++) {
          if (Disk.u32(block.address + 4L * slot) == 0) {
            Disk.put32(block.address + 4L * slot, inode.number());
            dirtyFileBlock(handle, orphanFile, block);
            used[i]++;
            inode.orphanSlot = i * entries() + slot + 1;
            inode.onOrphanList = true;
            members.add(inode);
            return true;
          }
        }
      } finally {
        Buffers.brelse(block);
      }
    }
    return false;
  }

  /** What was to be done with an inode is done. */
  @Traced("ext4_orphan_del")
  synchronized void del(Ext4Handle handle, Ext4Inode inode) {
    if (!inode.onOrphanList) {
      return;
    }
    inode.onOrphanList = false;
    members.remove(inode);
    if (inode.orphanSlot != 0 && file != null) {
      delFromFile(handle, inode, file);
      return;
    }
    BufferHead block = superBlock.table.reserveInodeWrite(handle, inode);
    boolean taken = false;
    try {
      takeFromList(handle, inode);
      taken = true;
    } finally {
      if (!taken) {
        Buffers.brelse(block);
      }
    }
    superBlock.table.markIlocDirty(handle, inode, block);
  }

  private void takeFromList(Ext4Handle handle, Ext4Inode inode) {
    int at = list.indexOf(inode);
    long next = inode.deletedSeconds;
    list.remove(at);
    if (at == list.size()) {
      superBlock.lockSuper(handle);
      superBlock.raw.put32(S_LAST_ORPHAN, next);
      superBlock.unlockSuper();
      handle.dirtyMetadata(superBlock.superBuffer);
    } else {
      Ext4Inode before = list.get(at);
      before.deletedSeconds = next;
      superBlock.table.markInodeDirty(handle, before);
    }
    inode.deletedSeconds = 0;
  }

  @Traced("ext4_orphan_file_del")
  private void delFromFile(Ext4Handle handle, Ext4Inode inode, Ext4Inode orphanFile) {
    int index = (inode.orphanSlot - 1) / entries();
    int slot = (inode.orphanSlot - 1) % entries();
    inode.orphanSlot = 0;
    BufferHead block = bread(fileBlocks[index]);
    if (block == null) {
      throw new Ext4Exception(-Errno.EIO);
    }
    try {
      handle.getWriteAccess(block);
      Disk.put32(block.address + 4L * slot, 0);
      dirtyFileBlock(handle, orphanFile, block);
      used[index]--;
    } finally {
      Buffers.brelse(block);
    }
  }

  /** An inode leaves memory although it is on the list: only when nothing can be written. */
  synchronized void forget(Ext4Inode inode) {
    if (inode.onOrphanList) {
      list.remove(inode);
      members.remove(inode);
    }
  }

  /** Whether any inode is noted. */
  synchronized boolean isEmpty() {
    return members.isEmpty();
  }

  /** Whether the disk has any, as found at mount. */
  boolean hasLeft() {
    boolean inFile = false;
    for (int count : used) {
      inFile |= count > 0;
    }
    return inFile || superBlock.raw.u32(S_LAST_ORPHAN) != 0;
  }

  /** All inodes that are noted on disk. For recovery, when nothing is in memory. */
  Set<Long> numbersOnDisk() throws MountException {
    open();
    Set<Long> numbers = new LinkedHashSet<>();
    for (long place : fileBlocks) {
      BufferHead block = bread(place);
      for (int slot = 0; block != null && slot < entries(); slot++) {
        numbers.add(Disk.u32(block.address + 4L * slot));
      }
      Buffers.brelse(block);
    }
    long number = superBlock.raw.u32(S_LAST_ORPHAN);
    while (number > 0 && number <= superBlock.shape.inodesCount && numbers.add(number)) {
      BufferHead block = superBlock.table.inodeBlock(number);
      if (block == null) {
        break;
      }
      number = Disk.u32(superBlock.table.addressIn(block, number) + InodeLayout.I_DTIME);
      Buffers.brelse(block);
    }
    numbers.remove(0L);
    return numbers;
  }

  /** Notes an inode in the list on disk, for a mount to delete it. For recovery. */
  void noteOnDisk(Ext4Inode inode) {
    inode.deletedSeconds = superBlock.raw.u32(S_LAST_ORPHAN);
    superBlock.raw.put32(S_LAST_ORPHAN, inode.number());
  }

  /** At mount: deletes or truncates what a crash left. The number of inodes. */
  @Traced("ext4_orphan_cleanup")
  int cleanup() {
    int done = cleanupList();
    Ext4Inode orphanFile = file;
    for (int i = 0; orphanFile != null && i < fileBlocks.length; i++) {
      done += cleanupBlock(i);
    }
    return done;
  }

  private int cleanupList() {
    int done = 0;
    long number = superBlock.raw.u32(S_LAST_ORPHAN);
    while (number != 0) {
      long[] error = new long[1];
      Ext4Inode inode = superBlock.table.orphanGet(number, error);
      if (inode == null) {
        superBlock.raw.put32(S_LAST_ORPHAN, 0);
        break;
      }
      long next = inode.deletedSeconds;
      synchronized (this) {
        list.add(inode);
        inode.onOrphanList = true;
        members.add(inode);
      }
      processOrphan(inode);
      done++;
      if (superBlock.raw.u32(S_LAST_ORPHAN) == number) {
        superBlock.error("inode " + number + " stays on the list of orphans");
        break;
      }
      number = next;
    }
    return done;
  }

  private int cleanupBlock(int index) {
    int done = 0;
    for (int slot = 0; slot < entries() && used[index] > 0; slot++) {
      BufferHead block = bread(fileBlocks[index]);
      if (block == null) {
        return done;
      }
      long number = Disk.u32(block.address + 4L * slot);
      Buffers.brelse(block);
      if (number == 0) {
        continue;
      }
      long[] error = new long[1];
      Ext4Inode inode = superBlock.table.orphanGet(number, error);
      if (inode != null) {
        synchronized (this) {
          inode.orphanSlot = index * entries() + slot + 1;
          inode.onOrphanList = true;
          members.add(inode);
        }
        processOrphan(inode);
        done++;
      }
    }
    return done;
  }

  @Traced("ext4_process_orphan")
  private static void processOrphan(Ext4Inode inode) {
    if (inode.nlink > 0) {
      inode.lock.writeLock().lock();
      try {
        Ext4Truncate.truncateInode(inode);
      } finally {
        inode.lock.writeLock().unlock();
      }
    }
    inode.put();
  }
}
