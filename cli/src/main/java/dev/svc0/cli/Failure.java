package dev.svc0.cli;

import dev.svc0.cli.image.ImageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a user is told when a command could not do its work. */
final class Failure {
  private Failure() {}

  /** Says in one sentence what went wrong; the exit status for it. */
  static int report(Throwable error, PrintWriter err) {
    String message = error.getMessage();
    int status = CommandException.FAILED;
    if (error instanceof CommandException known) {
      status = known.exitStatus();
    } else if (error instanceof ImageException) {
      status = CommandException.WRONG_FILE;
    } else if (error instanceof FileSystemException file) {
      message = sentence(file);
      status = CommandException.WRONG_FILE;
    } else if (!(error instanceof IOException) || message == null) {
      message = "internal error, please report it with --debug: " + error;
    }
    err.println("svc0: " + message);
    err.flush();
    return status;
  }

  /** What is wrong with a file of this machine. */
  private static String sentence(FileSystemException error) {
    String reason =
        switch (error) {
          case NoSuchFileException e -> "there is no such file or folder";
          case AccessDeniedException e -> "permission denied";
          case FileAlreadyExistsException e -> "there is one already";
          default -> error.getReason() == null ? error.toString() : error.getReason();
        };
    return error.getFile() + ": " + reason;
  }
}
