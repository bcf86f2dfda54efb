package dev.svc0.cli;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.svc0.runtime.trace.TraceAgent;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Gives this JVM the means to weave advice into its own classes, when they are needed: a JVM that
 * starts with an agent needs twice the time of one without. The launcher allows it.
 */
final class SelfAttach {
  private SelfAttach() {}

  /** Loads the agent unless it is there. */
  static synchronized void ensure() {
    if (TraceAgent.instrumentation() != null) {
      return;
    }
    try {
      VirtualMachine self = VirtualMachine.attach(Long.toString(ProcessHandle.current().pid()));
      try {
        self.loadAgent(jar().toString());
      } finally {
        self.detach();
      }
    } catch (IOException | AttachNotSupportedException e) {
      throw cannot(String.valueOf(e.getMessage()));
    } catch (com.sun.tools.attach.AgentLoadException
        | com.sun.tools.attach.AgentInitializationException e) {
      throw cannot(e.toString());
    }
  }

  private static CommandException cannot(String why) {
    return new CommandException(
        CommandException.FAILED,
        "functions cannot be traced in this JVM ("
            + why
            + "): start svc0 with its launcher, or java with -javaagent:svc0.jar");
  }

  /** The jar that this class comes from; its manifest names the agent. */
  private static Path jar() {
    try {
      return Path.of(SelfAttach.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
