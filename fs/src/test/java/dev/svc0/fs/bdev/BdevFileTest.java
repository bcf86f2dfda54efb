package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.MemoryAccount;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.Vfs;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk's node, read and written from user memory; results and errnos are those of Linux 6.12. */
@Timeout(240)
class BdevFileTest implements Caller {
  private static final int DISK_BYTES = 1 << 20;
  private static final int AREA = 1 << 18;

  private final DiskKernel kernel = new DiskKernel(2048);
  private final Vfs vfs =
      new Vfs(kernel.frames, kernel.writeback, kernel.devices, InstantSource.system());
  private final MemoryManager memory = new MemoryManager(kernel.frames, new MemoryAccount(1 << 16));
  private final long user =
      memory.mmap(
          0,
          AREA,
          MmapConstants.PROT_READ | MmapConstants.PROT_WRITE,
          MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS,
          null,
          0);
  private final RecordingDriver driver = new RecordingDriver(DISK_BYTES);
  private final BlockDevice disk =
      kernel.devices.add(
          "rec",
          250,
          DISK_BYTES >> 9,
          new DiskLimits(512, 512, 1 << 20, 128, 64, true, false, true, false),
          driver);
  private Cred cred = Cred.ROOT;

  @AfterEach
  void close() {
    memory.release();
    kernel.close();
  }

  private File open(int flags) {
    Inode inode = vfs.anonymous().newInode(0060600, new BdevFileOperations(), Cred.ROOT);
    inode.rdev = disk.major() << 20 | disk.minor();
    int mode =
        switch (flags & Fcntl.O_ACCMODE) {
          case Fcntl.O_RDONLY -> File.FMODE_READ;
          case Fcntl.O_WRONLY -> File.FMODE_WRITE;
          default -> File.FMODE_READ | File.FMODE_WRITE;
        };
    File file = vfs.anonymous().newFile(inode, "rec0", flags, mode, Cred.ROOT);
    assertThat(file.operations().open(inode, file, this)).isZero();
    return file;
  }

  private long write(File file, long position, long bytes) {
    Kiocb kiocb = new Kiocb(file, this, position, Kiocb.iocbFlags(file) | Kiocb.IOCB_WRITE);
    long result = file.operations().writeIter(kiocb, new IovIter().initUser(memory, user, bytes));
    assertThat(kiocb.position - position).isEqualTo(Math.max(result, 0));
    return result;
  }

  private long read(File file, long position, long at, long bytes) {
    Kiocb kiocb = new Kiocb(file, this, position, Kiocb.iocbFlags(file));
    return file.operations().readIter(kiocb, new IovIter().initUser(memory, at, bytes));
  }

  private byte[] fill(int bytes, long seed) {
    byte[] data = new byte[bytes];
    new Random(seed).nextBytes(data);
    memory.writeBytes(user, data);
    return data;
  }

  @ParameterizedTest
  @CsvSource({
    // open flags (O_DIRECT is 0x10000), position, bytes, result
    "0, 0, 4096, 4096",
    "0, 123, 5000, 5000",
    "0, 1048575, 10, 1",
    "0, 1044480, 8192, 4096",
    "0, 1048576, 1, -28",
    "0, 9999999, 4096, -28",
    "0, 1048576, 0, 0",
    "0x10000, 4096, 4096, 4096",
    "0x10000, 512, 512, 512",
    "0x10000, 1044480, 8192, 4096",
    "0x10000, 1048576, 512, -28",
    "0x10000, 100, 512, -22",
    "0x10000, 0, 100, -22",
    "0x10000, 0, 262144, 262144",
  })
  void writesEndAtTheEndOfTheDisk(String flags, long position, long bytes, long result) {
    byte[] data = fill(AREA, position);
    File file = open(Fcntl.O_RDWR | Integer.decode(flags));
    assertThat(write(file, position, bytes)).isEqualTo(result);
    if (result > 0) {
      File plain = open(Fcntl.O_RDONLY);
      memory.writeBytes(user, new byte[AREA]);
      assertThat(read(plain, position, user, result)).isEqualTo(result);
      assertThat(memory.readBytes(user, (int) result)).isEqualTo(Arrays.copyOf(data, (int) result));
      plain.put();
    }
    file.put();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 4096, 4096",
    "0, 1048570, 100, 6",
    "0, 1048576, 100, 0",
    "0x10000, 0, 512, 512",
    "0x10000, 1048064, 4096, 512",
    "0x10000, 3, 512, -22",
    "0x10000, 1048576, 3, 0",
  })
  void readsEndAtTheEndOfTheDisk(String flags, long position, long bytes, long result) {
    File file = open(Fcntl.O_RDONLY | Integer.decode(flags));
    assertThat(read(file, position, user, bytes)).isEqualTo(result);
    file.put();
  }

  @Test
  void aDiskMadeReadOnlyAfterItWasOpenedAnswersEperm() {
    File file = open(Fcntl.O_RDWR);
    disk.setReadOnly(true);
    assertThat(write(file, 0, 4096)).isEqualTo(-Errno.EPERM);
    assertThat(write(file, DISK_BYTES, 0)).isEqualTo(-Errno.EPERM);
    file.put();
  }

  @Test
  void misalignedMemoryIsRefusedByDirectIoOnly() {
    File direct = open(Fcntl.O_RDWR | Fcntl.O_DIRECT);
    assertThat(read(direct, 0, user + 8, 512)).isEqualTo(-Errno.EINVAL);
    File buffered = open(Fcntl.O_RDWR);
    assertThat(read(buffered, 0, user + 8, 512)).isEqualTo(512);
    direct.put();
    buffered.put();
  }

  @Test
  void aBadAddressIsEfaultAndAPartlyBadOneIsShort() {
    File file = open(Fcntl.O_RDWR);
    long end = user + AREA;
    Kiocb kiocb = new Kiocb(file, this, 0, Kiocb.IOCB_WRITE);
    FileOperations operations = file.operations();
    assertThat(operations.writeIter(kiocb, new IovIter().initUser(memory, end, 4096)))
        .isEqualTo(-Errno.EFAULT);
    assertThat(operations.writeIter(kiocb, new IovIter().initUser(memory, end - 100, 4096)))
        .isEqualTo(100);
    assertThat(
            operations.readIter(
                new Kiocb(file, this, 0, 0), new IovIter().initUser(memory, end, 1)))
        .isEqualTo(-Errno.EFAULT);
    file.put();
    File direct = open(Fcntl.O_RDWR | Fcntl.O_DIRECT);
    Kiocb directly = new Kiocb(direct, this, 0, Kiocb.IOCB_WRITE | Kiocb.IOCB_DIRECT);
    assertThat(direct.operations().writeIter(directly, new IovIter().initUser(memory, end, 512)))
        .isEqualTo(-Errno.EFAULT);
    direct.put();
  }

  @Test
  void directAndBufferedSeeEachOther() {
    File buffered = open(Fcntl.O_RDWR);
    File direct = open(Fcntl.O_RDWR | Fcntl.O_DIRECT);
    byte[] first = fill(8192, 1);
    assertThat(write(buffered, 0, 8192)).isEqualTo(8192);
    assertThat(read(direct, 0, user + 8192, 8192)).isEqualTo(8192);
    assertThat(memory.readBytes(user + 8192, 8192)).isEqualTo(first);
    byte[] second = fill(4096, 2);
    assertThat(write(direct, 4096, 4096)).isEqualTo(4096);
    assertThat(read(buffered, 0, user + 8192, 8192)).isEqualTo(8192);
    assertThat(memory.readBytes(user + 8192, 4096)).isEqualTo(Arrays.copyOf(first, 4096));
    assertThat(memory.readBytes(user + 12288, 4096)).isEqualTo(second);
    buffered.put();
    direct.put();
  }

  @Test
  void fsyncWritesThenFlushes() {
    File file = open(Fcntl.O_RDWR);
    fill(4096, 3);
    assertThat(write(file, 0, 4096)).isEqualTo(4096);
    assertThat(driver.trace()).isEmpty();
    assertThat(file.operations().fsync(file, 0, Long.MAX_VALUE, FileOperations.SyncKind.ALL))
        .isZero();
    assertThat(driver.trace()).containsExactly("WRITE 0+8", "FLUSH");
    file.put();
  }

  @Test
  void anOpenFileHearsOfALostWriteOnce() {
    File one = open(Fcntl.O_RDWR);
    File other = open(Fcntl.O_RDWR);
    fill(4096, 4);
    assertThat(write(one, 0, 4096)).isEqualTo(4096);
    driver.failNextWrite(-Errno.EIO);
    FileOperations operations = one.operations();
    FileOperations.SyncKind all = FileOperations.SyncKind.ALL;
    assertThat(operations.fsync(one, 0, Long.MAX_VALUE, all)).isEqualTo(-Errno.EIO);
    assertThat(operations.fsync(one, 0, Long.MAX_VALUE, all)).isZero();
    assertThat(operations.fsync(other, 0, Long.MAX_VALUE, all)).isEqualTo(-Errno.EIO);
    assertThat(operations.fsync(other, 0, Long.MAX_VALUE, all)).isZero();
    one.put();
    other.put();
  }

  @Test
  void anOsyncWriteIsOnTheDiskWhenItReturns() {
    File file = open(Fcntl.O_RDWR | Fcntl.O_SYNC);
    fill(4096, 5);
    assertThat(write(file, 8192, 4096)).isEqualTo(4096);
    assertThat(driver.trace()).containsExactly("WRITE 16+8", "FLUSH");
    file.put();
  }

  @ParameterizedTest
  @CsvSource({
    "BLKGETSIZE, 2048, 8",
    "BLKGETSIZE64, 1048576, 8",
    "BLKSSZGET, 512, 4",
    "BLKPBSZGET, 512, 4",
    "BLKBSZGET, 4096, 4",
    "BLKROGET, 0, 4",
    "BLKRAGET, 256, 8",
    "BLKSECTGET, 2048, 2",
    "BLKROTATIONAL, 0, 2",
    "BLKDISCARDZEROES, 0, 4",
  })
  void ioctlsTellWhatTheDiskIs(String name, long expected, int bytes) throws Exception {
    File file = open(Fcntl.O_RDONLY);
    int request = FsConstants.class.getField(name).getInt(null);
    memory.writeLong(user, -1);
    assertThat(file.operations().ioctl(file, request, user, this)).isZero();
    long mask = bytes == 8 ? -1L : (1L << bytes * 8) - 1;
    assertThat(memory.readLong(user)).isEqualTo(expected | ~mask);
    file.put();
  }

  @Test
  void ioctlsThatChangeThings() {
    File file = open(Fcntl.O_RDWR);
    FileOperations operations = file.operations();
    byte[] data = fill(8192, 6);
    assertThat(write(file, 0, 8192)).isEqualTo(8192);
    assertThat(operations.ioctl(file, FsConstants.BLKFLSBUF, 0, this)).isZero();
    assertThat(disk.mapping().pages()).isZero();
    range(1024, 2048);
    assertThat(operations.ioctl(file, FsConstants.BLKZEROOUT, user, this)).isZero();
    assertThat(read(file, 0, user, 8192)).isEqualTo(8192);
    Arrays.fill(data, 1024, 3072, (byte) 0);
    assertThat(memory.readBytes(user, 8192)).isEqualTo(data);
    range(512, 100);
    assertThat(operations.ioctl(file, FsConstants.BLKZEROOUT, user, this)).isEqualTo(-Errno.EINVAL);
    range(1 << 19, 1 << 20);
    assertThat(operations.ioctl(file, FsConstants.BLKDISCARD, user, this)).isEqualTo(-Errno.EINVAL);
    range(0, 4096);
    driver.forget();
    assertThat(operations.ioctl(file, FsConstants.BLKDISCARD, user, this)).isZero();
    assertThat(driver.trace()).containsExactly("DISCARD 0+8");
    memory.writeInt(user, 1024);
    assertThat(operations.ioctl(file, FsConstants.BLKBSZSET, user, this)).isZero();
    assertThat(disk.blockBits()).isEqualTo(10);
    memory.writeInt(user, 1000);
    assertThat(operations.ioctl(file, FsConstants.BLKBSZSET, user, this)).isEqualTo(-Errno.EINVAL);
    memory.writeInt(user, 1);
    assertThat(operations.ioctl(file, FsConstants.BLKROSET, user, this)).isZero();
    assertThat(disk.isReadOnly()).isTrue();
    assertThat(operations.ioctl(file, 0x1234, user, this)).isEqualTo(-Errno.ENOTTY);
    cred = Cred.of(1000, 1000);
    assertThat(operations.ioctl(file, FsConstants.BLKFLSBUF, 0, this)).isEqualTo(-Errno.EACCES);
    file.put();
  }

  private void range(long start, long length) {
    memory.writeLong(user, start);
    memory.writeLong(user + 8, length);
  }

  @ParameterizedTest
  @CsvSource({
    "100, SEEK_SET, 100",
    "-1, SEEK_SET, -22",
    "0, SEEK_END, 1048576",
    "1, SEEK_END, -22",
    "-6, SEEK_END, 1048570",
    "10, SEEK_CUR, 10",
    "0, SEEK_DATA, -22",
  })
  void seeksStayOnTheDisk(long offset, String whence, long result) throws Exception {
    File file = open(Fcntl.O_RDONLY);
    int how = FsConstants.class.getField(whence).getInt(null);
    assertThat(file.operations().llseek(file, offset, how)).isEqualTo(result);
    file.put();
  }

  @Test
  void anExclusiveOpenKeepsOthersThatClaimOut() {
    File file = open(Fcntl.O_RDWR | Fcntl.O_EXCL);
    assertThat(disk.claim("mount")).isEqualTo(-Errno.EBUSY);
    file.put();
    assertThat(disk.claim("mount")).isZero();
  }

  @Override
  public Cred cred() {
    return cred;
  }

  @Override
  public FsStruct fs() {
    throw new AssertionError("no paths in this test");
  }

  @Override
  public FilesStruct files() {
    throw new AssertionError("no descriptors in this test");
  }

  @Override
  public UserMemory memory() {
    return memory;
  }

  @Override
  public long rlimit(int resource) {
    return -1;
  }

  @Override
  public void sendSignal(int signal) {
    throw new AssertionError("no signals in this test");
  }

  @Override
  public int pid() {
    return 1;
  }

  @Override
  public boolean signalPending() {
    return false;
  }
}
