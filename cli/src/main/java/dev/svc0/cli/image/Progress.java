package dev.svc0.cli.image;

/** Is told how far a long piece of work has come. */
@FunctionalInterface
public interface Progress {
  /** Nobody looks. */
  Progress NONE = (bytes, what) -> {};

  /**
   * Something was done.
   *
   * @param bytes of input used up since the last call
   * @param what is being worked on, for people
   */
  void step(long bytes, String what);
}
