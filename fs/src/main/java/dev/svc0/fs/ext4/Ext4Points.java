package dev.svc0.fs.ext4;

import dev.svc0.runtime.pagecache.WritebackControl;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.File;
import org.jspecify.annotations.Nullable;

/** Fires ext4's tracepoints with what they record of inodes, ranges and requests. */
final class Ext4Points {
  /** EXT4_GET_BLOCKS_… of the kernel. */
  private static final int GET_BLOCKS_CREATE = 1;

  private static final int GET_BLOCKS_UNWRIT_EXT = 2;
  private static final int GET_BLOCKS_DELALLOC_RESERVE = 4;
  private static final int GET_BLOCKS_IO_SUBMIT = 0x400;

  /** EXT4_MAP_… of the kernel. */
  private static final int MAP_MAPPED = 0x10;

  private static final int MAP_NEW = 0x20;
  private static final int MAP_UNWRITTEN = 0x800;

  /** EXT4_MB_… of the kernel. */
  private static final int MB_HINT_DATA = 0x20;

  private static final int MB_HINT_NOPREALLOC = 0x40;
  private static final int MB_DELALLOC_RESERVED = 0x400;
  private static final int MB_USE_RESERVED = 0x2000;

  /** EXT4_FREE_BLOCKS_METADATA and _FORGET. */
  private static final int FREE_METADATA_FORGET = 3;

  /** BH_Delay and BH_Unwritten of a run of buffers. */
  private static final int BH_DELAY = 0x100;

  private static final int BH_UNWRITTEN = 0x800;

  private Ext4Points() {}

  static int device(Ext4SuperBlock superBlock) {
    return superBlock.disk.major() << 20 | superBlock.disk.minor();
  }

  private static int device(Ext4Inode inode) {
    return device(inode.ext4);
  }

  static void syncFileEnter(File file, int datasync) {
    if (Ext4Trace.ext4SyncFileEnterOn()) {
      Ext4Inode inode = (Ext4Inode) file.inode();
      Dentry parent = file.path().dentry().parent();
      long directory = parent == null ? inode.number() : parent.requireInode().number();
      Ext4Trace.ext4SyncFileEnter(device(inode), inode.number(), directory, datasync);
    }
  }

  static void writepages(Ext4Inode inode, WritebackControl control) {
    if (Ext4Trace.ext4WritepagesOn()) {
      Ext4Trace.ext4Writepages(
          device(inode),
          inode.number(),
          control.nrToWrite,
          control.rangeStart,
          control.rangeEnd,
          control.syncMode.ordinal());
    }
  }

  static void writepagesResult(Ext4Inode inode, long result, long pages, WritebackControl control) {
    if (Ext4Trace.ext4WritepagesResultOn()) {
      Ext4Trace.ext4WritepagesResult(
          device(inode), inode.number(), (int) result, (int) pages, control.syncMode.ordinal());
    }
  }

  static void daWritePagesExtent(Ext4Inode inode, long block, int count, boolean promised) {
    if (Ext4Trace.ext4DaWritePagesExtentOn()) {
      int flags = promised ? BH_DELAY : BH_UNWRITTEN;
      Ext4Trace.ext4DaWritePagesExtent(device(inode), inode.number(), block, count, flags);
    }
  }

  static void daReserveSpace(Ext4Inode inode, int count) {
    if (Ext4Trace.ext4DaReserveSpaceOn()) {
      Ext4Trace.ext4DaReserveSpace(
          device(inode),
          inode.number(),
          inode.blocks512,
          (int) inode.status.delayed(),
          count,
          inode.mode);
    }
  }

  /** Promised blocks got their places. */
  static void daUpdateReserveSpace(Ext4Inode inode, long count) {
    if (count > 0 && Ext4Trace.ext4DaUpdateReserveSpaceOn()) {
      Ext4Trace.ext4DaUpdateReserveSpace(
          device(inode),
          inode.number(),
          inode.blocks512,
          (int) count,
          (int) inode.status.delayed(),
          inode.mode);
    }
  }

  /** Promised blocks are not needed. */
  static void daReleaseSpace(Ext4Inode inode, long count) {
    if (count > 0 && Ext4Trace.ext4DaReleaseSpaceOn()) {
      Ext4Trace.ext4DaReleaseSpace(
          device(inode),
          inode.number(),
          inode.blocks512,
          (int) count,
          (int) inode.status.delayed(),
          inode.mode);
    }
  }

  private static int allocatorFlags(Ext4BlockAllocator.Request request) {
    return (request.has(Ext4BlockAllocator.DATA) ? MB_HINT_DATA : 0)
        | (request.has(Ext4BlockAllocator.NO_PREALLOC) ? MB_HINT_NOPREALLOC : 0)
        | (request.has(Ext4BlockAllocator.RESERVED) ? MB_DELALLOC_RESERVED : 0)
        | (request.has(Ext4BlockAllocator.USE_RESERVE) ? MB_USE_RESERVED : 0);
  }

  static void requestBlocks(Ext4BlockAllocator.Request request) {
    if (Ext4Trace.ext4RequestBlocksOn()) {
      Ext4Trace.ext4RequestBlocks(
          device(request.inode),
          request.inode.number(),
          allocatorFlags(request),
          request.length,
          request.logical,
          request.goal);
    }
  }

  static void allocateBlocks(Ext4BlockAllocator.Request request) {
    if (Ext4Trace.ext4AllocateBlocksOn()) {
      Ext4Trace.ext4AllocateBlocks(
          device(request.inode),
          request.inode.number(),
          request.block,
          allocatorFlags(request),
          request.length,
          request.logical,
          request.goal);
    }
  }

  static void mballocAlloc(Ext4BlockAllocator.Request request, int wanted) {
    if (Ext4Trace.ext4MballocAllocOn()) {
      Ext4Trace.ext4MballocAlloc(
          device(request.inode),
          request.inode.number(),
          request.goal,
          wanted,
          request.block,
          request.length);
    }
  }

  static void mballocPrealloc(Ext4BlockAllocator.Request request, int wanted) {
    if (Ext4Trace.ext4MballocPreallocOn()) {
      Ext4Trace.ext4MballocPrealloc(
          device(request.inode),
          request.inode.number(),
          request.goal,
          wanted,
          request.block,
          request.length);
    }
  }

  static void newInodePa(Ext4Inode inode, Ext4Prealloc one) {
    if (Ext4Trace.ext4MbNewInodePaOn()) {
      Ext4Trace.ext4MbNewInodePa(
          device(inode), inode.number(), one.physical, one.logical, one.count);
    }
  }

  static void freeBlocks(Ext4Inode inode, long block, long count, boolean metadata) {
    if (Ext4Trace.ext4FreeBlocksOn()) {
      int flags = metadata ? FREE_METADATA_FORGET : 0;
      Ext4Trace.ext4FreeBlocks(device(inode), inode.number(), block, count, flags, inode.mode);
    }
  }

  static int mapFlags(int flags) {
    return ((flags & Ext4Mapper.CREATE) != 0 ? GET_BLOCKS_CREATE : 0)
        | ((flags & Ext4Mapper.UNWRITTEN) != 0 ? GET_BLOCKS_UNWRIT_EXT : 0)
        | ((flags & Ext4Mapper.DELAYED) != 0 ? GET_BLOCKS_DELALLOC_RESERVE : 0)
        | ((flags & Ext4Mapper.IO_SUBMIT) != 0 ? GET_BLOCKS_IO_SUBMIT : 0);
  }

  private static int mapState(Ext4Map map) {
    int state =
        switch (map.state) {
          case Ext4Map.WRITTEN -> MAP_MAPPED;
          case Ext4Map.UNWRITTEN -> MAP_UNWRITTEN;
          default -> 0;
        };
    return state | (map.isNew ? MAP_NEW : 0);
  }

  static void extMapBlocksEnter(Ext4Inode inode, Ext4Map map, int flags) {
    if (Ext4Trace.ext4ExtMapBlocksEnterOn()) {
      Ext4Trace.ext4ExtMapBlocksEnter(
          device(inode), inode.number(), map.block, (int) map.wanted, mapFlags(flags));
    }
  }

  static void extMapBlocksExit(Ext4Inode inode, Ext4Map map, int flags) {
    if (Ext4Trace.ext4ExtMapBlocksExitOn()) {
      Ext4Trace.ext4ExtMapBlocksExit(
          device(inode),
          inode.number(),
          map.block,
          map.physical,
          (int) map.count,
          mapFlags(flags),
          mapState(map),
          map.isAllocated() ? (int) map.count : 0);
    }
  }

  static void indMapBlocksEnter(Ext4Inode inode, Ext4Map map, int flags) {
    if (Ext4Trace.ext4IndMapBlocksEnterOn()) {
      Ext4Trace.ext4IndMapBlocksEnter(
          device(inode), inode.number(), map.block, (int) map.wanted, mapFlags(flags));
    }
  }

  static void indMapBlocksExit(Ext4Inode inode, Ext4Map map, int flags) {
    if (Ext4Trace.ext4IndMapBlocksExitOn()) {
      Ext4Trace.ext4IndMapBlocksExit(
          device(inode),
          inode.number(),
          map.block,
          map.physical,
          (int) map.count,
          mapFlags(flags),
          mapState(map),
          map.isAllocated() ? (int) map.count : 0);
    }
  }

  static void handleUnwrittenExtents(Ext4Inode inode, Ext4Map map, int flags) {
    if (Ext4Trace.ext4ExtHandleUnwrittenExtentsOn()) {
      Ext4Trace.ext4ExtHandleUnwrittenExtents(
          device(inode),
          inode.number(),
          mapFlags(flags),
          map.block,
          map.physical,
          (int) map.wanted,
          (int) map.count);
    }
  }

  static void journalStart(
      Ext4SuperBlock superBlock, @Nullable Ext4Inode inode, int credits, int revokes) {
    if (inode == null) {
      if (Ext4Trace.ext4JournalStartSbOn()) {
        Ext4Trace.ext4JournalStartSb(device(superBlock), credits, 0, revokes);
      }
    } else if (Ext4Trace.ext4JournalStartInodeOn()) {
      Ext4Trace.ext4JournalStartInode(device(superBlock), credits, inode.number(), 0, revokes);
    }
  }

  static void freeInode(Ext4Inode inode) {
    if (Ext4Trace.ext4FreeInodeOn()) {
      Ext4Trace.ext4FreeInode(
          device(inode), inode.number(), inode.uid, inode.gid, inode.blocks512, inode.mode);
    }
  }

  static void unlinkEnter(Ext4Inode parent, Ext4Inode inode) {
    if (Ext4Trace.ext4UnlinkEnterOn()) {
      Ext4Trace.ext4UnlinkEnter(device(inode), inode.number(), parent.number(), inode.size());
    }
  }
}
