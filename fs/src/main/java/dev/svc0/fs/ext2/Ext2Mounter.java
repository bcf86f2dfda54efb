package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import org.jspecify.annotations.Nullable;

/**
 * One mount: reads the superblock and the descriptors, believes nothing, and brings a super block
 * up.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2Mounter {
  private static final int INCOMPAT_SUPPORTED =
      Features.INCOMPAT_FILETYPE | Features.INCOMPAT_META_BG;
  static final int RO_COMPAT_SUPPORTED =
      Features.RO_COMPAT_SPARSE_SUPER
          | Features.RO_COMPAT_LARGE_FILE
          | Features.RO_COMPAT_BTREE_DIR;

  private final FileSystemType type;
  private final MountRequest request;
  private @Nullable BufferHead superBuffer;

  Ext2Mounter(FileSystemType type, MountRequest request) {
    this.type = type;
    this.request = request;
  }

  /** Mounts; whatever was taken is given back when it fails. */
  @Traced("ext2_fill_super")
  Ext2SuperBlock fillSuper() throws MountException {
    BlockDevice device = request.device();
    if (device == null) {
      throw new MountException(Errno.ENOTBLK, "ext2: " + request.source() + " is no block device");
    }
    Ext2Options options = Ext2Options.parse(request.options());
    if (device.isReadOnly() && !readOnly()) {
      throw new MountException(
          Errno.EACCES, "ext2: " + device.name() + " is write-protected: mount it read-only");
    }
    if (device.claim(this) != 0) {
      throw new MountException(Errno.EBUSY, "ext2: " + device.name() + " is in use");
    }
    boolean done = false;
    try {
      Ext2SuperBlock superBlock = read(device, options);
      done = true;
      return superBlock;
    } finally {
      if (!done) {
        Buffers.brelse(superBuffer);
        device.unclaim(this);
      }
    }
  }

  private Ext2SuperBlock read(BlockDevice device, Ext2Options options) throws MountException {
    RawSuperBlock raw = readSuper(device, options, 1024);
    checkMagic(raw, device);
    checkFeatures(raw, device);
    ExtGeometry shape = ExtGeometry.of(raw, device.sizeBytes(), "ext2");
    if (shape.blockSize != 1024) {
      raw = readSuper(device, options, shape.blockSize);
      checkMagic(raw, device);
      shape = ExtGeometry.of(raw, device.sizeBytes(), "ext2");
    }
    options.takeDefaults(raw);
    BufferHead buffer = java.util.Objects.requireNonNull(superBuffer);
    Ext2SuperBlock superBlock =
        new Ext2SuperBlock(type, request, device, this, buffer, raw, shape, options);
    boolean done = false;
    try {
      superBlock.groups.load();
      superBlock.openRoot();
      if (!superBlock.isReadOnly()) {
        superBlock.setupSuper();
      }
      done = true;
      return superBlock;
    } finally {
      if (!done) {
        superBlock.groups.release();
      }
    }
  }

  private RawSuperBlock readSuper(BlockDevice device, Ext2Options options, int blockSize)
      throws MountException {
    Buffers.brelse(superBuffer);
    superBuffer = null;
    long result = device.setBlockSize(blockSize);
    if (result != 0) {
      throw new MountException(
          (int) -result, "ext2: " + device.name() + " cannot do blocks of " + blockSize + " bytes");
    }
    long offset = options.superBlockAt * 1024;
    if (options.superBlockAt < 1 || offset + SUPERBLOCK_SIZE > device.sizeBytes()) {
      throw new MountException(
          Errno.EINVAL, "ext2: " + device.name() + " is too small to hold a superblock");
    }
    superBuffer = Buffers.bread(device, offset / blockSize, blockSize);
    if (superBuffer == null) {
      throw new MountException(
          Errno.EIO, "ext2: unable to read the superblock of " + device.name());
    }
    return new RawSuperBlock(superBuffer.address + offset % blockSize);
  }

  private static void checkMagic(RawSuperBlock raw, BlockDevice device) throws MountException {
    if (raw.u16(S_MAGIC) != 0xEF53) {
      throw new MountException(
          Errno.EINVAL,
          "ext2: s_magic on %s is 0x%04x, not 0xef53: there is no ext2 file system on it"
              .formatted(device.name(), raw.u16(S_MAGIC)));
    }
  }

  private void checkFeatures(RawSuperBlock raw, BlockDevice device) throws MountException {
    if (raw.u32(S_REV_LEVEL) > EXT2_DYNAMIC_REV && !readOnly()) {
      throw new MountException(
          Errno.EINVAL,
          "ext2: s_rev_level is "
              + raw.u32(S_REV_LEVEL)
              + ", newer than 1: it can be mounted read-only");
    }
    if (raw.isOldRevision()) {
      return;
    }
    int unknown = raw.incompat() & ~INCOMPAT_SUPPORTED;
    if (unknown != 0) {
      throw new MountException(
          Errno.EINVAL,
          "ext2: cannot mount %s because of features it does not support: %s (is it ext4?)"
              .formatted(device.name(), Features.incompatNames(unknown)));
    }
    int readOnlyOnly = raw.roCompat() & ~RO_COMPAT_SUPPORTED;
    if (readOnlyOnly != 0 && !readOnly()) {
      throw new MountException(
          Errno.EINVAL,
          "ext2: cannot mount %s for writing because of features it does not support: %s; it can be"
                  .formatted(device.name(), Features.roCompatNames(readOnlyOnly))
              + " mounted read-only");
    }
  }

  private boolean readOnly() {
    return (request.flags() & MountFlags.MS_RDONLY) != 0;
  }

  /** What a root directory must be. */
  static void checkRoot(Ext2Inode root) throws MountException {
    if (!root.isDirectory() || root.size() == 0 || root.blocks512 == 0) {
      throw new MountException(
          Errno.EINVAL,
          "ext2: inode %d, the root directory, has mode %o, size %d, %d blocks: run e2fsck"
              .formatted(InodeLayout.EXT2_ROOT_INO, root.mode, root.size(), root.blocks512));
    }
  }
}
