package dev.svc0.cli;

import dev.svc0.cli.image.TarImport;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Unpacks an archive into an image. */
@Command(
    name = "import-tar",
    description = {
      "Unpack a tar archive (plain, gzip, xz, zstd or bzip2) into an image, with owners, permissions,"
          + " times, links, device nodes, extended attributes and holes."
    },
    footer = {
      "",
      "Examples:",
      "  svc0 image import-tar disk.img files.tar.gz",
      "  tar -c folder | svc0 image import-tar disk.img - --into /backup",
      "",
      "What is there is replaced, except folders. A name with '..' in it is refused."
    })
final class ImageImportTar implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "The image.")
  Path image = Path.of("disk.img");

  @Parameters(
      index = "1",
      paramLabel = "TAR",
      description = "The archive, or - for standard input.")
  String archive = "-";

  @Option(
      names = "--into",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "The folder to unpack into (default: ${DEFAULT-VALUE}).")
  String into = "/";

  @Option(names = "--json", description = "Print what was done as JSON.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    boolean stdin = archive.equals("-");
    Path file = Path.of(archive);
    if (!stdin && !Files.isRegularFile(file)) {
      throw new CommandException(1, "there is no archive " + archive);
    }
    long[] done = new long[2];
    try (ProgressBar bar = ProgressBar.start(stdin ? 0 : Files.size(file));
        InputStream in = stdin ? System.in : Files.newInputStream(file)) {
      ImageMachine.change(
          image,
          files -> {
            String name = stdin ? "standard input" : archive;
            TarImport tar = new TarImport(name, files, (bytes, what) -> bar.step(0, what));
            tar.unpack(new Counted(in, bar), ImageCommand.inside(into));
            done[0] = tar.entries();
            done[1] = tar.bytes();
          });
    }
    if (json) {
      ImageCommand.print(Json.text(Json.object("entries", done[0], "bytes", done[1])));
    }
    return 0;
  }

  /** Moves the bar with every part of the archive that is read. */
  private static final class Counted extends FilterInputStream {
    private final ProgressBar bar;

    Counted(InputStream in, ProgressBar bar) {
      super(in);
      this.bar = bar;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int got = super.read(to, offset, length);
      bar.step(Math.max(0, got), "");
      return got;
    }
  }
}
