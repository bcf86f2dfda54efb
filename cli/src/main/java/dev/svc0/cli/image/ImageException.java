package dev.svc0.cli.image;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file in an image, an archive or a package is not as the command needs it. */
public final class ImageException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a sentence that names the file. */
  public ImageException(String message) {
    super(message);
  }

  /** With a sentence that names the file, and what a library said, for {@code --debug}. */
  public ImageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
