package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.fs.jbd2.JournalLayout;
import dev.svc0.fs.jbd2.JournalRecovery;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One mount: checks the superblock field by field, and brings a super block up. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Mounter {
  private static final int INCOMPAT_SUPPORTED =
      Features.INCOMPAT_FILETYPE
          | Features.INCOMPAT_META_BG
          | Features.INCOMPAT_EXTENTS
          | Features.INCOMPAT_64BIT
          | Features.INCOMPAT_FLEX_BG
          | Features.INCOMPAT_MMP
          | Features.INCOMPAT_EA_INODE
          | Features.INCOMPAT_CSUM_SEED
          | Features.INCOMPAT_LARGEDIR;

  /** What can be read, but is not written. */
  static final int INCOMPAT_READ_ONLY = Features.INCOMPAT_MMP | Features.INCOMPAT_EA_INODE;

  /** What writers must keep right, and these here do. */
  static final int RO_COMPAT_SUPPORTED =
      Features.RO_COMPAT_SPARSE_SUPER
          | Features.RO_COMPAT_LARGE_FILE
          | Features.RO_COMPAT_BTREE_DIR
          | Features.RO_COMPAT_HUGE_FILE
          | Features.RO_COMPAT_GDT_CSUM
          | Features.RO_COMPAT_DIR_NLINK
          | Features.RO_COMPAT_EXTRA_ISIZE
          | Features.RO_COMPAT_METADATA_CSUM
          | Features.RO_COMPAT_PROJECT
          | Features.RO_COMPAT_ORPHAN_PRESENT;

  /** Features that only matter to writers, but for those that change where things are. */
  private static final int RO_COMPAT_REFUSED = Features.RO_COMPAT_BIGALLOC;

  private final FileSystemType type;
  private final MountRequest request;
  private @Nullable BufferHead superBuffer;
  private Ext4Options options = new Ext4Options();

  Ext4Mounter(FileSystemType type, MountRequest request) {
    this.type = type;
    this.request = request;
  }

  /** Mounts; whatever was taken is given back when it fails. */
  @Traced("ext4_fill_super")
  Ext4SuperBlock fillSuper() throws MountException {
    BlockDevice device = request.device();
    if (device == null) {
      throw new MountException(Errno.ENOTBLK, "ext4: " + request.source() + " is no block device");
    }
    if (device.claim(this) != 0) {
      throw new MountException(Errno.EBUSY, "ext4: " + device.name() + " is in use");
    }
    boolean done = false;
    try {
      options = Ext4Options.parse(request.options());
      if (!readOnly() && device.isReadOnly()) {
        throw new MountException(
            Errno.EACCES, "ext4: " + device.name() + " is write-protected: mount it read-only");
      }
      Ext4SuperBlock superBlock = read(device);
      done = true;
      return superBlock;
    } finally {
      if (!done) {
        Buffers.brelse(superBuffer);
        device.unclaim(this);
      }
    }
  }

  private Ext4SuperBlock read(BlockDevice device) throws MountException {
    RawSuperBlock raw = readSuper(device, 1024);
    check(raw, device);
    ExtGeometry shape = ExtGeometry.of(raw, device.sizeBytes(), "ext4");
    if (shape.blockSize != 1024) {
      raw = readSuper(device, shape.blockSize);
      check(raw, device);
      shape = ExtGeometry.of(raw, device.sizeBytes(), "ext4");
    }
    if (raw.hasIncompat(Features.INCOMPAT_RECOVER) && !(options.noLoad && readOnly())) {
      recover(device, raw, shape);
      check(raw, device);
      shape = ExtGeometry.of(raw, device.sizeBytes(), "ext4");
    }
    Ext4SuperBlock superBlock = superBlock(device, raw, shape);
    boolean done = false;
    try {
      superBlock.groups.load();
      if (!superBlock.isReadOnly()) {
        refuseWriting(raw, device);
        beginWriting(superBlock);
      }
      superBlock.openRoot();
      done = true;
      return superBlock;
    } finally {
      if (!done) {
        Journal journal = superBlock.journal;
        if (journal != null) {
          journal.destroy();
        }
        superBlock.groups.release();
      }
    }
  }

  private boolean readOnly() {
    return (request.flags() & MountFlags.MS_RDONLY) != 0;
  }

  private static void refuseWriting(RawSuperBlock raw, BlockDevice device) throws MountException {
    if (raw.isOldRevision()) {
      return;
    }
    int readOnlyIncompat = raw.incompat() & INCOMPAT_READ_ONLY;
    int readOnlyCompat = raw.roCompat() & ~RO_COMPAT_SUPPORTED;
    if (readOnlyIncompat != 0 || readOnlyCompat != 0) {
      String names =
          readOnlyIncompat != 0
              ? Features.incompatNames(readOnlyIncompat)
              : Features.roCompatNames(readOnlyCompat);
      throw new MountException(
          Errno.EROFS,
          "ext4: cannot mount %s for writing because of features it does not support: %s; it can be"
                  .formatted(device.name(), names)
              + " mounted read-only");
    }
  }

  /** From here on changes go to the disk: opens the journal, puts right what a crash left. */
  @Traced("ext4_load_and_init_journal")
  static void beginWriting(Ext4SuperBlock superBlock) throws MountException {
    RawSuperBlock raw = superBlock.raw;
    if (superBlock.journal == null && raw.hasCompat(Features.COMPAT_HAS_JOURNAL)) {
      superBlock.journal = openJournal(superBlock, raw);
    }
    superBlock.setupSuper();
    superBlock.orphans.open();
    if (superBlock.orphans.hasLeft()) {
      superBlock.orphans.cleanup();
      Journal journal = superBlock.journal;
      if (journal != null) {
        journal.forceCommit();
      }
    }
  }

  @Traced("ext4_open_inode_journal")
  private static Journal openJournal(Ext4SuperBlock superBlock, RawSuperBlock raw)
      throws MountException {
    if (raw.u32(S_JOURNAL_INUM) == 0) {
      throw new MountException(
          Errno.EROFS, "ext4: the journal is on another device: mount it read-only");
    }
    Ext4Inode inode = superBlock.table.readSpecial(raw.u32(S_JOURNAL_INUM), "the journal");
    Journal journal =
        Journal.initInode(
            superBlock.disk,
            superBlock.blockSize,
            superBlock.shape.blocksCount,
            inode.size() >>> superBlock.shape.blockBits,
            block -> mapJournal(inode, block));
    journal.setHooks(new Ext4JournalHooks(superBlock));
    superBlock.applyTo(journal);
    journal.load();
    if (raw.hasRoCompat(Features.RO_COMPAT_METADATA_CSUM)) {
      journal.setFeatures(0, JournalLayout.FEATURE_INCOMPAT_CSUM_V3);
    }
    if (raw.hasIncompat(Features.INCOMPAT_64BIT)) {
      journal.setFeatures(0, JournalLayout.FEATURE_INCOMPAT_64BIT);
    }
    if (journal.errno() != 0) {
      raw.put16(S_STATE, raw.u16(S_STATE) | EXT2_ERROR_FS);
      superBlock.commitSuper();
      journal.clearErr();
    }
    return journal;
  }

  @Traced("ext4_journal_bmap")
  private static long mapJournal(Ext4Inode inode, long block) {
    Ext4Map map = new Ext4Map(block, 1);
    try {
      Ext4Mapper.mapBlocks(null, inode, map, 0);
    } catch (Ext4Exception e) {
      return e.result;
    }
    return map.state == Ext4Map.WRITTEN ? map.physical : 0;
  }

  private Ext4SuperBlock superBlock(BlockDevice device, RawSuperBlock raw, ExtGeometry shape) {
    options.takeDefaults(raw);
    return new Ext4SuperBlock(
        type, request, device, this, Objects.requireNonNull(superBuffer), raw, shape, options);
  }

  /** Replays the journal; this writes to the device even when the mount is read-only. */
  @Traced("ext4_load_journal")
  private void recover(BlockDevice device, RawSuperBlock raw, ExtGeometry shape)
      throws MountException {
    String problem =
        device.isReadOnly()
            ? "the device is write-protected"
            : raw.u32(S_JOURNAL_INUM) != InodeLayout.EXT2_JOURNAL_INO
                ? "the journal is on another device"
                : null;
    if (problem != null) {
      throw new MountException(
          Errno.EROFS,
          "ext4: %s was not unmounted cleanly (feature needs_recovery), but its journal cannot be"
                  .formatted(device.name())
              + " replayed: "
              + problem
              + "; run e2fsck -p on the image");
    }
    Ext4SuperBlock before = superBlock(device, raw, shape);
    try {
      before.groups.load();
      Ext4Inode journal = before.table.readSpecial(raw.u32(S_JOURNAL_INUM), "the journal");
      new JournalRecovery(
              device,
              shape.blockSize,
              block -> mapJournal(journal, block),
              shape.blocksCount,
              () -> fastCommits(device, raw))
          .recover();
    } finally {
      before.groups.release();
    }
    raw.put32(S_FEATURE_INCOMPAT, raw.incompat() & ~Features.INCOMPAT_RECOVER);
    Ext4Checksums.putSuperBlockChecksum(raw);
    Buffers.markBufferDirty(Objects.requireNonNull(superBuffer));
    if (device.sync() != 0) {
      throw new MountException(Errno.EIO, "ext4: writing to " + device.name() + " failed");
    }
  }

  /** The log is replayed: the file system, without a journal, for what fast commits say. */
  private Ext4FastCommits fastCommits(BlockDevice device, RawSuperBlock raw) throws MountException {
    check(raw, device);
    refuseWriting(raw, device);
    ExtGeometry shape = ExtGeometry.of(raw, device.sizeBytes(), "ext4");
    return Ext4FastCommits.open(superBlock(device, raw, shape));
  }

  private RawSuperBlock readSuper(BlockDevice device, int blockSize) throws MountException {
    Buffers.brelse(superBuffer);
    superBuffer = null;
    if (device.setBlockSize(blockSize) != 0) {
      throw new MountException(
          Errno.EINVAL, "ext4: " + device.name() + " cannot do blocks of " + blockSize + " bytes");
    }
    if (device.sizeBytes() < SUPERBLOCK_OFFSET + SUPERBLOCK_SIZE) {
      throw new MountException(
          Errno.EINVAL, "ext4: " + device.name() + " is too small to hold a superblock");
    }
    superBuffer = Buffers.bread(device, SUPERBLOCK_OFFSET / blockSize, blockSize);
    if (superBuffer == null) {
      throw new MountException(
          Errno.EIO, "ext4: unable to read the superblock of " + device.name());
    }
    return new RawSuperBlock(superBuffer.address + SUPERBLOCK_OFFSET % blockSize);
  }

  private static void check(RawSuperBlock raw, BlockDevice device) throws MountException {
    if (raw.u16(S_MAGIC) != 0xEF53) {
      throw new MountException(
          Errno.EINVAL,
          "ext4: s_magic on %s is 0x%04x, not 0xef53: there is no ext4 file system on it"
              .formatted(device.name(), raw.u16(S_MAGIC)));
    }
    if (raw.isOldRevision()) {
      return;
    }
    int unknown = raw.incompat() & ~INCOMPAT_SUPPORTED & ~Features.INCOMPAT_RECOVER;
    if (unknown != 0) {
      throw new MountException(
          Errno.EINVAL,
          "ext4: cannot mount %s because of features it does not support: %s"
              .formatted(device.name(), Features.incompatNames(unknown)));
    }
    int refused = raw.roCompat() & RO_COMPAT_REFUSED;
    if (refused != 0) {
      throw new MountException(
          Errno.EINVAL,
          "ext4: cannot mount %s because of features it does not support: %s"
              .formatted(device.name(), Features.roCompatNames(refused)));
    }
    if (!Ext4Checksums.isSuperBlockRight(raw)) {
      throw new MountException(
          Errno.EINVAL,
          "ext4: s_checksum of %s is 0x%08x, which is wrong: damaged, run e2fsck"
              .formatted(device.name(), raw.u32(S_CHECKSUM)));
    }
  }
}
