package dev.svc0.fs.fsck;

import static dev.svc0.fs.extformat.DirEntryLayout.*;

import dev.svc0.fs.extformat.Crc;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pass over all directories: their names, and who refers to which inode how often. */
final class DirectoryScan {
  private static final int TAIL = 12;
  private static final int TAIL_TYPE = 0xDE;
  private static final int MOST_LINKS = 65000;

  private final Volume volume;
  private final InodeScan inodes;
  private final boolean hasTypes;

  /** How many names refer to an inode, dots too. */
  private final int[] found;

  /** The directory that names a directory; 0 for none yet. */
  private final int[] parents;

  private final int[] dotDots;

  DirectoryScan(Volume volume, InodeScan inodes) {
    this.volume = volume;
    this.inodes = inodes;
    hasTypes = volume.raw.hasIncompat(Features.INCOMPAT_FILETYPE);
    found = new int[inodes.modes.length];
    parents = new int[inodes.modes.length];
    dotDots = new int[inodes.modes.length];
  }

  void scan() throws IOException {
    long buffer = volume.buffer();
    for (Map.Entry<Integer, List<Long>> one : inodes.directories.entrySet()) {
      Set<String> names = new HashSet<>();
      int checksumSeed = checksumSeed(one.getKey(), buffer);
      for (int i = 0; i < one.getValue().size(); i++) {
        volume.read(one.getValue().get(i), buffer);
        if (volume.metadataSums && !isSumRight(checksumSeed, buffer)) {
          volume.problem("directory %d: the checksum of block %d is wrong", one.getKey(), i);
        }
        block(one.getKey(), i, buffer, names);
      }
    }
    counts();
  }

  private int checksumSeed(int number, long buffer) throws IOException {
    int group = (number - 1) / volume.shape.inodesPerGroup;
    int index = (number - 1) % volume.shape.inodesPerGroup;
    long table = volume.groupWide(group, 8, 40);
    volume.read(table + index / volume.shape.inodesPerBlock, buffer);
    long inode = buffer + (long) (index % volume.shape.inodesPerBlock) * volume.shape.inodeSize;
    return volume.inodeSeed(number, inode);
  }

  private boolean isSumRight(int checksumSeed, long at) {
    int blockSize = volume.blockSize;
    // A root that was a block of names may still have what ends one.
    boolean root = Disk.u16(at + 4) == TAIL && Disk.u16(at + 16) == blockSize - TAIL;
    if (!root && Disk.u16(at + 4) != blockSize) {
      long tail = at + blockSize - TAIL;
      return Disk.u32(tail) == 0
          && Disk.u16(tail + 4) == TAIL
          && Disk.u8(tail + 7) == TAIL_TYPE
          && Crc.crc32c(checksumSeed, at, blockSize - TAIL) == Disk.s32(tail + 8);
    }
    int countAt = root ? 32 : 8;
    int limit = Disk.u16(at + countAt);
    int count = Disk.u16(at + countAt + 2);
    int sumAt = countAt + 8 * limit;
    if (count > limit || sumAt + 8 > blockSize) {
      return false;
    }
    int crc = Crc.crc32c(checksumSeed, at, countAt + 8 * count);
    crc = Crc.crc32cZeroes(Crc.crc32c(crc, at + sumAt, 4), 4);
    return crc == Disk.s32(at + sumAt + 4);
  }

  private void block(int directory, int index, long at, Set<String> names) {
    int offset = 0;
    int entries = 0;
    while (offset < volume.blockSize) {
      long entry = at + offset;
      int recLen = Disk.u16(entry + DE_REC_LEN);
      int nameLength = Disk.u8(entry + DE_NAME_LEN);
      if (recLen < DE_NAME + 4
          || recLen % 4 != 0
          || offset + recLen > volume.blockSize
          || recLen < recLen(nameLength)) {
        volume.problem("directory %d: an entry in block %d is damaged", directory, index);
        return;
      }
      long target = Disk.u32(entry);
      if (target != 0) {
        byte[] bytes = new byte[nameLength];
        HostMemory.copy(entry + DE_NAME, bytes, 0, nameLength);
        String name = new String(bytes, StandardCharsets.ISO_8859_1);
        boolean dots = index == 0 && entries < 2;
        if (dots && !name.equals(entries == 0 ? "." : "..")) {
          volume.problem("directory %d: '%s' is missing", directory, entries == 0 ? "." : "..");
        }
        int type = hasTypes ? Disk.u8(entry + DE_FILE_TYPE) : EXT2_FT_UNKNOWN;
        entry(directory, name, target, type, names);
      } else if (index == 0 && entries < 2) {
        volume.problem("directory %d: '%s' is missing", directory, entries == 0 ? "." : "..");
      }
      entries++;
      offset += recLen;
    }
  }

  private void entry(int directory, String name, long target, int type, Set<String> names) {
    if (target > volume.shape.inodesCount || !inodes.used.get((int) target)) {
      volume.problem("directory %d: '%s' leads to inode %d, not in use", directory, name, target);
      return;
    }
    int number = (int) target;
    found[number]++;
    if (!names.add(name)) {
      volume.problem("directory %d: '%s' is there twice", directory, name);
    }
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      volume.problem("directory %d: a name that cannot be: '%s'", directory, name);
    }
    int expected = fileType(inodes.modes[number] & 0xffff);
    if (hasTypes && type != expected) {
      volume.problem(
          "directory %d: '%s' has type %d and should have %d", directory, name, type, expected);
    }
    if (name.equals(".")) {
      if (number != directory) {
        volume.problem("directory %d: '.' leads to inode %d", directory, number);
      }
    } else if (name.equals("..")) {
      dotDots[directory] = number;
    } else if (isDirectory(number)) {
      if (parents[number] != 0) {
        volume.problem("directory %d: '%s' is a second name of a directory", directory, name);
      }
      parents[number] = directory;
    } else {
      parents[number] = directory;
    }
  }

  private boolean isDirectory(int number) {
    return (inodes.modes[number] & StatConstants.S_IFMT) == StatConstants.S_IFDIR;
  }

  /** Compares what was found with the link counts; finds what nobody names. */
  private void counts() {
    for (int number = inodes.used.nextSetBit(EXT2_ROOT); number >= 0; ) {
      boolean reserved = number < volume.shape.firstInode && number != EXT2_ROOT;
      if (!reserved && !inodes.nameless.contains(number)) {
        one(number);
      }
      number = inodes.used.nextSetBit(number + 1);
    }
  }

  private static final int EXT2_ROOT = InodeLayout.EXT2_ROOT_INO;

  private void one(int number) {
    if (number == EXT2_ROOT) {
      if (!isDirectory(number)) {
        volume.problem("inode 2 is no directory: there is no root");
        return;
      }
      parents[number] = number;
    }
    if (parents[number] == 0) {
      volume.problem("inode %d: no name leads to it", number);
    } else if (isDirectory(number) && dotDots[number] != parents[number]) {
      volume.problem(
          "directory %d: '..' leads to %d and should to %d",
          number, dotDots[number], parents[number]);
    }
    boolean many =
        isDirectory(number)
            && inodes.links[number] == 1
            && found[number] >= MOST_LINKS
            && volume.raw.hasRoCompat(Features.RO_COMPAT_DIR_NLINK);
    if (inodes.links[number] != found[number] && !many) {
      volume.problem(
          "inode %d: its link count is %d and should be %d",
          number, inodes.links[number], found[number]);
    }
  }
}
