package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.TestProgram;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.vfs.Cred;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ACLs on ext4: who may do what, what chmod makes of them, what new files take over. */
class Ext4AclTest {
  private static final String ACCESS = "system.posix_acl_access";
  private static final String DEFAULT = "system.posix_acl_default";
  private static final int USER_OBJ = 1;
  private static final int USER = 2;
  private static final int GROUP_OBJ = 4;
  private static final int GROUP = 8;
  private static final int MASK = 16;
  private static final int OTHER = 32;
  private static final long NO = -Errno.EACCES;

  @TempDir Path folder;
  private Path image;

  @BeforeEach
  void format() {
    image = folder.resolve("ext4.img");
    Tools.mke2fs(image, "16M", "-t", "ext4");
  }

  /** Tag, permissions, id, … as setxattr takes them. */
  private static byte[] acl(int... entries) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + entries.length / 3 * 8);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    for (int i = 0; i < entries.length; i += 3) {
      bytes.putShort((short) entries[i]).putShort((short) entries[i + 1]).putInt(entries[i + 2]);
    }
    return bytes.array();
  }

  private static long open(TestProgram caller, String path, int flags) {
    return Math.min(0, caller.open(path, flags));
  }

  @Test
  void entriesDecide() throws Exception {
    try (TestProgram root = TestProgram.boot(image, "ext4", "")) {
      root.closeFd(root.create("/f"));
      byte[] given =
          acl(
              USER_OBJ, 6, -1, USER, 6, 1000, USER, 0, 1001, GROUP_OBJ, 4, -1, GROUP, 6, 500, MASK,
              6, -1, OTHER, 4, -1);
      assertThat(root.setxattr("/f", ACCESS, given)).isZero();
      assertThat(root.getxattr("/f", ACCESS)).isEqualTo(given);
      TestProgram named = root.another(Cred.of(1000, 1000));
      TestProgram shutOut = root.another(Cred.of(1001, 1001));
      TestProgram member = root.another(Cred.of(1002, 500));
      TestProgram inOwnersGroup = root.another(Cred.of(1003, 0));
      TestProgram other = root.another(Cred.of(1004, 1004));
      assertThat(open(named, "/f", Fcntl.O_RDWR)).isZero();
      assertThat(open(shutOut, "/f", Fcntl.O_RDONLY)).isEqualTo(NO);
      assertThat(open(member, "/f", Fcntl.O_RDWR)).isZero();
      assertThat(open(inOwnersGroup, "/f", Fcntl.O_RDONLY)).isZero();
      assertThat(open(inOwnersGroup, "/f", Fcntl.O_WRONLY)).isEqualTo(NO);
      assertThat(open(other, "/f", Fcntl.O_RDONLY)).isZero();
      assertThat(open(other, "/f", Fcntl.O_WRONLY)).isEqualTo(NO);
      // chmod's group bits are the mask: it cuts down all but owner and others.
      assertThat(root.chmod("/f", 0640)).isZero();
      assertThat(open(named, "/f", Fcntl.O_RDONLY)).isZero();
      assertThat(open(named, "/f", Fcntl.O_RDWR)).isEqualTo(NO);
      assertThat(open(member, "/f", Fcntl.O_WRONLY)).isEqualTo(NO);
      assertThat(open(other, "/f", Fcntl.O_RDONLY)).isEqualTo(NO);
      assertThat(root.chmod("/f", 0664)).isZero();
      assertThat(open(named, "/f", Fcntl.O_RDWR)).isZero();
      assertThat(root.getxattr("/f", ACCESS)).isEqualTo(given);
    }
    Tools.assertClean(image);
    try (TestProgram root = TestProgram.boot(image, "ext4", "noacl")) {
      TestProgram named = root.another(Cred.of(1000, 1000));
      assertThat(open(named, "/f", Fcntl.O_WRONLY)).isEqualTo(NO);
    }
  }

  @Test
  void newFilesTakeOverTheDefault() throws Exception {
    try (TestProgram root = TestProgram.boot(image, "ext4", "")) {
      assertThat(root.mkdir("/d", 0777)).isZero();
      byte[] given =
          acl(USER_OBJ, 7, -1, USER, 7, 1000, GROUP_OBJ, 5, -1, MASK, 7, -1, OTHER, 0, -1);
      assertThat(root.setxattr("/d", DEFAULT, given)).isZero();
      root.closeFd(root.create("/d/f"));
      assertThat(root.mkdir("/d/e", 0755)).isZero();
      assertThat(root.getxattr("/d/e", DEFAULT)).isEqualTo(given);
      // Created with 0644: the mask is what the group gets.
      byte[] cut = acl(USER_OBJ, 6, -1, USER, 7, 1000, GROUP_OBJ, 5, -1, MASK, 4, -1, OTHER, 0, -1);
      assertThat(root.getxattr("/d/f", ACCESS)).isEqualTo(cut);
      TestProgram named = root.another(Cred.of(1000, 1000));
      TestProgram other = root.another(Cred.of(1001, 1001));
      assertThat(open(named, "/d/f", Fcntl.O_RDONLY)).isZero();
      assertThat(open(named, "/d/f", Fcntl.O_RDWR)).isEqualTo(NO);
      assertThat(open(other, "/d/f", Fcntl.O_RDONLY)).isEqualTo(NO);
      assertThat(named.mkdir("/d/e/mine", 0755)).isEqualTo(NO);
      assertThat(root.chmod("/d/e", 0775)).isZero();
      assertThat(named.mkdir("/d/e/mine", 0755)).isZero();
    }
    Tools.assertClean(image);
  }

  @Test
  void brokenOnesAreRefused() throws Exception {
    try (TestProgram root = TestProgram.boot(image, "ext4", "")) {
      root.closeFd(root.create("/f"));
      byte[] noOther = acl(USER_OBJ, 7, -1, GROUP_OBJ, 5, -1);
      assertThat(root.setxattr("/f", ACCESS, noOther)).isEqualTo(-Errno.EINVAL);
      byte[] noMask = acl(USER_OBJ, 7, -1, USER, 7, 5, GROUP_OBJ, 5, -1, OTHER, 0, -1);
      assertThat(root.setxattr("/f", ACCESS, noMask)).isEqualTo(-Errno.EINVAL);
      byte[] plain = acl(USER_OBJ, 7, -1, GROUP_OBJ, 5, -1, OTHER, 1, -1);
      assertThat(root.setxattr("/f", DEFAULT, plain)).isEqualTo(-Errno.EACCES);
      assertThat(root.setxattr("/f", ACCESS, plain)).isZero();
      assertThat(root.getxattr("/f", ACCESS)).isEmpty(); // it says no more than the mode
    }
    Tools.assertClean(image);
    assertThat(Tools.debugfs(image, "stat /f")).contains("Mode:  0751");
  }
}
