package dev.svc0.fs.pipe;

import com.google.auto.service.AutoService;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.SpecialFiles;
import dev.svc0.runtime.vfs.Vfs;
import dev.svc0.runtime.vfs.VfsModule;
import org.jspecify.annotations.Nullable;

/** Makes pipes for pipe2(2) and opens FIFOs. */
@AutoService(VfsModule.class)
public final class PipeModule implements VfsModule {
  @Override
  public void init(Vfs vfs) {
    vfs.specialFiles()
        .registerPipes(
            new SpecialFiles.Pipes() {
              @Override
              public long create(Caller caller, int flags, @Nullable File[] ends) {
                return createPipe(vfs, caller, flags, ends);
              }

              @Override
              public long peek(File pipe, Caller caller, long host, long bytes, boolean nonblock) {
                return PipeSplice.peek(pipe, caller, host, bytes, nonblock);
              }

              @Override
              public void consume(File pipe, long bytes) {
                PipeSplice.consume(pipe, bytes);
              }

              @Override
              public long room(File pipe, Caller caller, boolean nonblock) {
                return PipeSplice.room(pipe, caller, nonblock);
              }

              @Override
              public FileOperations fifoOperations() {
                return FifoFileOperations.INSTANCE;
              }
            });
  }

  /** <i>Linux:</i> create_pipe_files. */
  private static long createPipe(Vfs vfs, Caller caller, int flags, @Nullable File[] ends) {
    AnonymousFs fs = vfs.anonymous();
    int mode = StatConstants.S_IFIFO | 0600;
    Inode inode = fs.newInode(mode, FifoFileOperations.INSTANCE, caller.cred());
    Pipe pipe = new Pipe(vfs.frames());
    pipe.readers = 1;
    pipe.writers = 1;
    pipe.users = 2;
    pipe.readerOpens = 1;
    pipe.writerOpens = 1;
    inode.special = pipe;
    String name = "pipe:[" + inode.number() + "]";
    int kept = flags & (Fcntl.O_NONBLOCK | Fcntl.O_DIRECT);
    inode.hold(); // one for each end
    ends[0] =
        fs.newFile(
            inode, name, Fcntl.O_RDONLY | flags & Fcntl.O_NONBLOCK, endMode(false), caller.cred());
    ends[1] = fs.newFile(inode, name, Fcntl.O_WRONLY | kept, endMode(true), caller.cred());
    ends[0].privateData = pipe;
    ends[1].privateData = pipe;
    return 0;
  }

  private static int endMode(boolean writes) {
    int mode = File.FMODE_STREAM | File.FMODE_NOWAIT;
    return mode | (writes ? File.FMODE_WRITE : File.FMODE_READ);
  }
}
