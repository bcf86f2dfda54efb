package dev.svc0.fs.nbd;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.block.Request;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.sched.KernelThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One disk on a server. The monitor protects what waits to be sent and what is under way; requests
 * are found again by their tags.
 */
@Traced(layer = Traced.Layer.DRIVER)
final class Nbd implements BlockDriver {
  private static final int REQUEST_MAGIC = 0x25609513;
  private static final int REPLY_MAGIC = 0x67446698;
  private static final int CMD_READ = 0;
  private static final int CMD_WRITE = 1;
  private static final int CMD_DISCONNECT = 2;
  private static final int CMD_FLUSH = 3;
  private static final int CMD_TRIM = 4;
  private static final int CMD_WRITE_ZEROES = 6;
  private static final int FLAG_FUA = 1;
  private static final int HEADER = 28;

  private final SocketChannel socket;
  private final @Nullable Request[] underWay;
  private final ArrayDeque<Request> toSend = new ArrayDeque<>();
  private final KernelThread sender;
  private final KernelThread receiver;
  private boolean closed;
  private boolean broken;

  Nbd(SocketChannel socket, int depth) {
    this.socket = socket;
    underWay = new Request[depth + 1]; // one more for the queue's own flush, whose tag is −1
    sender = new KernelThread(this::send, "nbd-send");
    receiver = new KernelThread(this::receive, "nbd-receive");
    sender.start();
    receiver.start();
  }

  @Override
  @Traced("nbd_queue_rq")
  public void queueRequest(Request request, boolean last) {
    request.start();
    synchronized (this) {
      if (!broken && !closed) {
        underWay[request.tag + 1] = request;
        toSend.add(request);
        notifyAll();
        return;
      }
    }
    request.complete(-Errno.EIO);
  }

  private void send() {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    try {
      for (Request request = next(); request != null; request = next()) {
        nbdSendCmd(request, header);
      }
      header.clear();
      header.putInt(REQUEST_MAGIC).putShort((short) 0).putShort((short) CMD_DISCONNECT);
      header.putLong(0).putLong(0).putInt(0);
      NbdHandshake.writeFully(socket, header.flip());
    } catch (IOException e) {
      failAll();
    }
  }

  private synchronized @Nullable Request next() {
    while (toSend.isEmpty() && !closed && !broken) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Look again.
      }
    }
    return broken ? null : toSend.poll();
  }

  @Traced("nbd_send_cmd")
  private void nbdSendCmd(Request request, ByteBuffer header) throws IOException {
    int command =
        switch (ReqOp.op(request.opf)) {
          case ReqOp.READ -> CMD_READ;
          case ReqOp.WRITE -> CMD_WRITE;
          case ReqOp.FLUSH -> CMD_FLUSH;
          case ReqOp.DISCARD -> CMD_TRIM;
          default -> CMD_WRITE_ZEROES;
        };
    int flags = (request.opf & ReqOp.FUA) != 0 ? FLAG_FUA : 0;
    header.clear();
    header.putInt(REQUEST_MAGIC).putShort((short) flags).putShort((short) command);
    header.putLong(request.tag + 1).putLong(request.sector << 9).putInt(request.sizeBytes);
    NbdHandshake.writeFully(socket, header.flip());
    if (command == CMD_WRITE) {
      for (Bio bio = request.firstBio(); bio != null; bio = Request.nextBio(bio)) {
        for (int i = 0; i < bio.segments(); i++) {
          NbdHandshake.writeFully(socket, memory(bio, i));
        }
      }
    }
  }

  private static ByteBuffer memory(Bio bio, int segment) {
    return HostMemory.segment(bio.segmentAddress(segment), bio.segmentLength(segment))
        .asByteBuffer();
  }

  private void receive() {
    ByteBuffer header = ByteBuffer.allocate(16);
    try {
      while (true) {
        NbdHandshake.readFully(socket, header.clear());
        nbdHandleReply(header.flip());
      }
    } catch (IOException e) {
      failAll(); // also the end that close() brings about
    }
  }

  @Traced("nbd_handle_reply")
  private void nbdHandleReply(ByteBuffer header) throws IOException {
    int magic = header.getInt();
    int error = header.getInt();
    long handle = header.getLong();
    if (magic != REPLY_MAGIC || handle < 0 || handle >= underWay.length) {
      throw new IOException("nbd: the server's reply makes no sense");
    }
    Request request;
    synchronized (this) {
      request = underWay[(int) handle];
    }
    if (request == null) {
      throw new IOException("nbd: a reply to nothing");
    }
    if (error == 0 && ReqOp.op(request.opf) == ReqOp.READ) {
      for (Bio bio = request.firstBio(); bio != null; bio = Request.nextBio(bio)) {
        for (int i = 0; i < bio.segments(); i++) {
          NbdHandshake.readFully(socket, memory(bio, i));
        }
      }
    }
    synchronized (this) {
      underWay[(int) handle] = null;
    }
    request.complete(error == 0 ? 0 : error == Errno.ENOSPC ? -Errno.ENOSPC : -Errno.EIO);
  }

  /** No answer for too long: the connection is given up, and with it all that is under way. */
  @Override
  @Traced("nbd_xmit_timeout")
  public Timeout timeout(Request request) {
    try {
      socket.close(); // the receiver's read fails, and it ends everything
    } catch (IOException e) {
      // It is closed all the same.
    }
    return Timeout.DONE;
  }

  /** The connection is gone: nothing that is under way will be answered. */
  private void failAll() {
    List<Request> lost = new ArrayList<>();
    synchronized (this) {
      broken = true;
      toSend.clear();
      for (int i = 0; i < underWay.length; i++) {
        Request request = underWay[i];
        if (request != null) {
          lost.add(request);
          underWay[i] = null;
        }
      }
      notifyAll();
    }
    for (Request request : lost) {
      request.complete(-Errno.EIO);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    join(sender);
    try {
      socket.close(); // wakes the receiver, whose read fails
    } catch (IOException e) {
      // There is nothing left to lose.
    }
    join(receiver);
  }

  private static void join(Thread thread) {
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // The memory of requests must not go before the threads that use it.
      }
    }
  }
}
