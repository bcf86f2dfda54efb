package dev.svc0.cli;

import dev.svc0.cli.image.FileStat;
import dev.svc0.cli.image.ImageException;
import dev.svc0.cli.image.ImageFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes disk images and works on the files in them. */
@Command(
    name = "image",
    description = "Make disk images, and list, read and change the files in them; no root needed.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ImageCreate.class,
      ImageInfo.class,
      ImageImportTar.class,
      ImageImportDebs.class,
      ImageExportTar.class,
      ImageCheckCommand.class,
    },
    footer = {
      "",
      "Examples:",
      "  svc0 image create disk.img --size 64M",
      "  svc0 image put disk.img notes.txt /notes.txt",
      "  svc0 image ls disk.img /",
      "  svc0 image import-tar disk.img backup.tar.xz --into /backup",
      "  svc0 image import-debs debian.img --fetch bash,coreutils",
      "  svc0 image check disk.img",
      "",
      "Symbolic links in an image lead where they would if a machine had started from it. FILE may be",
      "'-' for standard input or output where a host file is read or written.",
      "",
      "Exit status: 0 when it is done; 1 when a file is not there or not as it must be; 2 for a command",
      "line that makes no sense; 4 when check found errors; 125 when svc0 itself failed."
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

  /** A path inside an image, from the command line. */
  static String inside(String path) {
    return (path.startsWith("/") ? "" : "/") + GuestTree.bytesOf(path);
  }

  /** Writes text to standard output as it is. */
  static void print(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }

  @Command(
      description = "List a folder.",
      footer = {
        "",
        "Examples:",
        "  svc0 image ls disk.img /etc",
        "  svc0 image ls --json disk.img"
      })
  void ls(
      @Parameters(paramLabel = "FILE", description = "The image.") Path image,
      @Parameters(
              paramLabel = "PATH",
              defaultValue = "/",
              description = "What to list (default: ${DEFAULT-VALUE}).")
          String path,
      @Option(names = "--json", description = "Print JSON.") boolean json)
      throws IOException {
    ImageMachine.read(
        image,
        files -> {
          String top = inside(path);
          List<Map<String, @Nullable Object>> all = new ArrayList<>();
          StringBuilder text = new StringBuilder();
          for (String name : files.lstat(top).isFolder() ? files.list(top) : List.of("")) {
            String below = name.isEmpty() ? top : ImageFiles.join(top, name);
            FileStat stat = files.lstat(below);
            String shown = ImageFiles.display(name.isEmpty() ? top : name);
            String target = stat.isLink() ? ImageFiles.display(files.readLink(below)) : null;
            all.add(describe(shown, stat, target));
            text.append(line(shown, stat, target));
          }
          print(json ? Json.text(all) : text.toString());
        });
  }

  private static Map<String, @Nullable Object> describe(
      String name, FileStat stat, @Nullable String target) {
    Map<String, @Nullable Object> result =
        Json.object(
            "name", name,
            "inode", stat.inode(),
            "mode", String.format("%06o", stat.mode()),
            "links", stat.links(),
            "uid", stat.uid(),
            "gid", stat.gid(),
            "size", stat.size(),
            "blocks512", stat.blocks512(),
            "mtime", Instant.ofEpochSecond(stat.mtimeSeconds(), stat.mtimeNanos()).toString());
    if (target != null) {
      result.put("target", target);
    }
    if (stat.isDevice()) {
      result.put("major", stat.major());
      result.put("minor", stat.minor());
    }
    return result;
  }

  private static String line(String name, FileStat stat, @Nullable String target) {
    return String.format(
        Locale.ROOT,
        "%s %3d %5d %5d %12s %s %s%s%n",
        stat.modeText(),
        stat.links(),
        stat.uid(),
        stat.gid(),
        stat.isDevice() ? stat.major() + ", " + stat.minor() : Long.toString(stat.size()),
        TIME.format(Instant.ofEpochSecond(stat.mtimeSeconds())),
        name,
        target != null ? " -> " + target : "");
  }

  @Command(description = "Print a file.")
  void cat(
      @Parameters(paramLabel = "FILE", description = "The image.") Path image,
      @Parameters(paramLabel = "PATH", description = "The file in it.") String path)
      throws IOException {
    OutputStream out = new BufferedOutputStream(new HostOutput(1));
    ImageMachine.read(image, files -> files.read(inside(path), out));
    out.flush();
  }

  @Command(description = "Copy a file out of the image.")
  void get(
      @Parameters(paramLabel = "FILE", description = "The image.") Path image,
      @Parameters(paramLabel = "PATH", description = "The file in it.") String path,
      @Parameters(paramLabel = "HOST", description = "Where to, or - for standard output.")
          String host)
      throws IOException {
    if (host.equals("-")) {
      cat(image, path);
      return;
    }
    ImageMachine.read(
        image,
        files -> {
          String from = inside(path);
          if (files.lstat(from).isFolder()) {
            throw new ImageException(path + ": it is a folder; export-tar packs a whole one");
          }
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(host)))) {
            files.read(from, out);
          }
        });
  }

  @Command(description = "Copy a file into the image.")
  void put(
      @Parameters(paramLabel = "FILE", description = "The image.") Path image,
      @Parameters(paramLabel = "HOST", description = "What to copy, or - for standard input.")
          String host,
      @Parameters(paramLabel = "PATH", description = "Where to; a folder keeps the name.")
          String path)
      throws IOException {
    Path file = Path.of(host);
    if (!host.equals("-") && !Files.isRegularFile(file)) {
      throw new CommandException(1, "there is no file " + host);
    }
    int mode = !host.equals("-") && Files.isExecutable(file) ? 0755 : 0644;
    try (InputStream in = host.equals("-") ? System.in : Files.newInputStream(file)) {
      ImageMachine.change(
          image,
          files -> {
            String to = inside(path);
            boolean folder = path.endsWith("/") || files.isFolder(to);
            files.write(
                folder && !host.equals("-")
                    ? ImageFiles.join(to, GuestTree.bytesOf(file.getFileName().toString()))
                    : to,
                in,
                mode);
          });
    }
  }

  @Command(description = "Create a folder.")
  void mkdir(
      @Parameters(paramLabel = "FILE", description = "The image.") Path image,
      @Parameters(paramLabel = "PATH", description = "The folder.") String path,
      @Option(
              names = {"-p", "--parents"},
              description = "Also those above it; no error when it is there.")
          boolean parents)
      throws IOException {
    ImageMachine.change(
        image,
        files -> {
          if (parents) {
            files.makeFolders(inside(path));
          } else {
            files.makeFolder(inside(path), 0755);
          }
        });
  }

  @Command(description = "Remove a file or an empty folder.")
  void rm(
      @Parameters(paramLabel = "FILE", description = "The image.") Path image,
      @Parameters(paramLabel = "PATH", description = "What to remove.") String path,
      @Option(
              names = {"-r", "--recursive"},
              description = "A folder with everything in it.")
          boolean recursive)
      throws IOException {
    ImageMachine.change(
        image,
        files -> {
          if (recursive) {
            files.removeTree(inside(path));
          } else {
            files.remove(inside(path));
          }
        });
  }
}
