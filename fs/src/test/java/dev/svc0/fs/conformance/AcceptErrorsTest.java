package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.calls.LimitCalls;
import dev.svc0.runtime.calls.OpenCalls;
import dev.svc0.runtime.calls.SocketCalls;
import org.junit.jupiter.api.Test;

/** Which error accept4 answers when several things are wrong, as recorded on Linux x86-64. */
class AcceptErrorsTest {
  private static final int BAD_FLAGS = 0x7777;

  private static long accept(Machine machine, long fd, int flags) {
    return SocketCalls.accept4(machine.task, (int) fd, 0, 0, flags);
  }

  @Test
  void theOrderIsThatOfLinux() throws Exception {
    try (Machine machine = new Machine("tmpfs", "")) {
      long file =
          OpenCalls.openat(
              machine.task,
              Fcntl.AT_FDCWD,
              machine.string("f"),
              Fcntl.O_CREAT | Fcntl.O_RDWR,
              0644);
      long path =
          OpenCalls.openat(machine.task, Fcntl.AT_FDCWD, machine.string("f"), Fcntl.O_PATH, 0);
      long stream = SocketCalls.socket(machine.task, Socket.AF_UNIX, Socket.SOCK_STREAM, 0);
      long datagram = SocketCalls.socket(machine.task, Socket.AF_UNIX, Socket.SOCK_DGRAM, 0);
      long tcp =
          SocketCalls.socket(
              machine.task, Socket.AF_INET, Socket.SOCK_STREAM | Socket.SOCK_NONBLOCK, 0);
      assertThat(tcp).isGreaterThan(datagram);
      assertThat(accept(machine, 99, BAD_FLAGS)).isEqualTo(-Errno.EBADF);
      assertThat(accept(machine, path, BAD_FLAGS)).isEqualTo(-Errno.EBADF);
      for (long fd : new long[] {file, stream, datagram, tcp}) {
        assertThat(accept(machine, fd, BAD_FLAGS)).isEqualTo(-Errno.EINVAL);
      }
      assertThat(accept(machine, 99, Socket.SOCK_CLOEXEC)).isEqualTo(-Errno.EBADF);
      assertThat(accept(machine, path, 0)).isEqualTo(-Errno.EBADF);
      assertThat(accept(machine, file, 0)).isEqualTo(-Errno.ENOTSOCK);
      assertThat(accept(machine, stream, 0)).isEqualTo(-Errno.EINVAL);
      assertThat(accept(machine, datagram, 0)).isEqualTo(-Errno.EOPNOTSUPP);
      assertThat(accept(machine, tcp, 0)).isEqualTo(-Errno.EINVAL);
      assertThat(SocketCalls.listen(machine.task, (int) tcp, 5)).isZero();
      assertThat(accept(machine, tcp, 0)).isEqualTo(-Errno.EAGAIN);
      machine.task.memory().writeLong(machine.buffer(), 3);
      machine.task.memory().writeLong(machine.buffer() + Long.BYTES, 3);
      assertThat(LimitCalls.prlimit64(machine.task, 0, Rlimits.RLIMIT_NOFILE, machine.buffer(), 0))
          .isZero();
      for (long fd : new long[] {file, stream, datagram, tcp}) {
        assertThat(accept(machine, fd, 0)).isEqualTo(-Errno.EMFILE);
      }
      assertThat(accept(machine, 99, 0)).isEqualTo(-Errno.EBADF);
    }
  }
}
