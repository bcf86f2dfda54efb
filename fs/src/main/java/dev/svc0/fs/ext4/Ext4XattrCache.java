package dev.svc0.fs.ext4;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Blocks of attributes by the hash of their content, so that inodes with the same attributes share
 * one. Its monitor serialises changes of such blocks and of their counts of users. <i>Linux:</i>
 * mbcache.
 */
final class Ext4XattrCache {
  private static final int MOST = 256;

  private final Map<Integer, Long> blocks =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
          return size() > MOST;
        }
      };

  /** The block that had a content with a hash when it was last seen; 0 for none. */
  long find(int hash) {
    return hash == 0 ? 0 : blocks.getOrDefault(hash, 0L);
  }

  void add(int hash, long block) {
    if (hash != 0) {
      blocks.put(hash, block);
    }
  }

  void remove(long block) {
    blocks.values().removeIf(known -> known == block);
  }
}
