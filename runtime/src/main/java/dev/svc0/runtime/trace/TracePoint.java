package dev.svc0.runtime.trace;

import dev.svc0.annotation.Traced;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * A known point of a layer, named and shaped as the kernel's tracepoint of the same name where
 * there is one. Made by the classes that are generated from {@link
 * dev.svc0.annotation.TracepointSet}; switched on by a {@link TraceSession}.
 *
 * <p>Off, it costs a read of one field. On, its fields go into the ring of the calling thread:
 * numbers in the slots of a record, texts behind them.
 */
public final class TracePoint {
  /** As a cause: the operation that the calling thread works for. */
  public static final long OF_THREAD = Long.MIN_VALUE;

  private static final List<TracePoint> ALL = new ArrayList<>();

  private final int id;
  private final String system;
  private final String pointName;
  private final Traced.Layer layer;
  private final String doc;
  private final List<TraceField> fields;
  private final Role role;

  /** Volatile and read directly: deep in hot code the compiler inlines nothing more than that. */
  private volatile boolean on;

  /** What a point says about the system call it happens in. */
  private enum Role {
    NONE,
    CALL_BEGINS,
    CALL_ENDS,
    FILE;

    static Role of(String system, String name) {
      return switch (system + ':' + name) {
        case "raw_syscalls:sys_enter" -> CALL_BEGINS;
        case "raw_syscalls:sys_exit" -> CALL_ENDS;
        case "vfs:vfs_open", "vfs:vfs_read", "vfs:vfs_write", "vfs:vfs_fsync" -> FILE;
        default -> NONE;
      };
    }
  }

  private TracePoint(
      int id,
      String system,
      String pointName,
      Traced.Layer layer,
      String doc,
      List<TraceField> fields) {
    this.id = id;
    this.system = system;
    this.pointName = pointName;
    this.layer = layer;
    this.doc = doc;
    this.fields = fields;
    this.role = Role.of(system, pointName);
  }

  /** For generated classes: a new point, switched on if a session that wants it is running. */
  public static TracePoint define(
      String system, String name, Traced.Layer layer, String doc, TraceField... fields) {
    synchronized (ALL) {
      TracePoint point = new TracePoint(ALL.size(), system, name, layer, doc, List.of(fields));
      ALL.add(point);
      TraceSession session = Tracer.active();
      point.set(session != null && session.wants(point));
      return point;
    }
  }

  /** All points, by system as they were defined; those of the modules on the class path too. */
  public static List<TracePoint> all() {
    ServiceLoader.load(TracePointProvider.class, TracePoint.class.getClassLoader())
        .forEach(TracePointProvider::points);
    return known();
  }

  /** The points of classes that have been used, by id. */
  static List<TracePoint> known() {
    synchronized (ALL) {
      return List.copyOf(ALL);
    }
  }

  /** The kernel's name of the tracepoint. */
  public String pointName() {
    return pointName;
  }

  /** The subsystem, for example {@code block}. */
  public String system() {
    return system;
  }

  /** The layer it belongs to. */
  public Traced.Layer layer() {
    return layer;
  }

  /** What has happened when it fires. */
  public String doc() {
    return doc;
  }

  /** What it records. */
  public List<TraceField> fields() {
    return fields;
  }

  /** A field by its name, or null. */
  public @Nullable TraceField field(String name) {
    for (TraceField field : fields) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }

  int id() {
    return id;
  }

  /** Whether a session wants it. */
  public boolean isOn() {
    return on;
  }

  void set(boolean wanted) {
    on = wanted;
  }

  /** It happens; for generated code. */
  public void record(long cause, long s0) {
    TraceRing ring = Tracer.ring();
    if (ring != null) {
      ring.point(id, cause, s0);
    }
  }

  /** The same with fields that need more than 64 bits. */
  public void record(long cause, long s0, long s1, long s2, long s3, long s4) {
    TraceRing ring = Tracer.ring();
    if (ring != null) {
      ring.point(id, cause, s0, s1, s2, s3, s4);
      if (role == Role.CALL_ENDS) {
        ring.endCall(s1);
      }
    }
  }

  /** The same with fields that need more than five times that. */
  public void recordLong(
      long cause,
      long s0,
      long s1,
      long s2,
      long s3,
      long s4,
      long s5,
      long s6,
      long s7,
      long s8,
      long s9) {
    TraceRing ring = Tracer.ring();
    if (ring != null) {
      if (role == Role.CALL_BEGINS) {
        ring.beginCall((int) s0, s1, s3);
      }
      ring.point(id, cause, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9);
    }
  }

  /** The same with texts, which are cut where they are too long for a record. */
  public void recordText(long cause, long s0, long s1, long s2, long s3, long s4, String... texts) {
    TraceRing ring = Tracer.ring();
    if (ring != null) {
      if (role == Role.FILE) {
        ring.callPath(texts[0]);
      }
      ring.point(id, cause, s0, s1, s2, s3, s4, TraceText.pack(texts));
    }
  }

  @Override
  public String toString() {
    return system + ':' + pointName;
  }
}
