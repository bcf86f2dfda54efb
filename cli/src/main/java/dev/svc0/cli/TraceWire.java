package dev.svc0.cli;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code svc0 trace --pid} and the process that it records say to each other.
 *
 * <p>The command sends a version, its folder and its arguments, and later one byte: {@link #STOP}.
 * The process sends frames of a kind, a length and bytes: that it records, what goes to standard
 * output and standard error of the command, and last the exit status.
 */
final class TraceWire implements AutoCloseable {
  /** Ends the recording; whatever was recorded is written. */
  static final int STOP = 'q';

  private static final int VERSION = 1;
  private static final int MOST_ARGUMENTS = 4096;
  private static final int MOST_BYTES = 1 << 20;
  private static final int BUFFER_BYTES = 1 << 15;

  /** Kinds of frames. */
  enum Kind {
    RECORDING,
    OUT,
    ERR,
    END
  }

  /**
   * What is to be recorded.
   *
   * @param folder where the command was called: relative files are in there
   * @param arguments its arguments
   */
  record Request(Path folder, List<String> arguments) {}

  /** One frame. */
  record Frame(Kind kind, byte[] content) {}

  private final SocketChannel channel;
  private final DataInputStream in;
  private final DataOutputStream out;

  TraceWire(SocketChannel channel) {
    this.channel = channel;
    in = new DataInputStream(Channels.newInputStream(channel));
    out = new DataOutputStream(Channels.newOutputStream(channel));
  }

  void ask(Request request) throws IOException {
    out.writeInt(VERSION);
    writeText(request.folder.toString());
    out.writeInt(request.arguments.size());
    for (String argument : request.arguments) {
      writeText(argument);
    }
    out.flush();
  }

  Request read() throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException("the command is of another version of svc0");
    }
    Path folder = Path.of(readText());
    int count = in.readInt();
    if (count < 0 || count > MOST_ARGUMENTS) {
      throw new IOException("too many arguments");
    }
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arguments.add(readText());
    }
    return new Request(folder, arguments);
  }

  private void writeText(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private String readText() throws IOException {
    return new String(readBytes(), StandardCharsets.UTF_8);
  }

  private byte[] readBytes() throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST_BYTES) {
      throw new IOException("not a text");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  /** By the command: the recording is to end. */
  synchronized void stop() throws IOException {
    out.write(STOP);
    out.flush();
  }

  /**
   * By the process: waits for {@link #STOP}; −1 when the command is gone, or after {@link #wake}.
   */
  int awaitStop() throws IOException {
    return in.read();
  }

  /** Ends a wait of the other thread. */
  void wake() {
    try {
      channel.shutdownInput();
    } catch (IOException e) {
      // Closed: nobody waits.
    }
  }

  synchronized void send(Kind kind, byte[] content, int from, int length) throws IOException {
    out.writeByte(kind.ordinal());
    out.writeInt(length);
    out.write(content, from, length);
    out.flush();
  }

  void end(int status) throws IOException {
    send(Kind.END, new byte[] {(byte) status}, 0, 1);
  }

  Frame next() throws IOException {
    int kind = in.readUnsignedByte();
    if (kind >= Kind.values().length) {
      throw new IOException("not a frame");
    }
    return new Frame(Kind.values()[kind], readBytes());
  }

  /** A stream whose text comes out at the other end, once it is flushed or closed. */
  PrintStream stream(Kind kind) {
    OutputStream frames =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            for (int done = 0; done < length; done += MOST_BYTES) {
              send(kind, bytes, from + done, Math.min(MOST_BYTES, length - done));
            }
          }
        };
    return new PrintStream(
        new BufferedOutputStream(frames, BUFFER_BYTES), false, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
