package dev.svc0.fs.mkfs;

import dev.svc0.fs.extformat.GroupDescriptorLayout;
import java.time.Instant;
import java.util.EnumSet;
import java.util.UUID;

/**
 * What to make. Everything has the default of {@code mke2fs -t ext2}, or after {@link #ext4} of
 * {@code mke2fs -t ext4}: sizes of 0 are chosen by the size of the image, as mke2fs.conf of Debian
 * 12 does.
 */
public final class Mke2fsOptions {
  /** Features that can be chosen, with the names that mke2fs gives them. */
  public enum Feature {
    HAS_JOURNAL("has_journal"),
    RESIZE_INODE("resize_inode"),
    EXTENT("extent"),
    BIT64("64bit"),
    FLEX_BG("flex_bg"),
    HUGE_FILE("huge_file"),
    DIR_NLINK("dir_nlink"),
    EXTRA_ISIZE("extra_isize"),
    METADATA_CSUM("metadata_csum");

    /** What mke2fs calls it. */
    public final String title;

    Feature(String title) {
      this.title = title;
    }
  }

  private boolean isExt4;
  private final EnumSet<Feature> features = EnumSet.of(Feature.RESIZE_INODE);
  long journalBlocks;
  int blockSize;
  int inodeSize = 256;
  int inodeRatio;
  long inodes;
  int reservedPercent = 5;
  String label = "";
  UUID uuid = UUID.randomUUID();
  UUID hashSeed = UUID.randomUUID();
  Instant now = Instant.now();

  /** An ext4 with the features that {@code mke2fs -t ext4} of e2fsprogs 1.47 gives it. */
  public Mke2fsOptions ext4() {
    isExt4 = true;
    features.addAll(EnumSet.allOf(Feature.class));
    return this;
  }

  /** Whether an ext4 is to be made, not an ext2. */
  public boolean isExt4() {
    return isExt4;
  }

  /** With a feature. */
  public Mke2fsOptions with(Feature feature) {
    if (!isExt4 && feature != Feature.RESIZE_INODE) {
      throw new IllegalArgumentException(feature.title + " is a feature of ext4");
    }
    features.add(feature);
    return this;
  }

  /** Without a feature. An ext4 can do without its journal and without room to grow. */
  public Mke2fsOptions without(Feature feature) {
    if (feature != Feature.HAS_JOURNAL && feature != Feature.RESIZE_INODE && isExt4) {
      throw new IllegalArgumentException("an ext4 without " + feature.title + " is not made here");
    }
    features.remove(feature);
    return this;
  }

  /**
   * Adds and removes features by the names that mke2fs -O takes, separated by commas, with {@code
   * ^} before what is not wanted.
   */
  public Mke2fsOptions features(String list) {
    for (String word : list.split(",")) {
      boolean without = word.startsWith("^");
      String name = without ? word.substring(1) : word;
      Feature feature = featureOf(name);
      if (without) {
        without(feature);
      } else {
        with(feature);
      }
    }
    return this;
  }

  private static Feature featureOf(String name) {
    for (Feature feature : Feature.values()) {
      if (feature.title.equals(name)) {
        return feature;
      }
    }
    throw new IllegalArgumentException("feature " + name + " is not made here");
  }

  boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** Bytes of a group descriptor. */
  int descriptorSize() {
    return isExt4 ? Ext4Layout.DESCRIPTOR_SIZE : GroupDescriptorLayout.EXT2_MIN_DESC_SIZE;
  }

  /** Size of the journal in blocks, at least 1024; chosen by the size of the image unless told. */
  public Mke2fsOptions journalBlocks(long blocks) {
    if (blocks < 1024 || blocks > 10_240_000) {
      throw new IllegalArgumentException("a journal of " + blocks + " blocks");
    }
    journalBlocks = blocks;
    return this;
  }

  /** 1024, 2048 or 4096 bytes. */
  public Mke2fsOptions blockSize(int bytes) {
    if (bytes != 1024 && bytes != 2048 && bytes != 4096) {
      throw new IllegalArgumentException("block size " + bytes + " is none of 1024, 2048, 4096");
    }
    blockSize = bytes;
    return this;
  }

  /** 128 to 1024 bytes, a power of two. */
  public Mke2fsOptions inodeSize(int bytes) {
    if (bytes < 128 || bytes > 1024 || Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException(
          "inode size " + bytes + " is no power of two from 128 to 1024");
    }
    inodeSize = bytes;
    return this;
  }

  /** One inode for so many bytes. */
  public Mke2fsOptions inodeRatio(int bytes) {
    if (bytes < 1024) {
      throw new IllegalArgumentException("inode ratio " + bytes + " is below 1024");
    }
    inodeRatio = bytes;
    return this;
  }

  /** So many inodes, whatever the ratio. */
  public Mke2fsOptions inodes(long count) {
    if (count < 12 || count > 0xffff_ffffL) {
      throw new IllegalArgumentException("cannot make " + count + " inodes");
    }
    inodes = count;
    return this;
  }

  /** Blocks set aside for the super-user, 0 to 50 per cent. */
  public Mke2fsOptions reservedPercent(int percent) {
    if (percent < 0 || percent > 50) {
      throw new IllegalArgumentException("reserved blocks of " + percent + " per cent");
    }
    reservedPercent = percent;
    return this;
  }

  /** Volume name, at most 16 bytes. */
  public Mke2fsOptions label(String name) {
    if (name.length() > 16) {
      throw new IllegalArgumentException("label \"" + name + "\" is longer than 16 bytes");
    }
    label = name;
    return this;
  }

  /** Identity of the file system and seed of its hashes. */
  public Mke2fsOptions uuid(UUID identity, UUID seed) {
    uuid = identity;
    hashSeed = seed;
    return this;
  }

  /** The time of making. */
  public Mke2fsOptions now(Instant time) {
    now = time;
    return this;
  }
}
