package dev.svc0.cli;

import dev.svc0.cli.image.TarExport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Packs a tree of an image. */
@Command(
    name = "export-tar",
    description = {
      "Pack a folder of an image as a tar archive (pax), with owners, permissions, times, links, device"
          + " nodes, extended attributes and holes."
    },
    footer = {
      "",
      "Examples:",
      "  svc0 image export-tar disk.img files.tar.gz",
      "  svc0 image export-tar disk.img - --from /etc | tar -t",
      "",
      "A name that ends in .gz, .tgz or .xz says how to compress. The same image gives the same bytes."
    })
final class ImageExportTar implements Callable<Integer> {
  private static final int BUFFER = 1 << 16;

  @Parameters(index = "0", paramLabel = "FILE", description = "The image.")
  Path image = Path.of("disk.img");

  @Parameters(
      index = "1",
      paramLabel = "TAR",
      description = "The archive to write, or - for standard output.")
  String archive = "-";

  @Option(
      names = "--from",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "The folder to pack (default: ${DEFAULT-VALUE}).")
  String from = "/";

  @Override
  public Integer call() throws IOException {
    boolean stdout = archive.equals("-");
    try (ProgressBar bar = ProgressBar.start(0)) {
      ImageMachine.read(
          image,
          files -> {
            String top = ImageCommand.inside(from);
            files.lstat(top); // before the archive is made
            try (OutputStream out =
                compressed(stdout ? new HostOutput(1) : Files.newOutputStream(Path.of(archive)))) {
              new TarExport(files, bar, sentence -> System.err.println("svc0: " + sentence))
                  .pack(top, out);
            }
          });
    }
    return 0;
  }

  private OutputStream compressed(OutputStream out) throws IOException {
    if (archive.endsWith(".gz") || archive.endsWith(".tgz")) {
      return new GZIPOutputStream(out, BUFFER);
    }
    if (archive.endsWith(".xz") || archive.endsWith(".txz")) {
      return new XZOutputStream(new BufferedOutputStream(out, BUFFER), new LZMA2Options());
    }
    return new BufferedOutputStream(out, BUFFER);
  }
}
