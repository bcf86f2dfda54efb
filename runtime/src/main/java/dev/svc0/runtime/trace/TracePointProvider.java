package dev.svc0.runtime.trace;

import java.util.List;

/** Gives the tracepoints of a subsystem; generated, and found through {@code ServiceLoader}. */
public interface TracePointProvider {
  /** All of them, in the order they are defined in. */
  List<TracePoint> points();
}
