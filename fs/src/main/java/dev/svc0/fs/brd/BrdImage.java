package dev.svc0.fs.brd;

import dev.svc0.fs.hostfs.HostCalls;
import dev.svc0.fs.hostfs.HostCalls.Call;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of the host that a ram disk begins with. It is opened for reading, read once, and closed;
 * its holes are passed over, so that a sparse image takes no more memory than it has data.
 */
final class BrdImage implements AutoCloseable {
  private static final long SECTOR = 512;

  private final String name;
  private final long file;
  private final long bytes;

  /**
   * Opens it.
   *
   * @throws IOException with a sentence that says why it cannot be read
   */
  BrdImage(String name) throws IOException {
    if (name.isEmpty()) {
      throw new IOException("brd: image= needs a file: write for example image=disk.img");
    }
    Path path = Path.of(name);
    if (!Files.isRegularFile(path)) {
      throw new IOException(
          "brd: " + name + (Files.exists(path) ? " is not a regular file" : " does not exist"));
    }
    bytes = Files.size(path);
    if (bytes == 0) {
      throw new IOException("brd: " + name + " is empty: a disk has at least one sector");
    }
    this.name = name;
    file = HostCalls.open(name, Fcntl.O_RDONLY, false);
    if (file < 0) {
      throw new IOException("brd: cannot read " + name + ": " + Errno.nameOf((int) -file));
    }
  }

  /** The size of a disk that holds all of it: whole sectors. */
  long wholeSectors() {
    return (bytes + SECTOR - 1) & -SECTOR;
  }

  /**
   * Copies it to zeroed memory of the host.
   *
   * @throws IOException when the host cannot read it, or it has become shorter
   */
  void copyTo(long memory) throws IOException {
    long at = 0;
    while (at < bytes) {
      long data = HostCalls.call(Call.LSEEK, file, at, FsConstants.SEEK_DATA);
      if (data == -Errno.ENXIO) {
        return; // a hole to its end
      }
      long hole = data < 0 ? data : HostCalls.call(Call.LSEEK, file, data, FsConstants.SEEK_HOLE);
      if (hole < 0) {
        throw new IOException("brd: cannot read " + name + ": " + Errno.nameOf((int) -hole));
      }
      long end = Math.min(hole, bytes);
      read(memory, data, end);
      at = end;
    }
  }

  private void read(long memory, long from, long end) throws IOException {
    for (long at = from; at < end; ) {
      long got = HostCalls.call(Call.PREAD64, file, memory + at, end - at, at);
      if (got <= 0) {
        String why = got == 0 ? "it became shorter meanwhile" : Errno.nameOf((int) -got);
        throw new IOException("brd: cannot read " + name + ": " + why);
      }
      at += got;
    }
  }

  @Override
  public void close() {
    HostCalls.close(file);
  }
}
