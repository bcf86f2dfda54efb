package dev.svc0.runtime.block;

import java.io.IOException;

/** Makes disks of one kind. Found through {@link java.util.ServiceLoader}. */
public interface BlockDriverType {
  /** The name on the command line, for example {@code brd} in {@code --drive brd:size=64M}. */
  String name();

  /** One line for help: what it is and which options it takes. */
  String help();

  /**
   * Makes a disk and registers it.
   *
   * @param options what follows the colon, {@code key=value} pairs separated by commas; a first
   *     value without a key is the file or the address
   * @throws IOException with a sentence that says what is wrong and what to do
   */
  BlockDevice create(BlockDevices devices, String options) throws IOException;
}
