package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The NBD client against nbdkit. */
@Timeout(240)
class NbdTest {
  private static final int BYTES = 1 << 20;

  @TempDir Path folder;

  private Process serve(String... plugin) throws Exception {
    assumeTrue(
        System.getenv("CI") != null
            || List.of("/usr/bin/nbdkit", "/usr/sbin/nbdkit").stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path))),
        "needs nbdkit");
    Path socket = folder.resolve("nbd.sock");
    List<String> command = new ArrayList<>(List.of("nbdkit", "-f", "-U", socket.toString()));
    command.addAll(List.of(plugin));
    Process server =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    while (!Files.exists(socket)) {
      assertThat(server.isAlive()).isTrue();
      Thread.sleep(5);
    }
    return server;
  }

  private static void stop(Process server) throws Exception {
    server.destroy();
    server.waitFor();
  }

  @Test
  void whatIsWrittenIsInTheServersFile() throws Exception {
    Path image = folder.resolve("disk.img");
    Files.write(image, new byte[BYTES]);
    long seed = Long.getLong("svc0.seed", 1);
    System.out.println("seed of the NBD writes: " + seed);
    Random random = new Random(seed);
    byte[] model = new byte[BYTES];
    Process server = serve("file", image.toString());
    try (DiskKernel kernel = new DiskKernel(128)) {
      BlockDevice disk = kernel.disk("nbd:unix:" + folder.resolve("nbd.sock"));
      assertThat(disk.name()).isEqualTo("nbd0");
      assertThat(disk.sizeBytes()).isEqualTo(BYTES);
      assertThat(disk.queue().limits().writeCache()).isTrue();
      byte[] data = new byte[30_000];
      for (int i = 0; i < 200; i++) {
        random.nextBytes(data);
        int bytes = 1 + random.nextInt(data.length);
        int at = random.nextInt(BYTES - bytes);
        DiskKernel.write(disk, at, data, bytes);
        System.arraycopy(data, 0, model, at, bytes);
      }
      assertThat(DiskKernel.read(disk, 0, BYTES)).isEqualTo(model);
      assertThat(disk.sync()).isZero();
      assertThat(Files.readAllBytes(image)).isEqualTo(model);
    } finally {
      stop(server);
    }
  }

  @Test
  void aServerThatDiesFailsWhatIsUnderWay() throws Exception {
    Process server = serve("memory", "1M");
    try (DiskKernel kernel = new DiskKernel(128)) {
      BlockDevice disk = kernel.disk("nbd:unix:" + folder.resolve("nbd.sock"));
      server.destroyForcibly().waitFor();
      long memory = HostMemory.reserve(4096);
      for (int i = 0; i < 2; i++) {
        Bio bio = new Bio(disk, 1, ReqOp.WRITE);
        bio.addSegment(memory, 4096);
        assertThat(BlockCore.submitBioWait(bio)).isEqualTo(-Errno.EIO);
      }
      HostMemory.release(memory, 4096);
    }
  }

  @Test
  void noServerIsSaidClearly() {
    try (DiskKernel kernel = new DiskKernel(128)) {
      assertThatThrownBy(() -> kernel.disk("nbd:unix:" + folder.resolve("nothing")))
          .hasCauseInstanceOf(IOException.class)
          .hasMessageContaining("nbd: no connection to unix:");
    }
  }
}
