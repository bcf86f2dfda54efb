package dev.svc0.runtime.vfs;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A name in a directory, and the inode it leads to: none for a negative entry, which remembers that
 * the name does not exist. <i>Linux:</i> {@code dentry}.
 *
 * <p>While it is in the cache it holds a reference of its inode. Whoever keeps it longer (an open
 * file, a working directory, a walk) holds one of its own.
 */
public final class Dentry {
  private record Place(@Nullable Dentry parent, String name) {}

  private final SuperBlock superBlock;
  private volatile Place place;
  private volatile @Nullable Inode inode;
  private volatile boolean hashed;

  /** Cached entries of this directory. Changed under its inode lock. */
  final ConcurrentHashMap<String, Dentry> children = new ConcurrentHashMap<>(4);

  /** Number of mounts that cover it; only when not 0 is the mount table asked. */
  final AtomicInteger mounts = new AtomicInteger();

  /** Used since the cache last looked. */
  volatile boolean referenced;

  private Dentry(
      SuperBlock superBlock, @Nullable Dentry parent, String name, @Nullable Inode inode) {
    this.superBlock = superBlock;
    this.place = new Place(parent, name);
    this.inode = inode;
  }

  static Dentry makeRoot(SuperBlock superBlock, Inode inode) {
    Dentry root = new Dentry(superBlock, null, "/", inode);
    root.hashed = true;
    return root;
  }

  /** A new entry below a directory, not yet in the cache. */
  static Dentry allocate(Dentry parent, String name) {
    return new Dentry(parent.superBlock, parent, name, null);
  }

  /** An entry of no directory, for pipes, sockets and other objects without a name in the tree. */
  public static Dentry anonymous(SuperBlock superBlock, String name, Inode inode) {
    return new Dentry(superBlock, null, name, inode);
  }

  /** The file system. */
  public SuperBlock superBlock() {
    return superBlock;
  }

  /** The directory it is in; null for a root. */
  public @Nullable Dentry parent() {
    return place.parent;
  }

  /** Its name, one character a byte. */
  public String name() {
    return place.name;
  }

  /** What it leads to; null when negative. */
  public @Nullable Inode inode() {
    return inode;
  }

  /** Whether the name does not exist. */
  public boolean isNegative() {
    return inode == null;
  }

  /** Whether it is in the cache; no longer once it was removed or forgotten. */
  public boolean isHashed() {
    return hashed;
  }

  /** Whether the name was removed while somebody still uses what it led to. */
  public boolean isUnlinked() {
    return !hashed && place.parent != null;
  }

  /** What it leads to, where it is known not to be negative. */
  public Inode requireInode() {
    Inode target = inode;
    if (target == null) {
      throw new IllegalStateException("negative dentry " + name());
    }
    return target;
  }

  /** Makes it lead to an inode, whose reference it takes over. <i>Linux:</i> d_instantiate. */
  public void instantiate(Inode target) {
    inode = target;
  }

  /** Puts it into its directory's cache. <i>Linux:</i> d_rehash. */
  void rehash() {
    Dentry parent = place.parent;
    if (parent != null) {
      hashed = true;
      parent.children.put(place.name, this);
    }
  }

  /**
   * Takes it out of the cache; the reference that it had of its inode goes to the caller.
   * <i>Linux:</i> d_drop.
   *
   * @return false when it was out already
   */
  synchronized boolean unhash() {
    if (!hashed) {
      return false;
    }
    hashed = false;
    Dentry parent = place.parent;
    if (parent != null) {
      parent.children.remove(place.name, this);
    }
    return true;
  }

  /** Moves it to another place; under the locks of both directories. <i>Linux:</i> d_move. */
  synchronized void move(Dentry newParent, String newName) {
    Dentry parent = place.parent;
    if (parent != null) {
      parent.children.remove(place.name, this);
    }
    place = new Place(newParent, newName);
    hashed = true;
    newParent.children.put(newName, this);
  }

  /** Changes places with another one. <i>Linux:</i> d_exchange. */
  static void exchange(Dentry one, Dentry other) {
    Place was = one.place;
    one.place = other.place;
    other.place = was;
    one.rehash();
    other.rehash();
  }

  /** Whether this is the other one or above it. <i>Linux:</i> is_subdir. */
  boolean isAncestorOf(Dentry other) {
    for (Dentry at = other; at != null; at = at.parent()) {
      if (at == this) {
        return true;
      }
    }
    return false;
  }
}
