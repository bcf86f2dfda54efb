package dev.svc0.fs.ext4;

import static dev.svc0.annotation.Tracepoint.Show.DEVICE;
import static dev.svc0.annotation.Tracepoint.Show.HEX;
import static dev.svc0.annotation.Tracepoint.Show.OCTAL;
import static dev.svc0.annotation.Tracepoint.Show.RESULT;

import dev.svc0.annotation.Traced;
import dev.svc0.annotation.Tracepoint;
import dev.svc0.annotation.Tracepoint.Field;
import dev.svc0.annotation.TracepointSet;

/**
 * The points of ext4, with the kernel's names. Fields of the kernel that would say nothing here
 * (types of handles, callers, quotas, lines of its source) are left out.
 */
@TracepointSet(system = "ext4", type = "Ext4Trace", layer = Traced.Layer.FILESYSTEM)
interface Ext4Events {
  @Tracepoint(value = "ext4_sync_file_enter", doc = "fsync begins.")
  void ext4SyncFileEnter(@Field(DEVICE) int dev, long ino, long parent, int datasync);

  @Tracepoint(value = "ext4_sync_file_exit", doc = "fsync ends.")
  void ext4SyncFileExit(@Field(DEVICE) int dev, long ino, @Field(RESULT) int ret);

  @Tracepoint(value = "ext4_write_begin", doc = "A write into a folio begins.")
  void ext4WriteBegin(@Field(DEVICE) int dev, long ino, long pos, int len);

  @Tracepoint(value = "ext4_write_end", doc = "A write into a folio ends.")
  void ext4WriteEnd(@Field(DEVICE) int dev, long ino, long pos, int len, int copied);

  @Tracepoint(value = "ext4_journalled_write_end", doc = "A write of journalled data ends.")
  void ext4JournalledWriteEnd(@Field(DEVICE) int dev, long ino, long pos, int len, int copied);

  @Tracepoint(value = "ext4_da_write_begin", doc = "A write with delayed allocation begins.")
  void ext4DaWriteBegin(@Field(DEVICE) int dev, long ino, long pos, int len);

  @Tracepoint(value = "ext4_da_write_end", doc = "A write with delayed allocation ends.")
  void ext4DaWriteEnd(@Field(DEVICE) int dev, long ino, long pos, int len, int copied);

  @Tracepoint(value = "ext4_da_reserve_space", doc = "A block is reserved for later allocation.")
  void ext4DaReserveSpace(
      @Field(DEVICE) int dev,
      long ino,
      long iBlocks,
      int reservedDataBlocks,
      int reserveBlocks,
      @Field(OCTAL) int mode);

  @Tracepoint(value = "ext4_da_update_reserve_space", doc = "Reserved blocks were allocated.")
  void ext4DaUpdateReserveSpace(
      @Field(DEVICE) int dev,
      long ino,
      long iBlocks,
      int usedBlocks,
      int reservedDataBlocks,
      @Field(OCTAL) int mode);

  @Tracepoint(value = "ext4_da_release_space", doc = "Reserved blocks are not needed.")
  void ext4DaReleaseSpace(
      @Field(DEVICE) int dev,
      long ino,
      long iBlocks,
      int freedBlocks,
      int reservedDataBlocks,
      @Field(OCTAL) int mode);

  @Tracepoint(value = "ext4_writepages", doc = "Write-back of a file begins.")
  void ext4Writepages(
      @Field(DEVICE) int dev,
      long ino,
      long nrToWrite,
      long rangeStart,
      long rangeEnd,
      int syncMode);

  @Tracepoint(value = "ext4_writepages_result", doc = "Write-back of a file ends.")
  void ext4WritepagesResult(
      @Field(DEVICE) int dev, long ino, @Field(RESULT) int ret, int pagesWritten, int syncMode);

  @Tracepoint(value = "ext4_da_write_pages", doc = "Pages are put together for allocation.")
  void ext4DaWritePages(
      @Field(DEVICE) int dev, long ino, long firstPage, long nrToWrite, int syncMode);

  @Tracepoint(value = "ext4_da_write_pages_extent", doc = "An extent to allocate was found.")
  void ext4DaWritePagesExtent(
      @Field(DEVICE) int dev, long ino, long lblk, int len, @Field(HEX) int flags);

  @Tracepoint(value = "ext4_request_blocks", doc = "Blocks are asked for.")
  void ext4RequestBlocks(
      @Field(DEVICE) int dev, long ino, @Field(HEX) int flags, int len, long lblk, long goal);

  @Tracepoint(value = "ext4_allocate_blocks", doc = "Blocks were allocated.")
  void ext4AllocateBlocks(
      @Field(DEVICE) int dev,
      long ino,
      long block,
      @Field(HEX) int flags,
      int len,
      long lblk,
      long goal);

  @Tracepoint(value = "ext4_free_blocks", doc = "Blocks are freed.")
  void ext4FreeBlocks(
      @Field(DEVICE) int dev,
      long ino,
      long block,
      long count,
      @Field(HEX) int flags,
      @Field(OCTAL) int mode);

  @Tracepoint(value = "ext4_mballoc_alloc", doc = "The allocator found blocks.")
  void ext4MballocAlloc(
      @Field(DEVICE) int dev,
      long ino,
      long goalStart,
      int goalLen,
      long resultStart,
      int resultLen);

  @Tracepoint(value = "ext4_mballoc_prealloc", doc = "The allocator used preallocated blocks.")
  void ext4MballocPrealloc(
      @Field(DEVICE) int dev,
      long ino,
      long goalStart,
      int goalLen,
      long resultStart,
      int resultLen);

  @Tracepoint(value = "ext4_discard_preallocations", doc = "Preallocated blocks are given back.")
  void ext4DiscardPreallocations(@Field(DEVICE) int dev, long ino, int len);

  @Tracepoint(value = "ext4_mb_new_inode_pa", doc = "Blocks are preallocated for a file.")
  void ext4MbNewInodePa(@Field(DEVICE) int dev, long ino, long paPstart, long paLstart, int paLen);

  @Tracepoint(value = "ext4_ext_map_blocks_enter", doc = "A range is looked up in the extent tree.")
  void ext4ExtMapBlocksEnter(
      @Field(DEVICE) int dev, long ino, long lblk, int len, @Field(HEX) int flags);

  @Tracepoint(value = "ext4_ext_map_blocks_exit", doc = "A range was looked up in the extent tree.")
  void ext4ExtMapBlocksExit(
      @Field(DEVICE) int dev,
      long ino,
      long lblk,
      long pblk,
      int len,
      @Field(HEX) int flags,
      @Field(HEX) int mflags,
      @Field(RESULT) int ret);

  @Tracepoint(value = "ext4_ind_map_blocks_enter", doc = "A range is looked up in indirect blocks.")
  void ext4IndMapBlocksEnter(
      @Field(DEVICE) int dev, long ino, long lblk, int len, @Field(HEX) int flags);

  @Tracepoint(value = "ext4_ind_map_blocks_exit", doc = "A range was looked up in indirect blocks.")
  void ext4IndMapBlocksExit(
      @Field(DEVICE) int dev,
      long ino,
      long lblk,
      long pblk,
      int len,
      @Field(HEX) int flags,
      @Field(HEX) int mflags,
      @Field(RESULT) int ret);

  @Tracepoint(value = "ext4_ext_load_extent", doc = "A node of the extent tree is read.")
  void ext4ExtLoadExtent(@Field(DEVICE) int dev, long ino, long lblk, long pblk);

  @Tracepoint(value = "ext4_ext_handle_unwritten_extents", doc = "An unwritten extent is met.")
  void ext4ExtHandleUnwrittenExtents(
      @Field(DEVICE) int dev,
      long ino,
      @Field(HEX) int flags,
      long lblk,
      long pblk,
      int len,
      int allocated);

  @Tracepoint(
      value = "ext4_ext_convert_to_initialized_enter",
      doc = "An unwritten extent is made a written one.")
  void ext4ExtConvertToInitializedEnter(
      @Field(DEVICE) int dev, long ino, long mLblk, int mLen, long uLblk, int uLen, long uPblk);

  @Tracepoint(value = "ext4_ext_show_extent", doc = "An extent is shown.")
  void ext4ExtShowExtent(@Field(DEVICE) int dev, long ino, long lblk, long pblk, short len);

  @Tracepoint(value = "ext4_ext_remove_space", doc = "Extents of a range are removed.")
  void ext4ExtRemoveSpace(@Field(DEVICE) int dev, long ino, long start, long end, int depth);

  @Tracepoint(value = "ext4_ext_rm_leaf", doc = "Extents of a leaf are removed.")
  void ext4ExtRmLeaf(
      @Field(DEVICE) int dev, long ino, long start, long eeLblk, long eePblk, short eeLen);

  @Tracepoint(value = "ext4_es_insert_extent", doc = "An extent is remembered.")
  void ext4EsInsertExtent(
      @Field(DEVICE) int dev, long ino, long lblk, int len, long pblk, @Field(HEX) int status);

  @Tracepoint(value = "ext4_es_insert_delayed_extent", doc = "A delayed extent is remembered.")
  void ext4EsInsertDelayedExtent(
      @Field(DEVICE) int dev, long ino, long lblk, int len, long pblk, @Field(HEX) int status);

  @Tracepoint(value = "ext4_es_remove_extent", doc = "A remembered range is forgotten.")
  void ext4EsRemoveExtent(@Field(DEVICE) int dev, long ino, long lblk, int len);

  @Tracepoint(value = "ext4_es_lookup_extent_enter", doc = "A remembered extent is looked for.")
  void ext4EsLookupExtentEnter(@Field(DEVICE) int dev, long ino, long lblk);

  @Tracepoint(value = "ext4_es_lookup_extent_exit", doc = "A remembered extent was looked for.")
  void ext4EsLookupExtentExit(
      @Field(DEVICE) int dev,
      long ino,
      long lblk,
      int len,
      long pblk,
      @Field(HEX) int status,
      boolean found);

  @Tracepoint(
      value = "ext4_es_find_extent_range_enter",
      doc = "The next remembered extent of a kind is looked for.")
  void ext4EsFindExtentRangeEnter(@Field(DEVICE) int dev, long ino, long lblk);

  @Tracepoint(
      value = "ext4_es_find_extent_range_exit",
      doc = "The next remembered extent of a kind was looked for.")
  void ext4EsFindExtentRangeExit(
      @Field(DEVICE) int dev, long ino, long lblk, int len, long pblk, @Field(HEX) int status);

  @Tracepoint(value = "ext4_journal_start_sb", doc = "A handle is started for the file system.")
  void ext4JournalStartSb(@Field(DEVICE) int dev, int blocks, int rsvBlocks, int revokeCreds);

  @Tracepoint(value = "ext4_journal_start_inode", doc = "A handle is started for an inode.")
  void ext4JournalStartInode(
      @Field(DEVICE) int dev, int blocks, long ino, int rsvBlocks, int revokeCreds);

  @Tracepoint(value = "ext4_mark_inode_dirty", doc = "An inode goes to the journal.")
  void ext4MarkInodeDirty(@Field(DEVICE) int dev, long ino);

  @Tracepoint(value = "ext4_allocate_inode", doc = "An inode was allocated.")
  void ext4AllocateInode(@Field(DEVICE) int dev, @Field(OCTAL) int mode, long ino, long dir);

  @Tracepoint(value = "ext4_request_inode", doc = "An inode is asked for.")
  void ext4RequestInode(@Field(DEVICE) int dev, @Field(OCTAL) int mode, long dir);

  @Tracepoint(value = "ext4_free_inode", doc = "An inode is freed.")
  void ext4FreeInode(
      @Field(DEVICE) int dev, long ino, int uid, int gid, long blocks, @Field(OCTAL) int mode);

  @Tracepoint(value = "ext4_evict_inode", doc = "An inode leaves memory.")
  void ext4EvictInode(@Field(DEVICE) int dev, long ino, int nlink);

  @Tracepoint(value = "ext4_unlink_enter", doc = "A name is removed.")
  void ext4UnlinkEnter(@Field(DEVICE) int dev, long ino, long parent, long size);

  @Tracepoint(value = "ext4_unlink_exit", doc = "A name was removed.")
  void ext4UnlinkExit(@Field(DEVICE) int dev, long ino, @Field(RESULT) int ret);

  @Tracepoint(value = "ext4_truncate_enter", doc = "A file is cut.")
  void ext4TruncateEnter(@Field(DEVICE) int dev, long ino, long blocks);

  @Tracepoint(value = "ext4_truncate_exit", doc = "A file was cut.")
  void ext4TruncateExit(@Field(DEVICE) int dev, long ino, long blocks);

  @Tracepoint(
      value = "ext4_fallocate_enter",
      doc = "Space is allocated in advance, or a hole made.")
  void ext4FallocateEnter(
      @Field(DEVICE) int dev, long ino, long offset, long len, @Field(HEX) int mode);

  @Tracepoint(
      value = "ext4_fallocate_exit",
      doc = "Space was allocated in advance, or a hole made.")
  void ext4FallocateExit(
      @Field(DEVICE) int dev, long ino, long pos, int blocks, @Field(RESULT) int ret);

  @Tracepoint(value = "ext4_punch_hole", doc = "A hole is made.")
  void ext4PunchHole(@Field(DEVICE) int dev, long ino, long offset, long len, @Field(HEX) int mode);

  @Tracepoint(value = "ext4_read_folio", doc = "A folio is read.")
  void ext4ReadFolio(@Field(DEVICE) int dev, long ino, long index);

  @Tracepoint(value = "ext4_load_inode", doc = "An inode is read.")
  void ext4LoadInode(@Field(DEVICE) int dev, long ino);

  @Tracepoint(value = "ext4_load_inode_bitmap", doc = "A bitmap of inodes is read.")
  void ext4LoadInodeBitmap(@Field(DEVICE) int dev, int group);

  @Tracepoint(value = "ext4_read_block_bitmap_load", doc = "A bitmap of blocks is read.")
  void ext4ReadBlockBitmapLoad(@Field(DEVICE) int dev, int group, boolean prefetch);

  @Tracepoint(value = "ext4_sync_fs", doc = "The file system is synced.")
  void ext4SyncFs(@Field(DEVICE) int dev, int wait);

  @Tracepoint(value = "ext4_error", doc = "The file system is damaged.")
  void ext4Error(@Field(DEVICE) int dev, String message);
}
