package dev.svc0.cli;

import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.abi.StatConstants;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes disk images and works on the files in them. */
@Command(
    name = "image",
    description = "Make disk images, and list, read and change the files in them; no root needed.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {CommandLine.HelpCommand.class},
    footer = {
      "",
      "Examples:",
      "  svc0 image create disk.img --size 64M",
      "  svc0 image put disk.img notes.txt /notes.txt",
      "  svc0 image ls disk.img /"
    })
final class ImageCommand implements Runnable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Missing command: what is to be done with the image?");
  }

  /** Does something with the files of an image, then writes it back and lets go. */
  private static void withFiles(Path image, boolean readOnly, FileAction action)
      throws IOException {
    MachineOptions options = new MachineOptions();
    options.images = List.of(image + ":/mnt" + (readOnly ? ":ro" : ""));
    try (Session session = new Session(options);
        GuestFiles files = new GuestFiles(session.machine())) {
      action.act(files);
    }
  }

  @FunctionalInterface
  private interface FileAction {
    void act(GuestFiles files) throws IOException;
  }

  private static String inside(String path) {
    return "/mnt" + (path.startsWith("/") ? "" : "/") + GuestTree.bytesOf(path);
  }

  @Command(description = "Make an image with an empty ext2 file system.")
  void create(
      @Parameters(paramLabel = "FILE") Path image,
      @Option(
              names = "--size",
              required = true,
              paramLabel = "SIZE",
              converter = ByteSize.Converter.class,
              description = "For example 64M or 2G.")
          ByteSize size,
      @Option(names = "--block-size", paramLabel = "BYTES", description = "1024, 2048 or 4096.")
          int blockSize,
      @Option(names = "--label", defaultValue = "", description = "Name of the volume.")
          String label,
      @Option(names = "--force", description = "Overwrite a file that is there.") boolean force)
      throws IOException {
    if (Files.exists(image) && !force) {
      throw new CommandException(1, image + " is there already; --force overwrites it");
    }
    Mke2fsOptions options = new Mke2fsOptions().label(label);
    try {
      if (blockSize != 0) {
        options.blockSize(blockSize);
      }
    } catch (IllegalArgumentException e) {
      throw new CommandException(2, e.getMessage());
    }
    try (FileChannel file =
        FileChannel.open(
            image,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      Mke2fs.format(file, size.bytes(), options);
    }
  }

  @Command(description = "List a folder.")
  void ls(
      @Parameters(paramLabel = "FILE") Path image,
      @Parameters(paramLabel = "PATH", defaultValue = "/") String path)
      throws IOException {
    withFiles(
        image,
        true,
        files -> {
          for (GuestFiles.Entry entry : files.list(inside(path))) {
            boolean folder = (entry.mode() & StatConstants.S_IFMT) == StatConstants.S_IFDIR;
            System.out.printf(
                Locale.ROOT,
                "%06o %12d %s %s%s%n",
                entry.mode(),
                entry.size(),
                TIME.format(Instant.ofEpochSecond(entry.mtime())),
                entry.name(),
                folder ? "/" : "");
          }
        });
  }

  @Command(description = "Print a file.")
  void cat(
      @Parameters(paramLabel = "FILE") Path image, @Parameters(paramLabel = "PATH") String path)
      throws IOException {
    OutputStream out = new BufferedOutputStream(System.out);
    withFiles(image, true, files -> files.read(inside(path), out));
    out.flush();
  }

  @Command(description = "Copy a file out of the image.")
  void get(
      @Parameters(paramLabel = "FILE") Path image,
      @Parameters(paramLabel = "PATH") String path,
      @Parameters(paramLabel = "HOST") Path host)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(host))) {
      withFiles(image, true, files -> files.read(inside(path), out));
    }
  }

  @Command(description = "Copy a file into the image.")
  void put(
      @Parameters(paramLabel = "FILE") Path image,
      @Parameters(paramLabel = "HOST") Path host,
      @Parameters(paramLabel = "PATH") String path)
      throws IOException {
    if (!Files.isRegularFile(host)) {
      throw new CommandException(1, "there is no file " + host);
    }
    int mode = Files.isExecutable(host) ? 0755 : 0644;
    try (InputStream in = Files.newInputStream(host)) {
      withFiles(image, false, files -> files.write(inside(path), in, mode));
    }
  }

  @Command(description = "Create a folder.")
  void mkdir(
      @Parameters(paramLabel = "FILE") Path image, @Parameters(paramLabel = "PATH") String path)
      throws IOException {
    withFiles(image, false, files -> files.makeFolder(inside(path)));
  }

  @Command(description = "Remove a file or an empty folder.")
  void rm(@Parameters(paramLabel = "FILE") Path image, @Parameters(paramLabel = "PATH") String path)
      throws IOException {
    withFiles(image, false, files -> files.remove(inside(path)));
  }
}
