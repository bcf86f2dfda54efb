package dev.svc0.cli;

import dev.svc0.cli.image.DebRoot;
import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a root image of Debian packages. */
@Command(
    name = "import-debs",
    description = {
      "Make a root image of Debian arm64 packages: of .deb files that are there, or fetched by this"
          + " machine's own apt into a state of its own."
    },
    footer = {
      "",
      "Examples:",
      "  svc0 image import-debs debian.img --fetch bash,coreutils,python3-minimal",
      "  svc0 image import-debs debian.img downloads/",
      "  svc0 run --root debian.img bash",
      "",
      "No script of a package runs. Done in their place: the links of a merged /usr, sh, alternatives",
      "such as awk, /etc/passwd, group, nsswitch.conf, profile, hosts and hostname, and dpkg's list of",
      "what is there. Not done: users of services, caches of fonts and certificates, ld.so.cache (the",
      "loader finds Debian's own folders without it).",
      "",
      "--fetch resolves what the packages depend on (nothing that is only recommended) and needs",
      "apt-get on this machine; its sources and keys are used, its packages stay as they are."
    })
final class ImageImportDebs implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "The image; made if it is not there.")
  Path image = Path.of("debian.img");

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "DEB|DIR",
      description = "Packages, or folders of packages.")
  List<Path> places = new ArrayList<>();

  @Option(
      names = "--fetch",
      split = ",",
      paramLabel = "PACKAGE",
      description = "Download these with apt, and all they depend on.")
  List<String> fetch = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where apt keeps lists and packages (default: ~/.cache/svc0/apt).")
  @Nullable Path state;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = "Of an image that is made (default: what the packages need, and room to work).")
  @Nullable ByteSize size;

  @Option(
      names = "--type",
      description =
          "Of an image that is made: ${COMPLETION-CANDIDATES} (default: ext4, whose journal brings it"
              + " in order after an end in the middle of work).")
  ImageCreate.@Nullable Type type;

  @Option(
      names = "--no-docs",
      negatable = false,
      description = "Leave out manuals, documents and translations.")
  boolean noDocs;

  @Option(names = "--json", description = "Print what was done as JSON.")
  boolean json;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (places.isEmpty() && fetch.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "Say which packages: files, a folder of them, or --fetch NAME,…");
    }
    List<Path> all = new ArrayList<>(places);
    if (!fetch.isEmpty()) {
      all.addAll(DebRoot.fetch(fetch, state != null ? state : defaultState()));
    }
    DebRoot root = DebRoot.of(all);
    if (!Files.exists(image)) {
      long bytes = size != null ? size.bytes() : root.roomBytes();
      Mke2fsOptions shape = (type != null ? type : ImageCreate.Type.ext4).options();
      Mke2fs.format(image, bytes, shape.blockSize(4096).label("debian"));
    } else if (size != null || type != null) {
      String option = size != null ? "--size" : "--type";
      throw new CommandException(1, image + " is there already, so " + option + " has no meaning");
    }
    try (ProgressBar bar = ProgressBar.start(root.archiveBytes())) {
      ImageMachine.change(image, files -> root.unpack(files, bar, noDocs));
    }
    if (json) {
      ImageCommand.print(
          Json.text(Json.object("packages", root.names(), "entries", root.entries())));
    } else {
      System.err.printf(
          "svc0: %d packages, %d files; now: svc0 run --root %s bash%n",
          root.names().size(), root.entries(), image);
    }
    return 0;
  }

  private static Path defaultState() {
    return KeptCode.usersCache().resolve("apt");
  }
}
