package dev.svc0.runtime.trace.event;

import static dev.svc0.annotation.Tracepoint.Show.DEVICE;
import static dev.svc0.annotation.Tracepoint.Show.HEX;

import dev.svc0.annotation.Traced;
import dev.svc0.annotation.Tracepoint;
import dev.svc0.annotation.Tracepoint.Field;
import dev.svc0.annotation.TracepointSet;

/** What the VFS is asked for, with paths. The kernel has no such points. */
@TracepointSet(system = "vfs", type = "VfsTrace", layer = Traced.Layer.VFS)
interface VfsEvents {
  @Tracepoint(value = "vfs_open", doc = "A file was opened.")
  void vfsOpen(@Field(DEVICE) int dev, long ino, @Field(HEX) int flags, String path);

  @Tracepoint(value = "vfs_read", doc = "A file is read.")
  void vfsRead(@Field(DEVICE) int dev, long ino, long pos, long count, String path);

  @Tracepoint(value = "vfs_write", doc = "A file is written.")
  void vfsWrite(@Field(DEVICE) int dev, long ino, long pos, long count, String path);

  @Tracepoint(value = "vfs_fsync", doc = "A file is made durable.")
  void vfsFsync(@Field(DEVICE) int dev, long ino, boolean datasync, String path);
}
