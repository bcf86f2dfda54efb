package dev.svc0.runtime.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Files of the host, and whose they are. */
public final class HostFiles {
  private HostFiles() {}

  /** Whether a file is there and belongs to the user of this process; a link is not followed. */
  public static boolean isMine(Path file) {
    try {
      Object owner = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      return owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      return false; // not there, or gone meanwhile
    }
  }
}
