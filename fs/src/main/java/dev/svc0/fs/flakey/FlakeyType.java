package dev.svc0.fs.flakey;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.block.DriveOptions;
import dev.svc0.runtime.block.ReqOp;
import java.io.IOException;
import java.util.Random;
import java.util.Set;

/** Makes disks that fail by chance: {@code flakey:ram0,seed=7,write_errors=100}. */
@AutoService(BlockDriverType.class)
public final class FlakeyType implements BlockDriverType {
  @Override
  public String name() {
    return "flakey";
  }

  @Override
  public String help() {
    return "flakey:DISK[,seed=0][,read_errors=N][,write_errors=N][,drop=N][,torn=N]"
        + "[,delay=N][,delay_ms=10][,cut_after=W]  fails one in N on average, the same for the same"
        + " seed; after W writes nothing is written any more";
  }

  @Override
  public BlockDevice create(BlockDevices devices, String text) throws IOException {
    DriveOptions options =
        new DriveOptions(
            name(),
            text,
            Set.of(
                "seed",
                "read_errors",
                "write_errors",
                "drop",
                "torn",
                "delay",
                "delay_ms",
                "cut_after"));
    return Flakey.over(devices, options.disk(devices), new ByChance(options));
  }

  /** Decides by a seeded sequence. */
  private static final class ByChance implements Flakey.Rule {
    private static final int NEVER = 0;
    private static final int MOST = 1_000_000_000;

    private final Random random;
    private final int readErrors;
    private final int writeErrors;
    private final int drop;
    private final int torn;
    private final int delay;
    private final long delayNanos;
    private final int cutAfter;
    private int writes;

    ByChance(DriveOptions options) throws IOException {
      random = new Random(options.number("seed", 0, 0, MOST));
      readErrors = options.number("read_errors", NEVER, 1, MOST);
      writeErrors = options.number("write_errors", NEVER, 1, MOST);
      drop = options.number("drop", NEVER, 1, MOST);
      torn = options.number("torn", NEVER, 1, MOST);
      delay = options.number("delay", NEVER, 1, MOST);
      delayNanos = options.number("delay_ms", 10, 1, 60_000) * 1_000_000L;
      cutAfter = options.number("cut_after", MOST, 0, MOST);
    }

    @Override
    public synchronized Flakey.Fate decide(Bio bio, long number) {
      boolean write = ReqOp.isWrite(bio.opf);
      if (write && writes++ >= cutAfter) {
        return new Flakey.Drop();
      }
      if (oneIn(write ? writeErrors : readErrors)) {
        return new Flakey.Fail(-Errno.EIO);
      }
      if (write && oneIn(drop)) {
        return new Flakey.Drop();
      }
      if (write && bio.sizeBytes > 512 && oneIn(torn)) {
        return new Flakey.Tear(512 * (1 + random.nextInt((bio.sizeBytes >> 9) - 1)));
      }
      return oneIn(delay) ? new Flakey.Delay(delayNanos) : new Flakey.Pass();
    }

    private boolean oneIn(int n) {
      return n != NEVER && random.nextInt(n) == 0;
    }
  }
}
