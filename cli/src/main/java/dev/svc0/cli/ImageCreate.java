package dev.svc0.cli;

import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an empty file system in a file. */
@Command(
    name = "create",
    description = "Make an image with an empty file system, ext4 unless told otherwise.",
    footer = {
      "",
      "Examples:",
      "  svc0 image create disk.img --size 64M",
      "  svc0 image create disk.img --size 1G --block-size 4096 --label data",
      "  svc0 image create small.img --size 8M --type ext2"
    })
final class ImageCreate implements Callable<Integer> {
  /** What can be made, by the names that people type. */
  enum Type {
    ext2,
    ext4;

    /** The options that make it. */
    Mke2fsOptions options() {
      Mke2fsOptions options = new Mke2fsOptions();
      if (this == ext4) {
        options.ext4();
      }
      return options;
    }
  }

  @Parameters(paramLabel = "FILE", description = "The image.")
  Path image = Path.of("disk.img");

  @Option(
      names = "--size",
      required = true,
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = "For example 64M or 2G; the file takes room only as it fills.")
  ByteSize size = new ByteSize(0);

  @Option(
      names = "--type",
      defaultValue = "ext4",
      description =
          "${COMPLETION-CANDIDATES}, with the features that mke2fs -t gives them"
              + " (default: ${DEFAULT-VALUE}).")
  Type type = Type.ext4;

  @Option(names = "--block-size", paramLabel = "BYTES", description = "1024, 2048 or 4096.")
  int blockSize;

  @Option(names = "--label", defaultValue = "", description = "Name of the volume.")
  String label = "";

  @Option(names = "--force", description = "Overwrite a file that is there.")
  boolean force;

  @Override
  public Integer call() throws IOException {
    if (Files.exists(image) && !force) {
      throw new CommandException(1, image + " is there already; --force overwrites it");
    }
    Mke2fsOptions options = type.options();
    try {
      options.label(GuestTree.bytesOf(label));
      if (blockSize != 0) {
        options.blockSize(blockSize);
      }
    } catch (IllegalArgumentException e) {
      throw new CommandException(2, e.getMessage());
    }
    Mke2fs.format(image, size.bytes(), options);
    return 0;
  }
}
