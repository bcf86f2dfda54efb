package dev.svc0.cli;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;

/**
 * Finds svc0's own file systems, drivers and binary formats in the list that the build wrote into
 * the command's jar. Without it the JVM would open every library to look for more, which costs a
 * tenth of a short run.
 */
final class OwnServices extends ClassLoader {
  private static final String SERVICES = "META-INF/services/";
  private static final String LISTS = "META-INF/svc0/services/";

  private OwnServices(ClassLoader parent) {
    super(parent);
  }

  /** Lets the calling thread look there first. */
  static void use() {
    Thread.currentThread().setContextClassLoader(new OwnServices(Main.class.getClassLoader()));
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    if (name.startsWith(SERVICES + "dev.svc0.")) {
      // The command's jar is the first of the class path: nothing else is opened to find it there.
      URL list = getParent().getResource(LISTS + name.substring(SERVICES.length()));
      if (list != null) {
        return Collections.enumeration(Collections.singleton(list));
      }
    }
    return super.getResources(name);
  }
}
