package dev.svc0.cli;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.svc0.runtime.trace.TraceAgent;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Gives this JVM the means to weave advice into its own classes, when they are needed: a JVM that
 * starts with an agent needs twice the time of one without. The launcher allows it. And the same
 * for another process of svc0.
 */
final class AgentLoader {
  private AgentLoader() {}

  /** Loads the agent unless it is there. */
  static synchronized void ensure() {
    if (TraceAgent.instrumentation() != null) {
      return;
    }
    try {
      load(ProcessHandle.current().pid(), "");
    } catch (IOException e) {
      throw new CommandException(
          CommandException.FAILED,
          "functions cannot be traced in this JVM ("
              + e.getMessage()
              + "): start svc0 with its launcher, or java with -javaagent:svc0.jar");
    }
  }

  /** Loads the agent into a process of svc0. */
  static void load(long pid, String arguments) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        machine.loadAgent(jar().toString(), arguments);
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException
        | com.sun.tools.attach.AgentLoadException
        | com.sun.tools.attach.AgentInitializationException e) {
      throw new IOException(e);
    }
  }

  /** The jar that this class comes from; its manifest names the agent. */
  private static Path jar() {
    try {
      return Path.of(AgentLoader.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
