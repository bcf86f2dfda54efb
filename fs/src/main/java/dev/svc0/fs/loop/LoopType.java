package dev.svc0.fs.loop;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.DriveOptions;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Makes loop disks: {@code loop:disk.img}. */
@AutoService(BlockDriverType.class)
public final class LoopType implements BlockDriverType {
  private static final int LOOP_MAJOR = 7;

  @Override
  public String name() {
    return "loop";
  }

  @Override
  public String help() {
    return "loop:FILE[,ro][,depth=128]  a file of the host as a disk, read-only when the file is";
  }

  @Override
  public BlockDevice create(BlockDevices devices, String text) throws IOException {
    DriveOptions options = new DriveOptions(name(), text, Set.of("file", "ro", "depth"));
    String name = options.get("file", options.first());
    if (name.isEmpty()) {
      throw new IOException("loop needs a file: write for example loop:disk.img");
    }
    Path path = Path.of(name);
    if (!Files.isRegularFile(path)) {
      throw new IOException(
          "loop: " + name + (Files.exists(path) ? " is not a regular file" : " does not exist"));
    }
    int depth = options.number("depth", 128, 1, 1024);
    boolean writable = !options.has("ro") && Files.isWritable(path);
    FileChannel file =
        writable
            ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
            : FileChannel.open(path, StandardOpenOption.READ);
    long sectors = file.size() >>> 9;
    if (sectors == 0) {
      file.close();
      throw new IOException("loop: " + name + " is smaller than one sector of 512 bytes");
    }
    DiskLimits limits =
        new DiskLimits(512, 512, 1280 * 1024, 128, depth, writable, false, false, false);
    Loop driver = new Loop(file, writable, "loop");
    BlockDevice disk = devices.add("loop", LOOP_MAJOR, sectors, limits, driver);
    disk.setReadOnly(!writable);
    return disk;
  }
}
