package dev.svc0.fs.loop;

import com.google.auto.service.AutoService;
import dev.svc0.fs.hostfs.HostCalls;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.DriveOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    return "loop:FILE[,ro][,direct][,depth=128]  a file of the host as a disk, read-only when the file"
        + " is; direct: past the host's page cache";
  }

  @Override
  public BlockDevice create(BlockDevices devices, String text) throws IOException {
    DriveOptions options = new DriveOptions(name(), text, Set.of("file", "ro", "direct", "depth"));
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
    long sectors = Files.size(path) >>> 9;
    if (sectors == 0) {
      throw new IOException("loop: " + name + " is smaller than one sector of 512 bytes");
    }
    long file = open(name, writable, false);
    long direct = options.has("direct") ? open(name, writable, true) : -1;
    DiskLimits limits =
        new DiskLimits(512, 512, 1280 * 1024, 128, depth, writable, false, writable, writable);
    long inode = Files.getAttribute(path, "unix:ino") instanceof Long number ? number : 0;
    Loop driver =
        new Loop(file, direct, writable, path.getFileName().toString(), inode, devices.work());
    BlockDevice disk = devices.add("loop", LOOP_MAJOR, sectors, limits, driver);
    disk.setReadOnly(!writable);
    return disk;
  }

  private static long open(String name, boolean writable, boolean direct) throws IOException {
    long file = HostCalls.open(name, writable ? Fcntl.O_RDWR : Fcntl.O_RDONLY, direct);
    if (file < 0) {
      String how = direct ? " for direct I/O" : "";
      throw new IOException("loop: cannot open " + name + how + ": " + Errno.nameOf((int) -file));
    }
    return file;
  }
}
