package dev.svc0.annotation.index;

/** What a parameter means, one constant a role annotation. */
public enum RoleKind {
  /** A number without a role. */
  PLAIN,
  /** {@link dev.svc0.annotation.Fd}. */
  FD,
  /** {@link dev.svc0.annotation.CString}. */
  C_STRING,
  /** {@link dev.svc0.annotation.UserPtr}. */
  USER_PTR,
  /** {@link dev.svc0.annotation.Flags}. */
  FLAGS,
  /** {@link dev.svc0.annotation.EnumOf}. */
  ENUM,
  /** {@link dev.svc0.annotation.Mode}. */
  MODE,
  /** {@link dev.svc0.annotation.Pid}. */
  PID,
  /** {@link dev.svc0.annotation.SignalNr}. */
  SIGNAL,
  /** {@link dev.svc0.annotation.Offset}. */
  OFFSET,
  /** {@link dev.svc0.annotation.Size}. */
  SIZE
}
