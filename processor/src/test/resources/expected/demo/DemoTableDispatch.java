// Generated from the pinned arm64 table of Linux 6.12 and 8 handlers.
package demo;

import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.TableDispatch;
import dev.svc0.runtime.task.Task;
import java.util.List;

/**
 * The arm64 table: 8 calls with a handler.
 */
public final class DemoTableDispatch extends TableDispatch {
  /**
   * A table of its own counters and hooks.
   */
  public DemoTableDispatch() {
    super("arm64");
  }

  @Override
  protected List<SyscallInfo> describe() {
    return DemoTableInfo.rows();
  }

  @Override
  protected long call(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr >>> 6) {
      case 0 -> from0(task, nr, x0, x1, x2, x3, x4, x5);
      case 1 -> from64(task, nr, x0, x1, x2, x3, x4, x5);
      case 2 -> from128(task, nr, x0, x1, x2, x3, x4, x5);
      case 3 -> from192(task, nr, x0, x1, x2, x3, x4, x5);
      case 16 -> from1024(task, nr, x0, x1, x2, x3, x4, x5);
      case 23 -> from1472(task, nr, x0, x1, x2, x3, x4, x5);
      default -> notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
    };
  }

  /**
   * Numbers 0 to 63.
   */
  private long from0(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 56 openat(int dfd, const char __user *filename, int flags, umode_t mode)
      case 56 -> FileCalls.openat(task, (int) x0, x1, (int) x2, (int) x3 & 0xffff);
      // without a handler
      case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
          16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
          32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
          48, 49, 50, 51, 52, 53, 54, 55, 57, 58, 59, 60, 61, 62, 63 ->
          notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
      default -> notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
    };
  }

  /**
   * Numbers 64 to 127.
   */
  private long from64(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 64 write(unsigned int fd, const char __user *buf, size_t count)
      case 64 -> FileCalls.write(task, (int) x0, x1, x2);
      // 70 pwritev(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h)
      case 70 -> FileCalls.pwritev(task, (int) x0, x1, x2, x3);
      // 80 fstat(unsigned int fd, struct stat __user *statbuf)
      case 80 -> FileCalls.fstat(task, (int) x0, x1);
      // without a handler
      case 65, 66, 67, 68, 69, 71, 72, 73, 74, 75, 76, 77, 78, 79, 81, 82,
          83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98,
          99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114,
          115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127 ->
          notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
      default -> notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
    };
  }

  /**
   * Numbers 128 to 191.
   */
  private long from128(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 172 getpid()
      case 172 -> FileCalls.getpid(task);
      // without a handler
      case 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143,
          144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159,
          160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 173, 174, 175, 176,
          177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191 ->
          notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
      default -> notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
    };
  }

  /**
   * Numbers 192 to 255.
   */
  private long from192(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 220 clone(unsigned long clone_flags, unsigned long newsp, int __user *parent_tidptr, unsigned long tls, int __user *child_tidptr)
      case 220 -> OwnCalls.clone(task, x0, x1, x2, x3, x4);
      // without a handler
      case 192, 193, 194, 195, 196, 197, 198, 199, 200, 201, 202, 203, 204, 205, 206, 207,
          208, 209, 210, 211, 212, 213, 214, 215, 216, 217, 218, 219, 221, 222, 223, 224,
          225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239, 240,
          241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255 ->
          notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
      default -> notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
    };
  }

  /**
   * Numbers 1024 to 1087.
   */
  private long from1024(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 1024 greet(const char __user *who, unsigned int flags, void __user *answer, void __user *lengthAt, pid_t pid)
      case 1024 -> ((int) x1 & 0xffffebff) != 0
          ? rejectFlags(nr, ((int) x1 & 0xffffebff))
          : OwnCalls.greet(task, x0, (int) x1, x2, x3, (int) x4);
      // without a handler
      case 1025, 1026, 1027, 1028, 1029, 1030, 1031, 1032, 1033, 1034, 1035, 1036, 1037, 1038, 1039, 1040,
          1041, 1042, 1043, 1044, 1045, 1046, 1047, 1048, 1049, 1050, 1051, 1052, 1053, 1054, 1055, 1056,
          1057, 1058, 1059, 1060, 1061, 1062, 1063, 1064, 1065, 1066, 1067, 1068, 1069, 1070, 1071, 1072,
          1073, 1074, 1075, 1076, 1077, 1078, 1079, 1080, 1081, 1082, 1083, 1084, 1085, 1086, 1087 ->
          notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
      default -> notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
    };
  }

  /**
   * Numbers 1472 to 1535.
   */
  private long from1472(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 1535 last_own(int small, int medium, long large)
      case 1535 -> OwnCalls.Inner.lastOwn(task, (short) x0, (int) x1, x2);
      // without a handler
      case 1472, 1473, 1474, 1475, 1476, 1477, 1478, 1479, 1480, 1481, 1482, 1483, 1484, 1485, 1486, 1487,
          1488, 1489, 1490, 1491, 1492, 1493, 1494, 1495, 1496, 1497, 1498, 1499, 1500, 1501, 1502, 1503,
          1504, 1505, 1506, 1507, 1508, 1509, 1510, 1511, 1512, 1513, 1514, 1515, 1516, 1517, 1518, 1519,
          1520, 1521, 1522, 1523, 1524, 1525, 1526, 1527, 1528, 1529, 1530, 1531, 1532, 1533, 1534 ->
          notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
      default -> notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
    };
  }
}
