package dev.svc0.fs.logwrites;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.block.DriveOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Makes disks that log what is written: {@code logwrites:ram0,log=writes.log}. */
@AutoService(BlockDriverType.class)
public final class LogWritesType implements BlockDriverType {
  @Override
  public String name() {
    return "logwrites";
  }

  @Override
  public String help() {
    return "logwrites:DISK,log=FILE  logs every write with its data, as dm-log-writes does";
  }

  @Override
  public BlockDevice create(BlockDevices devices, String text) throws IOException {
    DriveOptions options = new DriveOptions(name(), text, Set.of("log"));
    BlockDevice below = options.disk(devices);
    String file = options.get("log", "");
    if (file.isEmpty()) {
      throw new IOException("logwrites needs a file for the log: write for example log=writes.log");
    }
    return LogWrites.over(devices, below, new FileLog(Path.of(file)));
  }
}
