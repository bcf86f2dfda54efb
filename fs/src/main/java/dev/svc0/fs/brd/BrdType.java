package dev.svc0.fs.brd;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.DriveOptions;
import java.io.IOException;
import java.util.Set;

/** Makes ram disks: {@code brd:size=64M}. */
@AutoService(BlockDriverType.class)
public final class BrdType implements BlockDriverType {
  private static final int RAMDISK_MAJOR = 1;
  private static final long DEFAULT_BYTES = 16L << 20;

  private static final DiskLimits LIMITS =
      new DiskLimits(512, 4096, 1280 * 1024, 256, 128, false, false, true, false);

  @Override
  public String name() {
    return "brd";
  }

  @Override
  public String help() {
    return "brd[:size=16M]  a disk in memory, empty at first, gone at the end";
  }

  @Override
  public BlockDevice create(BlockDevices devices, String options) throws IOException {
    long bytes = new DriveOptions(name(), options, Set.of("size")).bytes("size", DEFAULT_BYTES);
    if (bytes < 4096) {
      throw new IOException("brd: the size must be at least 4K");
    }
    long whole = bytes & -4096L;
    return devices.add("ram", RAMDISK_MAJOR, whole >>> 9, LIMITS, new Brd(whole));
  }
}
