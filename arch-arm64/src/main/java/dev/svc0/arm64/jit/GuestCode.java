package dev.svc0.arm64.jit;

import java.util.Arrays;
import java.util.List;

/** Guest code that becomes one unit. */
final class GuestCode {
  private final Block entry;
  private final Block[] all;
  private final Unit.Image image;
  private final int translated;

  /**
   * Code that was found.
   *
   * @param entry the block that execution begins with
   * @param all blocks, by address
   * @param image of what the unit depends on, which is more when other code was looked at
   * @param translated instructions in the blocks
   */
  GuestCode(Block entry, Block[] all, Unit.Image image, int translated) {
    this.entry = entry;
    this.all = all;
    this.image = image;
    this.translated = translated;
  }

  /** The block that execution begins with. */
  Block entry() {
    return entry;
  }

  /** Blocks by address. */
  List<Block> blocks() {
    return Arrays.asList(all);
  }

  /** The same; not to be changed. */
  Block[] all() {
    return all;
  }

  /** The memory that the unit depends on, as it was. */
  Unit.Image image() {
    return image;
  }

  /** Instructions that are translated: not those that were only looked at. */
  int translated() {
    return translated;
  }
}
