package dev.svc0.runtime.vfs;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A name in a directory, and the inode it leads to: none for a negative entry, which remembers that
 * the name does not exist. <i>Linux:</i> {@code dentry}.
 *
 * <p>Name and parent change only under the super block's rename lock.
 */
public final class Dentry {
  private final SuperBlock superBlock;
  private volatile @Nullable Dentry parent;
  private volatile String name;
  private volatile @Nullable Inode inode;
  final ConcurrentHashMap<String, Dentry> children = new ConcurrentHashMap<>();

  /** A mount covers it; only then is the mount table asked. */
  volatile boolean mounted;

  private Dentry(
      SuperBlock superBlock, @Nullable Dentry parent, String name, @Nullable Inode inode) {
    this.superBlock = superBlock;
    this.parent = parent;
    this.name = name;
    this.inode = inode;
  }

  static Dentry makeRoot(SuperBlock superBlock, Inode inode) {
    return new Dentry(superBlock, null, "/", inode);
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
    return parent;
  }

  /** Its name, one character a byte. */
  public String name() {
    return name;
  }

  /** What it leads to; null when negative. */
  public @Nullable Inode inode() {
    return inode;
  }

  /** Whether the name does not exist. */
  public boolean isNegative() {
    return inode == null;
  }

  /** What it leads to, where it is known not to be negative. */
  public Inode requireInode() {
    Inode target = inode;
    if (target == null) {
      throw new IllegalStateException("negative dentry " + name);
    }
    return target;
  }

  /** Makes it lead to an inode, whose reference it takes over. <i>Linux:</i> d_instantiate. */
  public void instantiate(Inode target) {
    inode = target;
  }

  /** Makes it negative; the inode's reference goes to the caller. */
  @Nullable Inode detachInode() {
    Inode was = inode;
    inode = null;
    return was;
  }

  /** Moves it to another place; holder of the rename lock. <i>Linux:</i> d_move. */
  void move(Dentry newParent, String newName) {
    parent = newParent;
    name = newName;
  }
}
