package dev.svc0.runtime.vfs;

/** How a path is to be walked. <i>Linux:</i> LOOKUP_ flags of include/linux/namei.h. */
public final class Lookup {
  /** Follow a symbolic link in the last component. */
  public static final int FOLLOW = 0x0001;

  /** The last component must be a directory. */
  public static final int DIRECTORY = 0x0002;

  /** An empty path means the starting place itself. */
  public static final int EMPTY = 0x4000;

  /** No symbolic link anywhere. <i>Linux:</i> RESOLVE_NO_SYMLINKS. */
  public static final int NO_SYMLINKS = 0x010000;

  /** No magic link of /proc. <i>Linux:</i> RESOLVE_NO_MAGICLINKS. */
  public static final int NO_MAGICLINKS = 0x020000;

  /** Stay in the mount one starts in. <i>Linux:</i> RESOLVE_NO_XDEV. */
  public static final int NO_XDEV = 0x040000;

  /** Never leave the starting directory: refuse. <i>Linux:</i> RESOLVE_BENEATH. */
  public static final int BENEATH = 0x080000;

  /** Never leave the starting directory: it is the root. <i>Linux:</i> RESOLVE_IN_ROOT. */
  public static final int IN_ROOT = 0x100000;

  /** Only what is cached. <i>Linux:</i> RESOLVE_CACHED. */
  public static final int CACHED = 0x200000;

  static final int IS_SCOPED = BENEATH | IN_ROOT;

  private Lookup() {}
}
