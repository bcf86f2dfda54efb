package dev.svc0.fs.nullblk;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.DriveOptions;
import java.io.IOException;
import java.util.Set;

/** Makes null disks: {@code nullblk:size=250G}. */
@AutoService(BlockDriverType.class)
public final class NullBlkType implements BlockDriverType {
  /** Linux hands it out at run time; this is the first of the range it takes from. */
  private static final int MAJOR = 254;

  private static final int MODE_BIO = 0;
  private static final int MODE_QUEUE = 2;

  @Override
  public String name() {
    return "nullblk";
  }

  @Override
  public String help() {
    return "nullblk[:size=250G][,queue_mode=2][,depth=64][,submit_queues=1]  a disk that forgets"
        + " everything; queue_mode 0 has no request queue";
  }

  @Override
  public BlockDevice create(BlockDevices devices, String text) throws IOException {
    DriveOptions options =
        new DriveOptions(name(), text, Set.of("size", "queue_mode", "depth", "submit_queues"));
    long bytes = options.bytes("size", 250L << 30);
    int mode = options.number("queue_mode", MODE_QUEUE, MODE_BIO, MODE_QUEUE);
    int depth = options.number("depth", 64, 1, 1024);
    int queues = options.number("submit_queues", 1, 1, 64);
    DiskLimits limits = new DiskLimits(512, 512, 1280 * 1024, 128, depth, false, false, true, true);
    return devices.add("nullb", MAJOR, bytes >>> 9, limits, new NullBlk(mode == MODE_BIO, queues));
  }
}
