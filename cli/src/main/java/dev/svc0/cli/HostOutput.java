package dev.svc0.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;

/** Standard output or error of this process, byte for byte, without a buffer in between. */
final class HostOutput extends FileOutputStream {
  /** Of descriptor 1 or 2. */
  HostOutput(int descriptor) {
    super(descriptor == 1 ? FileDescriptor.out : FileDescriptor.err);
  }
}
