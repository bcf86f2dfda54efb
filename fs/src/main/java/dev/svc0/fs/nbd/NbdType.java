package dev.svc0.fs.nbd;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.DriveOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Set;

/** Connects to disks on NBD servers: {@code nbd:localhost:10809,export=disk}. */
@AutoService(BlockDriverType.class)
public final class NbdType implements BlockDriverType {
  private static final int NBD_MAJOR = 43;
  private static final int DEFAULT_PORT = 10809;
  private static final int DEPTH = 128;

  @Override
  public String name() {
    return "nbd";
  }

  @Override
  public String help() {
    return "nbd:HOST[:10809][,export=NAME][,timeout=SECONDS] or nbd:unix:PATH[,…]  a disk on an NBD"
        + " server; without an answer in time it is gone";
  }

  @Override
  public BlockDevice create(BlockDevices devices, String text) throws IOException {
    DriveOptions options = new DriveOptions(name(), text, Set.of("export", "timeout"));
    if (options.first().isEmpty()) {
      throw new IOException(
          "nbd needs a server: write for example nbd:localhost or nbd:unix:/path");
    }
    SocketChannel socket = connect(options.first());
    NbdHandshake server = new NbdHandshake(socket);
    try {
      server.negotiate(options.get("export", ""));
      int timeout = options.number("timeout", 0, 0, 3600);
      BlockDevice disk = add(devices, socket, server);
      if (timeout > 0) {
        disk.queue().setTimeout(timeout * 1_000_000_000L);
        devices.watchTimeouts();
      }
      return disk;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static SocketChannel connect(String where) throws IOException {
    SocketAddress address;
    if (where.startsWith("unix:")) {
      address = UnixDomainSocketAddress.of(where.substring("unix:".length()));
    } else {
      int colon = where.lastIndexOf(':');
      boolean hasPort = colon >= 0 && where.substring(colon + 1).matches("[0-9]{1,5}");
      int port = hasPort ? Integer.parseInt(where.substring(colon + 1)) : DEFAULT_PORT;
      address = new InetSocketAddress(hasPort ? where.substring(0, colon) : where, port);
    }
    try {
      return SocketChannel.open(address);
    } catch (IOException | RuntimeException e) {
      throw new IOException("nbd: no connection to " + where + ": " + e.getMessage(), e);
    }
  }

  private static BlockDevice add(BlockDevices devices, SocketChannel socket, NbdHandshake server)
      throws IOException {
    if (server.minimumBlock > 4096) {
      throw new IOException("nbd: the export wants blocks of " + server.minimumBlock + " bytes");
    }
    int block = Math.max(server.minimumBlock, 512);
    boolean readOnly = (server.flags & NbdHandshake.FLAG_READ_ONLY) != 0;
    DiskLimits limits =
        new DiskLimits(
            block,
            block,
            Math.max(server.maximumBytes, block),
            128,
            DEPTH,
            !readOnly && (server.flags & NbdHandshake.FLAG_SEND_FLUSH) != 0,
            (server.flags & NbdHandshake.FLAG_SEND_FUA) != 0,
            !readOnly && (server.flags & NbdHandshake.FLAG_SEND_TRIM) != 0,
            !readOnly && (server.flags & NbdHandshake.FLAG_SEND_WRITE_ZEROES) != 0);
    long sectors = server.sizeBytes / block * (block >>> 9);
    BlockDevice disk = devices.add("nbd", NBD_MAJOR, sectors, limits, new Nbd(socket, DEPTH));
    disk.setReadOnly(readOnly);
    return disk;
  }
}
