package dev.svc0.cli;

import dev.svc0.runtime.host.HostFiles;
import dev.svc0.runtime.trace.TraceAgent;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets {@code svc0 trace --pid} of the same user record a program that runs already.
 *
 * <p>Nothing is open and nothing waits while nobody asks: the command listens on a socket, and has
 * the JVM here load its agent, as {@code jcmd} reaches a JVM; the name of the socket comes as the
 * agent's argument. It is used only when it belongs to the user of this process.
 *
 * <p><i>Locks:</i> the monitor protects the list of those served.
 */
final class TraceRequests implements AutoCloseable {
  private static final long LAST_WRITE_MILLIS = 60_000;

  private final Session session;
  private final List<Served> served = new ArrayList<>();
  private volatile boolean ended;

  /** One who asked, and the thread that records for it. */
  private record Served(TraceWire wire, Thread thread) {}

  private TraceRequests(Session session) {
    this.session = session;
  }

  /** Begins to listen. */
  static TraceRequests of(Session session) {
    TraceRequests requests = new TraceRequests(session);
    TraceAgent.listen(socket -> requests.connect(Path.of(socket)));
    return requests;
  }

  private void connect(Path socket) {
    if (!HostFiles.isMine(socket)) {
      return;
    }
    SocketChannel channel;
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return; // whoever listened there is gone
    }
    TraceWire wire = new TraceWire(channel);
    Thread thread = Thread.ofPlatform().daemon().name("svc0-trace").unstarted(() -> serve(wire));
    synchronized (this) {
      served.removeIf(one -> !one.thread.isAlive());
      served.add(new Served(wire, thread));
      thread.start();
    }
  }

  private void serve(TraceWire wire) {
    try (wire) {
      TraceWire.Request request = wire.read();
      wire.end(TraceCommand.record(request, new Target(wire)));
    } catch (IOException e) {
      // The command is gone: nobody wants what was recorded.
    }
  }

  /** What a command records that came from another terminal. */
  final class Target {
    private final TraceWire wire;

    private Target(TraceWire wire) {
      this.wire = wire;
    }

    Session session() {
      return session;
    }

    TraceWire wire() {
      return wire;
    }

    /** Waits until the recording is to end; false: the command is gone, and wants nothing. */
    boolean record() throws IOException {
      wire.send(TraceWire.Kind.RECORDING, new byte[0], 0, 0);
      return wire.awaitStop() == TraceWire.STOP || ended;
    }
  }

  private synchronized List<Served> current() {
    served.removeIf(one -> !one.thread.isAlive());
    return List.copyOf(served);
  }

  /** The program has ended: recordings end too, with the last write-back, and are written. */
  @Override
  public void close() {
    TraceAgent.listen(null);
    ended = true;
    List<Served> current = current();
    if (current.isEmpty()) {
      return;
    }
    session.close();
    current.forEach(one -> one.wire.wake());
    try {
      for (Served one : current) {
        one.thread.join(LAST_WRITE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
