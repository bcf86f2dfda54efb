// Generated from the pinned x86_64 table of Linux 6.12 and 8 handlers.
package demo;

import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.TableDispatch;
import dev.svc0.runtime.task.Task;
import java.util.List;

/**
 * The x86_64 table: 8 calls with a handler.
 */
public final class DemoTableX86Dispatch extends TableDispatch {
  /**
   * A table of its own counters and hooks.
   */
  public DemoTableX86Dispatch() {
    super("x86_64");
  }

  @Override
  protected List<SyscallInfo> describe() {
    return DemoTableX86Info.rows();
  }

  @Override
  protected long call(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr >>> 6) {
      case 0 -> from0(task, nr, x0, x1, x2, x3, x4, x5);
      case 4 -> from256(task, nr, x0, x1, x2, x3, x4, x5);
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
      // 1 write(unsigned int fd, const char __user *buf, size_t count)
      case 1 -> FileCalls.write(task, (int) x0, x1, x2);
      // 5 fstat(unsigned int fd, struct stat __user *statbuf)
      case 5 -> FileCalls.fstat(task, (int) x0, x1);
      // 39 getpid()
      case 39 -> FileCalls.getpid(task);
      // 56 clone(unsigned long clone_flags, unsigned long newsp, int __user *parent_tidptr, int __user *child_tidptr, unsigned long tls)
      case 56 -> OwnCalls.clone(task, x0, x1, x2, x4, x3);
      // without a handler
      case 0, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
          18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
          34, 35, 36, 37, 38, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50,
          51, 52, 53, 54, 55, 57, 58, 59, 60, 61, 62, 63 ->
          notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
      default -> notImplemented(task, nr, x0, x1, x2, x3, x4, x5);
    };
  }

  /**
   * Numbers 256 to 319.
   */
  private long from256(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return switch (nr) {
      // 257 openat(int dfd, const char __user *filename, int flags, umode_t mode)
      case 257 -> FileCalls.openat(task, (int) x0, x1, (int) x2, (int) x3 & 0xffff);
      // 296 pwritev(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l, unsigned long pos_h)
      case 296 -> FileCalls.pwritev(task, (int) x0, x1, x2, x3);
      // without a handler
      case 256, 258, 259, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 270, 271, 272,
          273, 274, 275, 276, 277, 278, 279, 280, 281, 282, 283, 284, 285, 286, 287, 288,
          289, 290, 291, 292, 293, 294, 295, 297, 298, 299, 300, 301, 302, 303, 304, 305,
          306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 318, 319 ->
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
