package dev.svc0.fs.jbd2;

/** Told once a transaction is on stable storage, or has failed. */
@FunctionalInterface
public interface CommitCallback {
  /**
   * Runs on the journal's thread before anybody who waits for the commit goes on. Must not start a
   * handle.
   *
   * @param tid the transaction
   * @param error 0, or −errno: the journal was aborted
   */
  void committed(Journal journal, int tid, long error);
}
