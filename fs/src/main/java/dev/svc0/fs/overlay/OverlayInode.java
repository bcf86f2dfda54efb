package dev.svc0.fs.overlay;

import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;
import org.jspecify.annotations.Nullable;

/** A file of the overlay: what stands behind it in each layer. */
final class OverlayInode extends Inode {
  /** Sets numbers of files that exist only above apart from those of the lower layer. */
  private static final long UPPER_NUMBERS = 1L << 48;

  /** The directory it was found in; null for the top. Changes with a rename. */
  volatile @Nullable OverlayInode parent;

  /** Entry of the upper layer, its inode held; null until copied up. */
  volatile @Nullable Dentry upper;

  /** Entry of the lower layer, its inode held. */
  final @Nullable Dentry lower;

  OverlayInode(
      OverlaySuperBlock superBlock,
      @Nullable OverlayInode parent,
      @Nullable Dentry upper,
      @Nullable Dentry lower) {
    super(
        superBlock,
        numberOf(upper, lower),
        realOf(upper, lower).mode,
        OverlayInodeOperations.INSTANCE,
        OverlayFileOperations.INSTANCE,
        AnonymousFs.NO_PAGES);
    this.parent = parent;
    this.upper = upper;
    this.lower = lower;
    if (parent != null) {
      parent.hold();
    }
    rdev = real().rdev;
    refresh();
  }

  private static long numberOf(@Nullable Dentry upper, @Nullable Dentry lower) {
    return lower != null
        ? lower.requireInode().number()
        : realOf(upper, lower).number() + UPPER_NUMBERS;
  }

  private static Inode realOf(@Nullable Dentry upper, @Nullable Dentry lower) {
    Dentry entry = upper != null ? upper : lower;
    if (entry == null) {
      throw new IllegalArgumentException("nothing in either layer");
    }
    return entry.requireInode();
  }

  OverlaySuperBlock overlay() {
    return (OverlaySuperBlock) superBlock();
  }

  /** The entry that counts. */
  Dentry realEntry() {
    Dentry above = upper;
    Dentry entry = above != null ? above : lower;
    if (entry == null) {
      throw new IllegalStateException("nothing in either layer");
    }
    return entry;
  }

  /** The inode that counts. */
  Inode real() {
    return realOf(upper, lower);
  }

  /** Takes over the attributes of the inode that counts. */
  void refresh() {
    Inode real = real();
    real.operations().getattr(real);
    mode = real.mode;
    uid = real.uid;
    gid = real.gid;
    nlink = real.nlink;
    setSize(real.size());
    blocks512 = real.blocks512;
    atimeSeconds = real.atimeSeconds;
    atimeNanos = real.atimeNanos;
    mtimeSeconds = real.mtimeSeconds;
    mtimeNanos = real.mtimeNanos;
    ctimeSeconds = real.ctimeSeconds;
    ctimeNanos = real.ctimeNanos;
  }

  /** It stands in another directory now. */
  void moveTo(OverlayInode newParent) {
    OverlayInode was = parent;
    newParent.hold();
    parent = newParent;
    if (was != null) {
      was.put();
    }
  }

  void releaseLayers() {
    for (Dentry entry : new Dentry[] {upper, lower}) {
      if (entry != null) {
        entry.requireInode().put();
      }
    }
    OverlayInode above = parent;
    if (above != null) {
      above.put();
    }
  }

  /** Its attributes are the layers'. */
  @Override
  public void markDirty(int flags) {}
}
