package dev.svc0.fs.brd;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.DriveOptions;
import java.io.IOException;
import java.util.Set;

/** Makes ram disks: {@code brd:size=64M}, or {@code brd:image=disk.img} for a copy of a disk. */
@AutoService(BlockDriverType.class)
public final class BrdType implements BlockDriverType {
  private static final int RAMDISK_MAJOR = 1;
  private static final long DEFAULT_BYTES = 16L << 20;
  private static final long PAGE = 4096;

  private static final DiskLimits LIMITS =
      new DiskLimits(512, 4096, 1280 * 1024, 256, 128, false, false, true, false);

  @Override
  public String name() {
    return "brd";
  }

  @Override
  public String help() {
    return "brd[:size=16M][,image=FILE]  a disk in memory, gone at the end; empty at first, or a copy"
        + " of a file, which is only read";
  }

  @Override
  public BlockDevice create(BlockDevices devices, String text) throws IOException {
    DriveOptions options = new DriveOptions(name(), text, Set.of("size", "image"));
    if (!options.first().isEmpty()) {
      String given = options.first();
      throw new IOException(
          "brd: what is \"" + given + "\"? Write size=" + given + " or image=" + given);
    }
    if (options.has("image")) {
      try (BrdImage image = new BrdImage(options.get("image", ""))) {
        return copyOf(image, devices, options);
      }
    }
    long bytes = options.bytes("size", DEFAULT_BYTES);
    if (bytes < PAGE) {
      throw new IOException("brd: the size must be at least 4K");
    }
    return add(devices, new Brd(bytes & -PAGE));
  }

  private static BlockDevice copyOf(BrdImage image, BlockDevices devices, DriveOptions options)
      throws IOException {
    long least = image.wholeSectors();
    long bytes = options.has("size") ? options.bytes("size", 0) & -PAGE : least;
    if (bytes < least) {
      throw new IOException(
          "brd: the image has "
              + least
              + " bytes, more than size="
              + options.get("size", "")
              + "; without size= the disk is as large as the image");
    }
    Brd disk = new Brd(bytes);
    try {
      disk.fillFrom(image);
    } catch (IOException unreadable) {
      disk.close();
      throw unreadable;
    }
    return add(devices, disk);
  }

  private static BlockDevice add(BlockDevices devices, Brd disk) {
    return devices.add("ram", RAMDISK_MAJOR, disk.sizeBytes() >>> 9, LIMITS, disk);
  }
}
