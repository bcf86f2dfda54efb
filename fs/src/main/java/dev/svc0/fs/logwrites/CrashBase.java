package dev.svc0.fs.logwrites;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** What is certain to be on a disk, and for each sector which write it is of. */
final class CrashBase {
  static final int SECTOR = 512;
  static final int PAGE = 4096;
  static final int SECTORS = PAGE / SECTOR;

  final MemorySegment content;

  /** Number of the write that a sector is of, for pages with any. */
  private final Map<Long, int[]> versions = new HashMap<>();

  CrashBase(MemorySegment content) {
    this.content = content;
  }

  long sizeBytes() {
    return content.byteSize();
  }

  int version(long sector) {
    int[] page = versions.get(sector / SECTORS);
    return page == null ? 0 : page[(int) (sector % SECTORS)];
  }

  /** Writes an entry's sectors that are newer than what is there. */
  void apply(WriteLog.Entry entry, int number) {
    boolean discard = (entry.flags() & WriteLog.DISCARD) != 0;
    for (int at = 0; at < entry.bytes(); at += SECTOR) {
      long sector = entry.sector() + at / SECTOR;
      int[] page = versions.computeIfAbsent(sector / SECTORS, index -> new int[SECTORS]);
      int slot = (int) (sector % SECTORS);
      if (page[slot] > number) {
        continue;
      }
      page[slot] = number;
      MemorySegment place = content.asSlice(sector * SECTOR, SECTOR);
      if (discard) {
        place.fill((byte) 0);
      } else {
        MemorySegment.copy(MemorySegment.ofArray(entry.data()), at, place, 0, SECTOR);
      }
    }
  }
}
