package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The address of a socket, as {@code struct sockaddr} lays it out. */
public sealed interface SockAddr {
  /** Longest address in bytes: {@code struct sockaddr_storage}. */
  int MAX_BYTES = 128;

  /** The bytes a program sees. */
  byte[] encode();

  /** The family field of an address in bytes; AF_UNSPEC when there is none. */
  static int familyOf(byte[] address) {
    return address.length < 2 ? Socket.AF_UNSPEC : address[0] & 0xff | (address[1] & 0xff) << 8;
  }

  /**
   * A name of the unix domain.
   *
   * @param name empty for none; with a leading NUL in the abstract space; else a path
   */
  record Unix(String name) implements SockAddr {
    static final Unix UNNAMED = new Unix("");

    /** Whether it is in the abstract space. */
    public boolean isAbstract() {
      return !name.isEmpty() && name.charAt(0) == 0;
    }

    @Override
    public byte[] encode() {
      byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
      boolean path = text.length != 0 && text[0] != 0;
      byte[] result = new byte[2 + text.length + (path ? 1 : 0)];
      result[0] = (byte) Socket.AF_UNIX;
      System.arraycopy(text, 0, result, 2, text.length);
      return result;
    }
  }

  /**
   * An internet address with a port. IPv4 addresses are kept as IPv6 sees them, {@code
   * ::ffff:a.b.c.d}.
   *
   * @param family AF_INET or AF_INET6: how it is laid out
   * @param high the first eight bytes, big-endian
   * @param low the last eight bytes, big-endian
   * @param port in host order
   */
  record Inet(int family, long high, long low, int port) implements SockAddr {
    private static final int V4_BYTES = 16;
    private static final int V6_BYTES = 28;
    private static final long MAPPED = 0xffffL << 32;
    private static final long ADDRESS_MASK = 0xffff_ffffL;
    private static final int LOOPBACK_NET = 127;

    /** An IPv4 address. */
    static Inet v4(int family, int address, int port) {
      return new Inet(family, 0, MAPPED | address & ADDRESS_MASK, port);
    }

    /** 0.0.0.0 or ::, as the family has it. */
    static Inet any(int family, int port) {
      return family == Socket.AF_INET ? v4(family, 0, port) : new Inet(family, 0, 0, port);
    }

    /** Reads one; the bytes are at least as long as the family's. */
    static Inet decode(byte[] address) {
      ByteBuffer in = ByteBuffer.wrap(address);
      int port = in.getShort(2) & 0xffff;
      if (familyOf(address) == Socket.AF_INET) {
        return v4(Socket.AF_INET, in.getInt(4), port);
      }
      return new Inet(Socket.AF_INET6, in.getLong(8), in.getLong(16), port);
    }

    static int bytes(int family) {
      return family == Socket.AF_INET ? V4_BYTES : V6_BYTES;
    }

    boolean isV4() {
      return high == 0 && low >>> 32 == 0xffff;
    }

    boolean isAny() {
      return high == 0 && (low == 0 || low == MAPPED);
    }

    /** 127.0.0.0/8 or ::1. */
    boolean isLoopback() {
      return isV4() ? ((int) low >>> 24) == LOOPBACK_NET : high == 0 && low == 1;
    }

    boolean sameAddress(Inet other) {
      return high == other.high && low == other.low;
    }

    /** The four bytes of an IPv4 address, the first in the highest bits. */
    int v4Address() {
      return (int) low;
    }

    Inet withPort(int newPort) {
      return new Inet(family, high, low, newPort);
    }

    Inet withFamily(int newFamily) {
      return new Inet(newFamily, high, low, port);
    }

    /** What a packet to 0.0.0.0 or :: reaches. */
    Inet orLoopback() {
      if (!isAny()) {
        return this;
      }
      return isV4() ? v4(family, LOOPBACK_NET << 24 | 1, port) : new Inet(family, 0, 1, port);
    }

    @Override
    public byte[] encode() {
      ByteBuffer out = ByteBuffer.allocate(bytes(family));
      out.order(ByteOrder.LITTLE_ENDIAN).putShort(0, (short) family);
      out.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) port);
      if (family == Socket.AF_INET) {
        out.putInt(4, (int) low);
      } else {
        out.putLong(8, high).putLong(16, low);
      }
      return out.array();
    }
  }

  /** A port of netlink. */
  record Netlink(int port, int groups) implements SockAddr {
    @Override
    public byte[] encode() {
      ByteBuffer out = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
      out.putShort(0, (short) Socket.AF_NETLINK).putInt(4, port).putInt(8, groups);
      return out.array();
    }
  }
}
