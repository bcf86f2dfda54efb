package dev.svc0.processor.model;

import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.RoleKind;
import java.util.List;

/**
 * What a parameter means.
 *
 * @param kind which role
 * @param of the group of constants or the struct it names, or empty
 * @param access the direction, for user pointers
 * @param length the length in bytes as written: empty, a parameter, {@code *parameter}, {@code
 *     $result} or a number
 * @param count the number of structs as written
 * @param supported the flags that are accepted; empty accepts all
 */
public record Role(
    RoleKind kind,
    String of,
    UserPtr.Access access,
    String length,
    String count,
    List<String> supported) {
  /** A number without a role. */
  public static final Role PLAIN = of(RoleKind.PLAIN, "");

  /** A role that names a group, or nothing. */
  public static Role of(RoleKind kind, String of) {
    return new Role(kind, of, UserPtr.Access.IN, "", "", List.of());
  }

  /** Whether the parameter is an address in user memory. */
  public boolean isPointer() {
    return kind == RoleKind.USER_PTR || kind == RoleKind.C_STRING;
  }
}
