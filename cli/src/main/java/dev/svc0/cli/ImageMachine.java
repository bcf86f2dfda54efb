package dev.svc0.cli;

import dev.svc0.arm64.machine.Arm64Machine;
import dev.svc0.cli.image.ImageFiles;
import dev.svc0.runtime.task.KernelOptions;
import dev.svc0.runtime.vfs.MountException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A machine whose root is a disk image, for work on its files: links lead where they would lead if
 * the machine had started from it. Nothing else is mounted.
 */
final class ImageMachine implements AutoCloseable {
  private final Arm64Machine machine;
  private final Thread emergency = new Thread(this::closeMachine, "svc0-shutdown");

  private ImageMachine(Arm64Machine machine) {
    this.machine = machine;
    Runtime.getRuntime().addShutdownHook(emergency);
  }

  /** Does something with the files of an image, then writes it back and lets go. */
  @FunctionalInterface
  interface Action {
    void act(ImageFiles files) throws IOException;
  }

  /** For reading only. */
  static void read(Path image, Action action) throws IOException {
    with(image + ":ro", action);
  }

  /** For reading and writing. */
  static void change(Path image, Action action) throws IOException {
    with(image.toString(), action);
  }

  private static void with(String place, Action action) throws IOException {
    try (ImageMachine booted = boot(place);
        ImageFiles files = new ImageFiles(booted.machine)) {
      action.act(files);
    }
  }

  private static ImageMachine boot(String place) {
    try {
      return new ImageMachine(
          new Arm64Machine(
              KernelOptions.defaults(), vfs -> new GuestTree(vfs).mountRootImage(place)));
    } catch (MountException e) {
      throw new CommandException(CommandException.FAILED, e.getMessage());
    }
  }

  private synchronized void closeMachine() {
    machine.close();
  }

  @Override
  public void close() {
    closeMachine();
    try {
      Runtime.getRuntime().removeShutdownHook(emergency);
    } catch (IllegalStateException alreadyShuttingDown) {
      return; // the hook itself runs: it waits for this very close
    }
  }
}
