package dev.svc0.samples.heatdisk;

import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.DriveOptions;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Makes such disks: {@code --drive heat:disk.img,map=heat.txt}. */
public final class HeatDiskType implements BlockDriverType {
  /** From the range that is free for local use. */
  private static final int MAJOR = 240;

  private static final int SECTOR_SHIFT = 9;

  @Override
  public String name() {
    return "heat";
  }

  @Override
  public String help() {
    return "heat:FILE,map=TEXT  a disk in a file; at the end, TEXT says how often each part was used";
  }

  @Override
  public BlockDevice create(BlockDevices devices, String text) throws IOException {
    DriveOptions options = new DriveOptions(name(), text, Set.of("map"));
    FileChannel file =
        FileChannel.open(
            Path.of(options.first()), StandardOpenOption.READ, StandardOpenOption.WRITE);
    HeatDisk driver = new HeatDisk(file, Path.of(options.get("map", "heat.txt")));
    return devices.add("heat", MAJOR, file.size() >>> SECTOR_SHIFT, DiskLimits.DEFAULT, driver);
  }
}
