package dev.svc0.runtime.net;

import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.vfs.Caller;
import org.jspecify.annotations.Nullable;

/** One message to send or to receive. <i>Linux:</i> {@code msghdr} inside the kernel. */
public final class Msg {
  /** On whose behalf. */
  public final Caller caller;

  /** The bytes. */
  public final IovIter iter;

  /** MSG_ flags of the call. */
  public final int flags;

  /** To send: the destination as a program gave it; null for none. */
  public byte @Nullable [] name;

  /** To send: ancillary data; null for none. */
  public byte @Nullable [] control;

  /** Received: where it came from; null for nowhere to tell. */
  public @Nullable SockAddr from;

  /** Received: MSG_TRUNC, MSG_CTRUNC, MSG_EOR. */
  public int resultFlags;

  /** Received: where ancillary data goes; null when the program gave no room. */
  public @Nullable ControlBuffer controlOut;

  /** A message. */
  public Msg(Caller caller, IovIter iter, int flags) {
    this.caller = caller;
    this.iter = iter;
    this.flags = flags;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
