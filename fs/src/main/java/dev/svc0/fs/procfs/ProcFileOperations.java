package dev.svc0.fs.procfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.DirContext;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Open nodes of /proc: a text is made when it is read from the start, and kept until the next time.
 */
final class ProcFileOperations implements FileOperations {
  static final ProcFileOperations INSTANCE = new ProcFileOperations();

  private static final int MAX_WRITE = 4096;

  private ProcFileOperations() {}

  private static ProcNode nodeOf(File file) {
    return ((ProcInode) file.inode()).node;
  }

  @Override
  public int supplies() {
    return READ | WRITE;
  }

  @Override
  public long open(Inode inode, File file, Caller caller) {
    ProcNode node = ((ProcInode) inode).node;
    boolean writes = file.hasMode(File.FMODE_WRITE);
    boolean writable = node instanceof ProcNode.Text text && text.writer() != null;
    return writes && !writable ? -Errno.EACCES : 0;
  }

  @Override
  public long read(Kiocb kiocb, long userBuffer, long bytes) {
    if (!(nodeOf(kiocb.file) instanceof ProcNode.Text text)) {
      return -Errno.EISDIR;
    }
    byte[] content = contentOf(kiocb, text);
    long left = content.length - kiocb.position;
    int count = (int) Math.min(bytes, Math.max(left, 0));
    if (count == 0) {
      return 0;
    }
    int from = (int) kiocb.position;
    int missing = kiocb.caller.memory().copyToUser(userBuffer, content, from, count);
    int copied = count - missing;
    kiocb.position += copied;
    return copied == 0 ? -Errno.EFAULT : copied;
  }

  private static byte[] contentOf(Kiocb kiocb, ProcNode.Text text) {
    File file = kiocb.file;
    if (kiocb.position != 0 && file.privateData instanceof byte[] kept) {
      return kept;
    }
    byte[] content = text.content().apply(kiocb.caller).getBytes(StandardCharsets.ISO_8859_1);
    file.privateData = content;
    return content;
  }

  @Override
  public long write(Kiocb kiocb, long userBuffer, long bytes) {
    if (!(nodeOf(kiocb.file) instanceof ProcNode.Text text)) {
      return -Errno.EISDIR;
    }
    ProcNode.Writer writer = text.writer();
    if (writer == null) {
      return -Errno.EIO;
    }
    int count = (int) Math.min(bytes, MAX_WRITE);
    byte[] content = kiocb.caller.memory().readBytes(userBuffer, count);
    long result = writer.write(new String(content, StandardCharsets.ISO_8859_1), kiocb.caller);
    if (result != 0) {
      return result;
    }
    kiocb.position += bytes;
    return bytes;
  }

  @Override
  public long llseek(File file, long offset, int whence) {
    long target =
        switch (whence) {
          case FsConstants.SEEK_SET -> offset;
          case FsConstants.SEEK_CUR -> file.position + offset;
          default -> -1;
        };
    if (target < 0) {
      return -Errno.EINVAL;
    }
    file.position = target;
    return target;
  }

  @Override
  public long iterate(File file, DirContext context) {
    if (!(nodeOf(file) instanceof ProcNode.Directory directory)) {
      return -Errno.ENOTDIR;
    }
    long own = file.inode().number();
    if (context.position == 0 && !context.emit(".", 1, own, StatConstants.DT_DIR)) {
      return 0;
    }
    if (context.position == 1 && !context.emit("..", 2, own, StatConstants.DT_DIR)) {
      return 0;
    }
    List<ProcNode.Entry> entries = directory.list().get();
    for (long at = context.position; at - 2 < entries.size(); at++) {
      ProcNode.Entry entry = entries.get((int) (at - 2));
      int type = entry.node().mode() >>> 12 & 15;
      if (!context.emit(entry.name(), at + 1, own + at, type)) {
        return 0;
      }
    }
    return 0;
  }
}
