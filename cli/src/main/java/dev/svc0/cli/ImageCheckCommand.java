package dev.svc0.cli;

import dev.svc0.fs.fsck.CheckReport;
import dev.svc0.fs.fsck.ImageCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks an image for contradictions. */
@Command(
    name = "check",
    description = {
      "Check whether a file system contradicts itself: bitmaps against references, link counts, names,"
          + " checksums. Nothing is changed."
    },
    footer = {
      "",
      "Examples:",
      "  svc0 image check disk.img",
      "  svc0 image check --json disk.img",
      "",
      "Exit status: 0 when it is clean, 4 when it has errors, as e2fsck -fn gives it."
    })
final class ImageCheckCommand implements Callable<Integer> {
  private static final int ERRORS = 4;

  @Parameters(paramLabel = "FILE", description = "The image.")
  Path image = Path.of("disk.img");

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(image)) {
      throw new CommandException(CommandException.WRONG_FILE, "there is no image " + image);
    }
    CheckReport report = ImageCheck.check(image);
    if (json) {
      ImageCommand.print(
          Json.text(
              Json.object(
                  "clean", report.isClean(),
                  "problems", report.problems(),
                  "notes", report.notes(),
                  "inodes_used", report.inodesUsed(),
                  "inodes", report.inodes(),
                  "blocks_used", report.blocksUsed(),
                  "blocks", report.blocks())));
    } else {
      StringBuilder text = new StringBuilder();
      report.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
      report.problems().forEach(problem -> text.append(problem).append('\n'));
      text.append(
          String.format(
              "%s: %s; %d of %d inodes and %d of %d blocks in use%n",
              image,
              report.isClean() ? "clean" : report.problems().size() + " errors",
              report.inodesUsed(),
              report.inodes(),
              report.blocksUsed(),
              report.blocks()));
      ImageCommand.print(text.toString());
    }
    return report.isClean() ? 0 : ERRORS;
  }
}
