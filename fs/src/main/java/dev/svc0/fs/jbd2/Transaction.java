package dev.svc0.fs.jbd2;

/** A set of changes that reach the disk together. <i>Linux:</i> {@code transaction_t}. */
final class Transaction {
  final int tid;

  Transaction(int tid) {
    this.tid = tid;
  }
}
