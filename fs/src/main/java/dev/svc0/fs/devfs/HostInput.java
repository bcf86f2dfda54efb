package dev.svc0.fs.devfs;

import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.PollfdLayout;
import dev.svc0.runtime.host.HostSyscall;
import dev.svc0.runtime.mm.HostMemory;

/** What the host says of a descriptor of this process that is read. */
public final class HostInput {
  private static final int PPOLL_X86_64 = 271;
  private static final int PPOLL_AARCH64 = 73;

  private HostInput() {}

  /**
   * Whether a read would not wait: there are bytes, or the end, or an error; always for files and
   * /dev/null. <i>Linux:</i> ppoll(2).
   */
  public static boolean isReadable(int fd) {
    long pollfd = HostSyscall.scratch();
    long timeout = pollfd + 2 * Long.BYTES;
    HostMemory.putInt(pollfd + PollfdLayout.fd, fd);
    HostMemory.putShort(pollfd + PollfdLayout.events, (short) Poll.POLLIN);
    HostMemory.putShort(pollfd + PollfdLayout.revents, (short) 0);
    HostMemory.putLong(timeout, 0);
    HostMemory.putLong(timeout + Long.BYTES, 0);
    return HostSyscall.call(PPOLL_X86_64, PPOLL_AARCH64, pollfd, 1, timeout, 0, 0, 0) > 0;
  }
}
