package dev.svc0.processor.parse;

import dev.svc0.annotation.index.SyscallIndex;
import dev.svc0.processor.model.Handler;
import dev.svc0.processor.model.Parameter;
import dev.svc0.processor.model.Role;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.PackageElement;
import javax.lang.model.util.Elements;

/** Reads the indexes on the class path, from jars and folders alike. */
public final class IndexReader {
  private IndexReader() {}

  /** Every handler that some module on the class path has indexed. */
  public static List<Handler> read(Elements elements) {
    List<Handler> handlers = new ArrayList<>();
    PackageElement index = elements.getPackageElement(SyscallIndex.PACKAGE);
    if (index != null) {
      for (Element marker : index.getEnclosedElements()) {
        SyscallIndex found = marker.getAnnotation(SyscallIndex.class);
        // A class that an incremental build has left behind indexes nothing.
        if (found != null && elements.getTypeElement(found.handlers()) != null) {
          for (SyscallIndex.Call call : found.calls()) {
            handlers.add(handler(found.handlers(), call));
          }
        }
      }
    }
    return handlers;
  }

  private static Handler handler(String owner, SyscallIndex.Call call) {
    List<Parameter> parameters = new ArrayList<>();
    for (SyscallIndex.Parameter parameter : call.parameters()) {
      Role role =
          new Role(
              parameter.role(),
              parameter.of(),
              parameter.access(),
              parameter.length(),
              parameter.count(),
              List.of(parameter.supported()));
      parameters.add(new Parameter(parameter.name(), parameter.type(), role));
    }
    return new Handler(
        call.nr(),
        call.name(),
        owner,
        call.method(),
        call.support(),
        call.note(),
        call.since(),
        List.of(call.errors()),
        call.restart(),
        List.copyOf(parameters));
  }
}
