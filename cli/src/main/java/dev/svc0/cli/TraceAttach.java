package dev.svc0.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Records a program that another {@code svc0 run} of the same user runs. */
final class TraceAttach {
  private static final long CONNECT_MILLIS = 10_000;
  private static final long LAST_WRITE_SECONDS = 60;

  private final long pid;
  private final double seconds;
  private final CountDownLatch finished = new CountDownLatch(1);

  /**
   * A recording.
   *
   * @param pid the process of svc0, on this machine
   * @param seconds how long; 0: until the command is interrupted or the program ends
   */
  TraceAttach(long pid, double seconds) {
    this.pid = pid;
    this.seconds = seconds;
  }

  /** Has the process record what the arguments say; the exit status. */
  int run(List<String> arguments) throws IOException {
    Processes.require(pid);
    try (TraceWire wire = connect()) {
      wire.ask(new TraceWire.Request(Path.of("").toAbsolutePath(), arguments));
      Thread interrupted = new Thread(() -> finish(wire), "svc0-interrupted");
      Runtime.getRuntime().addShutdownHook(interrupted);
      try {
        return copy(wire);
      } finally {
        finished.countDown();
      }
    }
  }

  /** Listens, and has the process connect. */
  private TraceWire connect() throws IOException {
    Path folder = Files.createTempDirectory("svc0-trace"); // for this user alone
    Path socket = folder.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      server.bind(UnixDomainSocketAddress.of(socket));
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      AgentLoader.load(pid, socket.toString());
      selector.select(CONNECT_MILLIS); // it may be starting still
      SocketChannel channel = server.accept();
      if (channel == null) {
        throw new IOException("it did not connect");
      }
      return new TraceWire(channel);
    } catch (IOException e) {
      throw new CommandException(
          CommandException.FAILED,
          "process "
              + pid
              + " cannot be recorded now: it is starting or ending, stopped, or of another version ("
              + e.getMessage()
              + ")");
    } finally {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(folder);
    }
  }

  private int copy(TraceWire wire) throws IOException {
    while (true) {
      TraceWire.Frame frame = wire.next();
      switch (frame.kind()) {
        case RECORDING -> recording(wire);
        case OUT -> System.out.write(frame.content());
        case ERR -> System.err.write(frame.content());
        case END -> {
          System.out.flush();
          return frame.content()[0];
        }
      }
    }
  }

  private void recording(TraceWire wire) {
    if (seconds == 0) {
      System.err.println(
          "svc0: recording process " + pid + "; Ctrl-C ends it and writes what was recorded");
      return;
    }
    long millis = (long) Math.min(seconds * 1000, Integer.MAX_VALUE);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            Thread.sleep(millis);
            stop(wire);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void stop(TraceWire wire) {
    try {
      wire.stop();
    } catch (IOException e) {
      // The process is gone, which the reader of its frames says.
    }
  }

  /** Interrupted: has the process write what it recorded, and shows the rest. */
  private void finish(TraceWire wire) {
    if (finished.getCount() == 0) {
      return;
    }
    stop(wire);
    try {
      if (!finished.await(LAST_WRITE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("svc0: process " + pid + " has not written everything yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
