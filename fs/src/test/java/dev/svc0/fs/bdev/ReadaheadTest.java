package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.pagecache.Filemap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much is read ahead, and with how many bios, with and without advice. */
@Timeout(60)
class ReadaheadTest {
  private static final int BYTES = 4 << 20;
  private static final int PAGE = 4096;

  private final DiskKernel kernel = new DiskKernel(2048);
  private final RecordingDriver driver = new RecordingDriver(BYTES);
  private final BlockDevice disk =
      kernel.devices.add(
          "rec",
          250,
          BYTES >> 9,
          new DiskLimits(512, 512, 1 << 20, 256, 64, false, false, false, false),
          driver);
  private final long buffer = HostMemory.reserve(PAGE);

  @AfterEach
  void stop() {
    kernel.close();
    HostMemory.release(buffer, PAGE);
  }

  private void read(long page, int window) {
    IovIter to = new IovIter().initKernel(buffer, PAGE);
    assertThat(Filemap.filemapRead(disk.mapping(), page * PAGE, to, window)).isEqualTo(PAGE);
  }

  private int largest() {
    return driver.seen.stream().mapToInt(RecordingDriver.Seen::bytes).max().orElse(0) / PAGE;
  }

  @Test
  void aWindowIsOneBio() {
    for (int page = 0; page < 512; page++) {
      read(page, Filemap.READAHEAD_PAGES);
    }
    assertThat(driver.seen).allMatch(seen -> seen.bios() == 1);
    assertThat(largest()).isEqualTo(Filemap.READAHEAD_PAGES);
  }

  @Test
  void sequentialAdviceDoublesTheWindow() {
    for (int page = 0; page < 512; page++) {
      read(page, 2 * Filemap.READAHEAD_PAGES);
    }
    assertThat(largest()).isEqualTo(2 * Filemap.READAHEAD_PAGES);
  }

  @Test
  void randomAdviceReadsWhatIsAskedFor() {
    for (int page = 0; page < 32; page++) {
      read(page, 0);
    }
    assertThat(driver.seen).hasSize(32).allMatch(seen -> seen.bytes() == PAGE);
  }

  @Test
  void aFaultReadsThePagesAround() {
    Filemap.readAround(disk.mapping(), 40, 16, 32);
    Filemap.readAround(disk.mapping(), 41, 16, 32);
    assertThat(driver.trace()).containsExactly("READ 192+256");
    read(40, 0);
    read(24, 0);
    read(55, 0);
    assertThat(driver.seen).hasSize(1);
  }
}
