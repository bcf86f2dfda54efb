package dev.svc0.arm64.jit;

/**
 * A number for each of many guest addresses that are multiples of 4; 0: none. Without boxes: it is
 * used often before the JVM has compiled much.
 *
 * <p><i>Locks:</i> whoever changes it holds the owner's. Anyone may look without: a change by
 * another thread is then seen later.
 */
final class AddressTable {
  private static final int FIRST_SHIFT = 9;
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  /** Pairs of an address, plus 1, and its number. A place never gets another address. */
  private volatile long[] pairs = new long[2 << FIRST_SHIFT];

  /** Addresses that have a place. */
  private int used;

  private static int place(long[] pairs, long key) {
    int mask = pairs.length - 2;
    int at = spread(key) & mask;
    while (pairs[at] != key && pairs[at] != 0) {
      at = at + 2 & mask;
    }
    return at;
  }

  /** Where to look for a key first, before the bits that a table has no room for are cut off. */
  static int spread(long key) {
    return (int) (key * SPREAD >>> 32);
  }

  /** The number of an address; 0 when it has none. */
  long get(long address) {
    long[] all = pairs;
    long key = address + 1;
    int at = place(all, key);
    return all[at] == key ? all[at + 1] : 0;
  }

  /** An address has a number from now on; 0: none. */
  void put(long address, long number) {
    long[] all = pairs;
    if (4 * used > all.length) {
      all = grow(all);
    }
    long key = address + 1;
    int at = place(all, key);
    if (all[at] == 0) {
      used++;
    }
    all[at + 1] = number;
    all[at] = key;
    pairs = all;
  }

  /** With room for as many addresses again as have a number. */
  private long[] grow(long[] old) {
    int kept = 0;
    for (int i = 1; i < old.length; i += 2) {
      kept += old[i] != 0 ? 1 : 0;
    }
    long[] all = new long[8 * kept > old.length ? 2 * old.length : old.length];
    for (int i = 0; i < old.length; i += 2) {
      if (old[i + 1] != 0) {
        int at = place(all, old[i]);
        all[at] = old[i];
        all[at + 1] = old[i + 1];
      }
    }
    used = kept;
    return all;
  }
}
