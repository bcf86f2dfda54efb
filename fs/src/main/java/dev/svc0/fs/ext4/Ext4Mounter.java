package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.fs.jbd2.JournalRecovery;
import dev.svc0.runtime.abi.Errno;
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

  /** Features that only matter to writers, but for those that change where things are. */
  private static final int RO_COMPAT_REFUSED = Features.RO_COMPAT_BIGALLOC;

  private final FileSystemType type;
  private final MountRequest request;
  private @Nullable BufferHead superBuffer;

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
    if (raw.hasIncompat(Features.INCOMPAT_RECOVER)) {
      recover(device, raw, shape);
      check(raw, device);
      shape = ExtGeometry.of(raw, device.sizeBytes(), "ext4");
    }
    Ext4SuperBlock superBlock = superBlock(device, raw, shape);
    boolean done = false;
    try {
      superBlock.loadGroups();
      superBlock.openRoot();
      done = true;
      return superBlock;
    } finally {
      if (!done) {
        superBlock.releaseGroups();
      }
    }
  }

  private Ext4SuperBlock superBlock(BlockDevice device, RawSuperBlock raw, ExtGeometry shape) {
    return new Ext4SuperBlock(
        type, request, device, this, Objects.requireNonNull(superBuffer), raw, shape);
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
      before.loadGroups();
      Ext4Inode journal = before.table.readJournal();
      new JournalRecovery(
              device,
              shape.blockSize,
              block -> Ext4Extents.mapBlock(journal, block),
              shape.blocksCount)
          .recover();
    } finally {
      before.releaseGroups();
    }
    raw.put32(S_FEATURE_INCOMPAT, raw.incompat() & ~Features.INCOMPAT_RECOVER);
    Ext4Checksums.putSuperBlockChecksum(raw);
    Buffers.markBufferDirty(Objects.requireNonNull(superBuffer));
    if (device.sync() != 0) {
      throw new MountException(Errno.EIO, "ext4: writing to " + device.name() + " failed");
    }
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
