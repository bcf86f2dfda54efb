package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.SocketIoctl;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.vfs.Caller;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The network devices: there is {@code lo} and no other. <i>Linux:</i> dev_ioctl, devinet_ioctl.
 */
final class Interfaces {
  static final String NAME = "lo";
  static final int INDEX = 1;
  static final int MTU = 65536;
  static final int QUEUE_LENGTH = 1000;

  /** ARPHRD_LOOPBACK. */
  static final int HARDWARE_TYPE = 772;

  /** IFF_UP, IFF_LOOPBACK, IFF_RUNNING. */
  static final int FLAGS = 0x49;

  static final int ADDRESS = 0x7f000001;
  static final int PREFIX_BITS = 8;

  private static final int NAME_BYTES = 16;
  private static final int IFREQ_BYTES = 40;
  private static final int IFCONF_BUFFER = 8;
  private static final int NETMASK = 0xff000000;

  private Interfaces() {}

  static long ioctl(Sock sock, int request, long argument, Caller caller) {
    UserMemory memory = caller.memory();
    return switch (request) {
      case SocketIoctl.SIOCGIFCONF -> conf(memory, argument);
      case SocketIoctl.SIOCGIFNAME -> name(memory, argument);
      case SocketIoctl.SIOCGIFFLAGS,
          SocketIoctl.SIOCGIFADDR,
          SocketIoctl.SIOCGIFDSTADDR,
          SocketIoctl.SIOCGIFBRDADDR,
          SocketIoctl.SIOCGIFNETMASK,
          SocketIoctl.SIOCGIFMETRIC,
          SocketIoctl.SIOCGIFMTU,
          SocketIoctl.SIOCGIFHWADDR,
          SocketIoctl.SIOCGIFINDEX,
          SocketIoctl.SIOCGIFTXQLEN ->
          get(memory, request, argument);
      case SocketIoctl.SIOCATMARK -> {
        if (!(sock instanceof TcpSock)) {
          yield -Errno.ENOTTY;
        }
        memory.writeInt(argument, 0);
        yield 0;
      }
      default -> -Errno.ENOTTY;
    };
  }

  private static byte[] deviceName() {
    return Arrays.copyOf(NAME.getBytes(StandardCharsets.ISO_8859_1), NAME_BYTES);
  }

  private static long conf(UserMemory memory, long argument) {
    int room = memory.readInt(argument);
    long buffer = memory.readLong(argument + IFCONF_BUFFER);
    if (buffer == 0) {
      memory.writeInt(argument, IFREQ_BYTES);
      return 0;
    }
    if (room < IFREQ_BYTES) {
      memory.writeInt(argument, 0);
      return 0;
    }
    ByteBuffer one = ByteBuffer.allocate(IFREQ_BYTES);
    one.put(deviceName()).put(address(ADDRESS));
    memory.writeBytes(buffer, one.array());
    memory.writeInt(argument, IFREQ_BYTES);
    return 0;
  }

  private static byte[] address(int value) {
    return SockAddr.Inet.v4(Socket.AF_INET, value, 0).encode();
  }

  private static long name(UserMemory memory, long argument) {
    if (memory.readInt(argument + NAME_BYTES) != INDEX) {
      return -Errno.ENODEV;
    }
    memory.writeBytes(argument, deviceName());
    return 0;
  }

  private static long get(UserMemory memory, int request, long argument) {
    byte[] wanted = memory.readBytes(argument, NAME_BYTES);
    wanted[NAME_BYTES - 1] = 0;
    if (!Arrays.equals(wanted, deviceName())) {
      return -Errno.ENODEV;
    }
    long value = argument + NAME_BYTES;
    switch (request) {
      case SocketIoctl.SIOCGIFFLAGS -> memory.writeShort(value, (short) FLAGS);
      case SocketIoctl.SIOCGIFADDR, SocketIoctl.SIOCGIFDSTADDR ->
          memory.writeBytes(value, address(ADDRESS));
      case SocketIoctl.SIOCGIFBRDADDR -> memory.writeBytes(value, address(0));
      case SocketIoctl.SIOCGIFNETMASK -> memory.writeBytes(value, address(NETMASK));
      case SocketIoctl.SIOCGIFMETRIC -> memory.writeInt(value, 0);
      case SocketIoctl.SIOCGIFMTU -> memory.writeInt(value, MTU);
      case SocketIoctl.SIOCGIFINDEX -> memory.writeInt(value, INDEX);
      case SocketIoctl.SIOCGIFTXQLEN -> memory.writeInt(value, QUEUE_LENGTH);
      default -> {
        ByteBuffer hardware = ByteBuffer.allocate(NAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        memory.writeBytes(value, hardware.putShort((short) HARDWARE_TYPE).array());
      }
    }
    return 0;
  }
}
