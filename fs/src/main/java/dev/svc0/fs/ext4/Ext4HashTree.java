package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.DirEntryLayout;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.HostMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A walk of a directory's tree of hashes: the root behind the entries of the first block, at most
 * one level of index blocks (two with large_dir), then blocks of names. <i>Linux:</i> the dx_ part
 * of fs/ext4/namei.c.
 *
 * <p>Index: pairs of a hash and a block; the first pair's hash is no hash but the limit and the
 * count of pairs. The lowest bit of a hash says that names with the hash before it go on here.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4HashTree implements AutoCloseable {
  private static final int ROOT_INFO = 24;
  private static final int ROOT_ENTRIES = 32;
  private static final int NODE_ENTRIES = 8;
  private static final int MAX_LEVELS = 3;

  /** A block of pairs on the way, and which of them leads on. */
  private static final class Frame {
    final Ext4DirBlock block;
    final int entriesAt;
    int at;

    Frame(Ext4DirBlock block, int entriesAt) {
      this.block = block;
      this.entriesAt = entriesAt;
    }

    int limit() {
      return Disk.u16(block.address() + entriesAt);
    }

    int count() {
      return Disk.u16(block.address() + entriesAt + 2);
    }

    void setLimit(int value) {
      Disk.put16(block.address() + entriesAt, value);
    }

    void setCount(int value) {
      Disk.put16(block.address() + entriesAt + 2, value);
    }

    private long pair(int index) {
      return block.address() + entriesAt + 8L * index;
    }

    long hash(int index) {
      return index == 0 ? 0 : Disk.u32(pair(index));
    }

    long child(int index) {
      return Disk.u32(pair(index) + 4) & 0x0fff_ffff;
    }

    void set(int index, long hash, long child) {
      if (index > 0) {
        Disk.put32(pair(index), hash);
      }
      Disk.put32(pair(index) + 4, child);
    }

    /** Adds a pair behind the one that leads on. */
    void insertBehind(long hash, long child) {
      int count = count();
      int place = at + 1;
      byte[] moved = new byte[8 * (count - place)];
      HostMemory.copy(pair(place), moved, 0, moved.length);
      HostMemory.copy(moved, 0, pair(place + 1), moved.length);
      setCount(count + 1);
      set(place, hash, child);
    }

    void dirty(Ext4Handle handle) {
      block.directory.ext4.checksums.setHashBlock(block.directory, block.address(), entriesAt);
      handle.dirtyMetadata(block.buffer, block.directory);
    }
  }

  private final Ext4Inode directory;
  private final List<Frame> frames = new ArrayList<>(MAX_LEVELS);

  /** Which hash the directory uses. */
  int version;

  /** Hash looked for. */
  private long hash;

  private Ext4HashTree(Ext4Inode directory) {
    this.directory = directory;
  }

  private static int bytes(Ext4Inode directory) {
    return directory.ext4.blockSize;
  }

  private static int tail(Ext4Inode directory) {
    return directory.ext4.checksums.hasMetadata() ? 8 : 0;
  }

  private static int nodeLimit(Ext4Inode directory) {
    return (bytes(directory) - NODE_ENTRIES - tail(directory)) / 8;
  }

  private static int rootLimit(Ext4Inode directory, int infoLength) {
    return (bytes(directory) - ROOT_INFO - infoLength - tail(directory)) / 8;
  }

  private static int maxLevels(Ext4Inode directory) {
    return directory.ext4.raw.hasIncompat(Features.INCOMPAT_LARGEDIR) ? 3 : 2;
  }

  /** The walk to a name's leaf; null when what is there is no tree that can be used. */
  @Traced("dx_probe")
  static @Nullable Ext4HashTree probe(Ext4Inode directory, String name) {
    Ext4HashTree tree = new Ext4HashTree(directory);
    boolean good = false;
    try {
      if (tree.openRoot()) {
        tree.hash = directory.ext4.hash.of(name, tree.version) >>> 32;
        good = tree.descend();
      }
      return good ? tree : null;
    } finally {
      if (!good) {
        tree.close();
      }
    }
  }

  /** The walk to the leaf of a hash; null as above. */
  static @Nullable Ext4HashTree probeHash(Ext4Inode directory, long hash) {
    Ext4HashTree tree = new Ext4HashTree(directory);
    boolean good = false;
    try {
      tree.hash = hash;
      good = tree.openRoot() && tree.descend();
      return good ? tree : null;
    } finally {
      if (!good) {
        tree.close();
      }
    }
  }

  private int levels;

  private boolean openRoot() {
    Ext4DirBlock root = Ext4DirBlock.read(directory, 0);
    long info = root.address() + ROOT_INFO;
    version = Disk.u8(info + 4);
    int infoLength = Disk.u8(info + 5);
    levels = Disk.u8(info + 6);
    int unusedFlags = Disk.u8(info + 7);
    Frame frame = new Frame(root, ROOT_INFO + infoLength);
    frames.add(frame);
    return Ext4Hash.isKnown(version)
        && (unusedFlags & 1) == 0
        && levels < maxLevels(directory)
        && infoLength == 8
        && frame.limit() == rootLimit(directory, infoLength);
  }

  private boolean descend() {
    long blocks = directory.size() >>> directory.ext4.shape.blockBits;
    for (int level = 0; ; level++) {
      Frame frame = frames.get(level);
      int count = frame.count();
      if (count == 0 || count > frame.limit()) {
        return false;
      }
      frame.at = search(frame, count);
      long child = frame.child(frame.at);
      if (child == 0 || child >= blocks) {
        return false;
      }
      if (level == levels) {
        return true;
      }
      Frame below = new Frame(Ext4DirBlock.read(directory, child), NODE_ENTRIES);
      frames.add(below);
      if (below.limit() != nodeLimit(directory)) {
        return false;
      }
    }
  }

  private int search(Frame frame, int count) {
    int low = 1;
    int high = count - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (frame.hash(middle) > hash) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return low - 1;
  }

  private Frame last() {
    return frames.get(frames.size() - 1);
  }

  /** Block of the directory with the names. */
  long leaf() {
    return last().child(last().at);
  }

  /**
   * Goes to the next leaf.
   *
   * @param onlySame stops when the leaf does not go on with the hash looked for
   * @return the first hash of that leaf, or −1 at the end
   */
  @Traced("ext4_htree_next_block")
  long nextLeaf(boolean onlySame) {
    int level = frames.size() - 1;
    while (level >= 0 && frames.get(level).at + 1 >= frames.get(level).count()) {
      level--;
    }
    if (level < 0) {
      return -1;
    }
    Frame frame = frames.get(level);
    long next = frame.hash(frame.at + 1);
    if (onlySame && ((next & 1) == 0 || (next & ~1L) != hash)) {
      return -1;
    }
    frame.at++;
    while (frames.size() > level + 1) {
      frames.remove(frames.size() - 1).block.close();
    }
    while (frames.size() - 1 < levels) {
      frames.add(new Frame(Ext4DirBlock.read(directory, leaf()), NODE_ENTRIES));
    }
    return next;
  }

  // Changing

  /**
   * Adds a name that is not there.
   *
   * @return false when the tree cannot be used
   */
  @Traced("ext4_dx_add_entry")
  static boolean addEntry(
      Ext4Handle handle, Ext4Inode directory, String name, long number, int mode) {
    while (true) {
      Ext4HashTree tree = probe(directory, name);
      if (tree == null) {
        return false;
      }
      try (tree) {
        try (Ext4DirBlock leaf = Ext4DirBlock.read(directory, tree.leaf())) {
          int room = leaf.findRoom(name);
          if (room == -Errno.EEXIST) {
            throw new Ext4Exception(room);
          }
          if (room >= 0) {
            leaf.getWriteAccess(handle);
            leaf.insert(room, name, number, mode);
            leaf.dirty(handle);
            return true;
          }
          if (tree.last().count() < tree.last().limit()) {
            tree.splitLeaf(handle, leaf, name, number, mode);
            return true;
          }
        }
        tree.growIndex(handle);
      }
    }
  }

  /** Makes room for a pair in the lowest index block. */
  private void growIndex(Ext4Handle handle) {
    int full = frames.size() - 1;
    while (full > 0 && frames.get(full - 1).count() >= frames.get(full - 1).limit()) {
      full--;
    }
    if (full == 0) {
      if (levels + 1 >= maxLevels(directory)) {
        directory.ext4.noteWarning("directory " + directory.number() + ": index is full");
        throw new Ext4Exception(-Errno.ENOSPC);
      }
      deepen(handle);
      return;
    }
    splitIndex(handle, frames.get(full - 1), frames.get(full));
  }

  /** Half of an index block's pairs go to a new one. */
  private void splitIndex(Ext4Handle handle, Frame above, Frame full) {
    try (Ext4DirBlock made = Ext4DirBlock.append(handle, directory)) {
      Frame half = newNode(made);
      handle.getWriteAccess(full.block.buffer);
      handle.getWriteAccess(above.block.buffer);
      int count = full.count();
      int kept = count / 2;
      long border = full.hash(kept);
      for (int i = kept; i < count; i++) {
        half.set(i - kept, full.hash(i), full.child(i));
      }
      half.setCount(count - kept);
      full.setCount(kept);
      above.insertBehind(border, made.block);
      half.dirty(handle);
      full.dirty(handle);
      above.dirty(handle);
    }
  }

  private Frame newNode(Ext4DirBlock made) {
    Disk.put16(made.address() + DirEntryLayout.DE_REC_LEN, bytes(directory));
    Frame node = new Frame(made, NODE_ENTRIES);
    node.setLimit(nodeLimit(directory));
    return node;
  }

  /** The root's pairs go to a block of their own: one level more. */
  private void deepen(Ext4Handle handle) {
    try (Ext4DirBlock made = Ext4DirBlock.append(handle, directory)) {
      Frame root = frames.get(0);
      handle.getWriteAccess(root.block.buffer);
      Frame node = newNode(made);
      int count = root.count();
      for (int i = 0; i < count; i++) {
        node.set(i, root.hash(i), root.child(i));
      }
      node.setCount(count);
      root.setCount(1);
      root.set(0, 0, made.block);
      Disk.put8(root.block.address() + ROOT_INFO + 6, levels + 1);
      node.dirty(handle);
      root.dirty(handle);
    }
  }

  private record Entry(long hash, int recLen, String name, long number, int type) {}

  private List<Entry> entriesOf(Ext4DirBlock block) {
    List<Entry> entries = new ArrayList<>();
    int end = block.usable();
    for (int offset = 0; offset < end; offset += block.recLen(offset)) {
      block.check(offset);
      if (block.inode(offset) != 0) {
        String name = block.name(offset);
        entries.add(
            new Entry(
                directory.ext4.hash.of(name, version) >>> 32,
                DirEntryLayout.recLen(name.length()),
                name,
                block.inode(offset),
                block.type(offset)));
      }
    }
    return entries;
  }

  /** Half of a leaf's names, by hash, go to a new one; then the new name goes where it belongs. */
  @Traced("do_split")
  private void splitLeaf(Ext4Handle handle, Ext4DirBlock leaf, String name, long number, int mode) {
    List<Entry> entries = entriesOf(leaf);
    entries.sort(Comparator.comparingLong(Entry::hash));
    if (entries.size() < 2) {
      Ext4Exception.check(
          directory.ext4.error("directory " + directory.number() + ": a leaf cannot be split"));
    }
    int split = splitPoint(entries);
    long border = entries.get(split).hash;
    boolean goesOn = border == entries.get(split - 1).hash;
    try (Ext4DirBlock made = Ext4DirBlock.append(handle, directory)) {
      leaf.getWriteAccess(handle);
      handle.getWriteAccess(last().block.buffer);
      pack(made, entries.subList(split, entries.size()));
      pack(leaf, entries.subList(0, split));
      last().insertBehind(border + (goesOn ? 1 : 0), made.block);
      last().dirty(handle);
      Ext4DirBlock target = hash >= border ? made : leaf;
      int room = target.findRoom(name);
      if (room >= 0) {
        target.insert(room, name, number, mode);
      }
      leaf.dirty(handle);
      made.dirty(handle);
      Ext4Exception.check(room);
    }
  }

  /** So that each half has about half of the bytes. */
  private int splitPoint(List<Entry> entries) {
    int bytes = 0;
    int moved = 0;
    int half = bytes(directory) / 2;
    for (int i = entries.size() - 1; i >= 0; i--) {
      int length = entries.get(i).recLen;
      if (bytes + length / 2 > half) {
        break;
      }
      bytes += length;
      moved++;
    }
    int split = entries.size() - moved;
    return split <= 0 || split >= entries.size() ? entries.size() / 2 : split;
  }

  /** Writes entries one behind the other; the last takes the rest of the block. */
  @Traced("dx_pack_dirents")
  private void pack(Ext4DirBlock block, List<Entry> entries) {
    HostMemory.fill(block.address(), bytes(directory), (byte) 0);
    block.initEmpty();
    int offset = 0;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      int length = i + 1 < entries.size() ? entry.recLen : block.usable() - offset;
      block.putEntry(offset, entry.name, entry.number, 0);
      Disk.put8(block.address() + offset + DirEntryLayout.DE_FILE_TYPE, entry.type);
      block.putRecLen(offset, length);
      offset += length;
    }
  }

  /**
   * Makes a tree of a directory of one full block: its names go to a second one, and it becomes the
   * root.
   */
  @Traced("make_indexed_dir")
  static void makeIndexed(Ext4Handle handle, Ext4Inode directory, Ext4DirBlock first) {
    Ext4HashTree tree = new Ext4HashTree(directory);
    tree.version = directory.ext4.hash.defaultVersion;
    List<Entry> entries = tree.entriesOf(first);
    entries.removeIf(entry -> entry.name.equals(".") || entry.name.equals(".."));
    long parent = first.inode(first.recLen(0));
    try (Ext4DirBlock names = Ext4DirBlock.append(handle, directory)) {
      first.getWriteAccess(handle);
      tree.pack(names, entries);
      names.dirty(handle);
      tree.writeRoot(handle, first, parent, names.block);
    }
    directory.flags |= InodeLayout.EXT2_BTREE_FL;
    directory.ext4.table.markInodeDirty(handle, directory);
  }

  private void writeRoot(Ext4Handle handle, Ext4DirBlock first, long parent, long leaf) {
    HostMemory.fill(first.address(), bytes(directory), (byte) 0);
    first.putEntry(0, ".", directory.number(), StatConstants.S_IFDIR);
    first.putRecLen(0, 12);
    first.putEntry(12, "..", parent, StatConstants.S_IFDIR);
    first.putRecLen(12, bytes(directory) - 12);
    long info = first.address() + ROOT_INFO;
    Disk.put8(info + 4, version);
    Disk.put8(info + 5, 8);
    Frame root = new Frame(first, ROOT_ENTRIES);
    root.setLimit(rootLimit(directory, 8));
    root.setCount(1);
    root.set(0, 0, leaf);
    root.dirty(handle);
  }

  /** The root was changed in its entries: {@code ..} leads elsewhere. */
  static void dirtyRoot(Ext4Handle handle, Ext4DirBlock first) {
    int infoLength = Disk.u8(first.address() + ROOT_INFO + 5);
    new Frame(first, ROOT_INFO + infoLength).dirty(handle);
  }

  @Override
  public void close() {
    for (Frame frame : frames) {
      frame.block.close();
    }
    frames.clear();
  }
}
