package dev.svc0.fs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.devfs.HostInput;
import dev.svc0.fs.devfs.StreamConsole;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.calls.ReadWriteCalls;
import dev.svc0.runtime.host.HostSyscall;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The first poll of standard input answers what poll of the host's descriptor would. */
class StreamConsoleTest {
  private static final int PIPE2_X86_64 = 293;
  private static final int PIPE2_AARCH64 = 59;
  private static final int READABLE = Poll.POLLIN | Poll.POLLRDNORM;

  private static File stdin(Machine machine, InputStream in, BooleanSupplier readable) {
    OutputStream nowhere = OutputStream.nullOutputStream();
    return new StreamConsole(machine.vfs, in, readable, nowhere, nowhere)
        .standardFile(0, machine.task);
  }

  @Test
  void theEndIsReadableAtTheFirstPoll() throws Exception {
    try (Machine machine = new Machine("tmpfs", "");
        InputStream none = new FileInputStream("/dev/null")) {
      File file = stdin(machine, none, () -> true);
      assertThat(file.operations().poll(file, null)).isEqualTo(READABLE);
      file.put();
    }
  }

  @Test
  void inputThatIsThereIsReadableAndNoneIsNot() throws Exception {
    try (Machine machine = new Machine("tmpfs", "");
        PipedOutputStream writer = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(writer)) {
      OutputStream nowhere = OutputStream.nullOutputStream();
      File file =
          new StreamConsole(machine.vfs, in, nowhere, nowhere).standardFile(0, machine.task);
      assertThat(file.operations().poll(file, null)).isZero();
      file.flags |= Fcntl.O_NONBLOCK;
      int fd = machine.task.files().reserve(0, false, 100);
      machine.task.files().publish(fd, file);
      assertThat(ReadWriteCalls.read(machine.task, fd, machine.buffer(), 8))
          .isEqualTo(-Errno.EAGAIN);
      writer.write("word".getBytes(StandardCharsets.US_ASCII));
      writer.flush();
      assertThat(ReadWriteCalls.read(machine.task, fd, machine.buffer(), 8)).isEqualTo(4);
      assertThat(machine.get(4)).isEqualTo("word");
    }
  }

  /** A pipe of the host: nothing, a byte, and the end. */
  @Test
  void theHostIsAskedWhatCanBeRead() throws Exception {
    long fds = HostSyscall.scratch();
    assertThat(HostSyscall.call(PIPE2_X86_64, PIPE2_AARCH64, fds, 0, 0, 0, 0, 0)).isZero();
    int read = HostMemory.getInt(fds);
    int write = HostMemory.getInt(fds + Integer.BYTES);
    try {
      assertThat(HostInput.isReadable(read)).isFalse();
      assertThat(HostSyscall.call(1, 64, write, HostSyscall.scratch(), 1, 0, 0, 0)).isEqualTo(1);
      assertThat(HostInput.isReadable(read)).isTrue();
      HostSyscall.call(0, 63, read, HostSyscall.scratch(), 1, 0, 0, 0);
      assertThat(HostInput.isReadable(read)).isFalse();
    } finally {
      HostSyscall.call(3, 57, write, 0, 0, 0, 0, 0);
    }
    assertThat(HostInput.isReadable(read)).isTrue();
    HostSyscall.call(3, 57, read, 0, 0, 0, 0, 0);
  }
}
