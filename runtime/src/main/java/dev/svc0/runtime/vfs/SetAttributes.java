package dev.svc0.runtime.vfs;

/** Which attributes to change, and to what. <i>Linux:</i> {@code iattr}. */
public final class SetAttributes {
  public static final int ATTR_MODE = 1;
  public static final int ATTR_UID = 2;
  public static final int ATTR_GID = 4;
  public static final int ATTR_SIZE = 8;
  public static final int ATTR_ATIME = 16;
  public static final int ATTR_MTIME = 32;
  public static final int ATTR_CTIME = 64;

  /** ATTR_ bits of the fields that count. */
  public int valid;

  public int mode;
  public int uid;
  public int gid;
  public long size;
  public long atimeSeconds;
  public int atimeNanos;
  public long mtimeSeconds;
  public int mtimeNanos;
  public long ctimeSeconds;
  public int ctimeNanos;

  /** Whether a field counts. */
  public boolean has(int attribute) {
    return (valid & attribute) != 0;
  }
}
