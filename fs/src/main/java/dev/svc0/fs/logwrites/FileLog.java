package dev.svc0.fs.logwrites;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A log in a file, as dm-log-writes lays it out: a sector with magic, version, number of entries
 * and sector size; then for each entry a sector that describes it, and its data filled up to whole
 * sectors.
 */
final class FileLog implements WriteLog {
  private static final long MAGIC = 0x6a736677736872L;
  private static final int SECTOR = 512;

  private final FileChannel file;
  private long entries;
  private long end = SECTOR;

  FileLog(Path path) throws IOException {
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    writeSuper();
  }

  private static ByteBuffer sector(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void writeSuper() throws IOException {
    ByteBuffer block = sector(SECTOR);
    block.putLong(0, MAGIC).putLong(8, 1).putLong(16, entries).putInt(24, SECTOR);
    writeFully(block, 0);
  }

  private void writeFully(ByteBuffer buffer, long position) throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      at += file.write(buffer, at);
    }
  }

  @Override
  public void append(Entry entry) throws IOException {
    int dataBytes = entry.data().length + SECTOR - 1 & -SECTOR;
    boolean mark = (entry.flags() & MARK) != 0;
    ByteBuffer block = sector(SECTOR + dataBytes);
    block
        .putLong(0, entry.sector())
        .putLong(8, mark ? 0 : entry.bytes() >> 9)
        .putLong(16, entry.flags())
        .putLong(24, entry.data().length);
    block.put(SECTOR, entry.data());
    writeFully(block, end);
    end += SECTOR + dataBytes;
    entries++;
    writeSuper();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
