package dev.svc0.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * Where the JVM begins. Names nothing of the library that reads command lines, so that {@code svc0
 * run} does not even load it.
 */
public final class Main {
  private Main() {}

  /** Runs the command and ends the JVM with its exit status. */
  public static void main(String[] arguments) throws IOException {
    Locale.setDefault(Locale.ROOT);
    OwnServices.use();
    QuickRun quick = QuickRun.parse(arguments);
    int status;
    if (quick != null) {
      status = run(quick);
    } else if (arguments.length == 2 && arguments[0].equals("warm-up")) {
      status = WarmUp.run(arguments[1]);
    } else if (arguments.length == 1 && List.of("--version", "-V").contains(arguments[0])) {
      System.out.println(version());
      status = 0;
    } else {
      status = Svc0.run(arguments);
    }
    System.out.flush();
    Runtime.getRuntime().halt(status);
  }

  /** The version that the build wrote into the jar. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return "svc0 " + (version == null ? "(not packaged)" : version);
  }

  private static int run(QuickRun quick) {
    try {
      return quick.run();
    } catch (Exception | Error e) {
      return Failure.report(e, new PrintWriter(System.err, true));
    }
  }
}
