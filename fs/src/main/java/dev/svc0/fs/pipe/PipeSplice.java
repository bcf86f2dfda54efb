package dev.svc0.fs.pipe;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;

/** A pipe as one side of a splice. <i>Linux:</i> ipipe_prep, opipe_prep. */
final class PipeSplice {
  private PipeSplice() {}

  static long peek(File file, Caller caller, long host, long bytes, boolean nonblock) {
    Pipe pipe = PipeFileOperations.pipeOf(file);
    while (true) {
      pipe.lock.lock();
      try {
        if (!pipe.isEmpty()) {
          return pipe.peek(host, bytes);
        }
        if (pipe.writers == 0) {
          return 0;
        }
      } finally {
        pipe.lock.unlock();
      }
      if (nonblock) {
        return -Errno.EAGAIN;
      }
      long waited =
          pipe.readWait.waitEvent(
              caller, () -> !pipe.isEmpty() || pipe.writers == 0, WaitQueue.NO_DEADLINE);
      if (waited != 0) {
        return waited;
      }
    }
  }

  static void consume(File file, long bytes) {
    Pipe pipe = PipeFileOperations.pipeOf(file);
    pipe.lock.lock();
    try {
      pipe.consume(bytes);
    } finally {
      pipe.lock.unlock();
    }
    pipe.writeWait.wakeUp();
  }

  static long room(File file, Caller caller, boolean nonblock) {
    Pipe pipe = PipeFileOperations.pipeOf(file);
    while (true) {
      pipe.lock.lock();
      try {
        if (pipe.readers == 0) {
          caller.sendSignal(Signals.SIGPIPE);
          return -Errno.EPIPE;
        }
        if (!pipe.isFull()) {
          return pipe.room();
        }
      } finally {
        pipe.lock.unlock();
      }
      if (nonblock) {
        return -Errno.EAGAIN;
      }
      long waited =
          pipe.writeWait.waitEvent(
              caller, () -> !pipe.isFull() || pipe.readers == 0, WaitQueue.NO_DEADLINE);
      if (waited != 0) {
        return waited;
      }
    }
  }
}
