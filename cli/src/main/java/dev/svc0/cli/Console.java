package dev.svc0.cli;

import java.io.PrintStream;

/**
 * Where a command speaks: its own standard streams, or those of a command in another terminal.
 *
 * @param out standard output
 * @param err standard error
 */
record Console(PrintStream out, PrintStream err) {
  /** Of this process. */
  static Console own() {
    return new Console(System.out, System.err);
  }
}
