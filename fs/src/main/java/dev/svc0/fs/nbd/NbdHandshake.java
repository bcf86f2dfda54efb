package dev.svc0.fs.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The beginning of a connection: agrees on an export and learns what it is. Big-endian. */
final class NbdHandshake {
  static final int FLAG_READ_ONLY = 2;
  static final int FLAG_SEND_FLUSH = 4;
  static final int FLAG_SEND_FUA = 8;
  static final int FLAG_SEND_TRIM = 32;
  static final int FLAG_SEND_WRITE_ZEROES = 64;

  private static final long NBDMAGIC = 0x4e42444d41474943L;
  private static final long IHAVEOPT = 0x49484156454F5054L;
  private static final long REPLY_MAGIC = 0x3e889045565a9L;
  private static final int FIXED_NEWSTYLE = 1;
  private static final int NO_ZEROES = 2;
  private static final int OPT_GO = 7;
  private static final int REP_ACK = 1;
  private static final int REP_INFO = 3;
  private static final int INFO_EXPORT = 0;
  private static final int INFO_BLOCK_SIZE = 3;
  private static final int MOST_REPLY_BYTES = 64 * 1024;

  private final SocketChannel socket;

  long sizeBytes = -1;
  int flags;
  int minimumBlock = 512;
  int maximumBytes = 1 << 20;

  NbdHandshake(SocketChannel socket) {
    this.socket = socket;
  }

  static void readFully(SocketChannel from, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (from.read(buffer) < 0) {
        throw new EOFException("nbd: the server closed the connection");
      }
    }
  }

  static void writeFully(SocketChannel to, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
  }

  private ByteBuffer read(int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    readFully(socket, buffer);
    return buffer.flip();
  }

  /** Asks for an export by name. */
  void negotiate(String export) throws IOException {
    ByteBuffer hello = read(18);
    if (hello.getLong() != NBDMAGIC || hello.getLong() != IHAVEOPT) {
      throw new IOException("nbd: the other side is no NBD server with newstyle negotiation");
    }
    int offered = hello.getShort();
    if ((offered & FIXED_NEWSTYLE) == 0) {
      throw new IOException("nbd: the server is too old: it has no fixed newstyle negotiation");
    }
    byte[] name = export.getBytes(StandardCharsets.UTF_8);
    ByteBuffer go = ByteBuffer.allocate(4 + 16 + 4 + name.length + 4);
    go.putInt(FIXED_NEWSTYLE | offered & NO_ZEROES);
    go.putLong(IHAVEOPT).putInt(OPT_GO).putInt(4 + name.length + 4);
    go.putInt(name.length).put(name).putShort((short) 1).putShort((short) INFO_BLOCK_SIZE);
    writeFully(socket, go.flip());
    while (!readReply(export)) {
      // Informations come one by one before the acknowledgement.
    }
    if (sizeBytes < 0) {
      throw new IOException("nbd: the server did not tell the size of the export");
    }
  }

  /** Whether it was the last one. */
  private boolean readReply(String export) throws IOException {
    ByteBuffer head = read(20);
    if (head.getLong() != REPLY_MAGIC || head.getInt() != OPT_GO) {
      throw new IOException("nbd: the server answered something else than was asked");
    }
    int type = head.getInt();
    int length = head.getInt();
    if (length < 0 || length > MOST_REPLY_BYTES) {
      throw new IOException("nbd: the server's answer is too long: " + length + " bytes");
    }
    ByteBuffer data = read(length);
    if (type < 0) {
      String why = StandardCharsets.UTF_8.decode(data).toString();
      throw new IOException(
          "nbd: the server refused export \"" + export + "\"" + (why.isEmpty() ? "" : ": " + why));
    }
    if (type == REP_INFO && length >= 2) {
      takeInformation(data, length);
    }
    return type == REP_ACK;
  }

  private void takeInformation(ByteBuffer data, int length) {
    int kind = data.getShort();
    if (kind == INFO_EXPORT && length >= 12) {
      sizeBytes = data.getLong();
      flags = data.getShort();
    } else if (kind == INFO_BLOCK_SIZE && length >= 14) {
      minimumBlock = data.getInt();
      data.getInt();
      long most = data.getInt() & 0xffffffffL;
      maximumBytes = (int) Math.min(most, 1 << 20);
    }
  }
}
