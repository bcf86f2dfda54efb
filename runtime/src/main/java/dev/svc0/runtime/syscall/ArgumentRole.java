package dev.svc0.runtime.syscall;

import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.LengthKind;
import dev.svc0.annotation.index.RoleKind;

/**
 * What an argument means, as its handler's annotations say.
 *
 * @param kind which role
 * @param of the group of constants, or the struct, that it names; or empty
 * @param access the direction of a user pointer
 * @param length how many bytes a user pointer leads to
 * @param count how many structs
 */
public record ArgumentRole(
    RoleKind kind, String of, UserPtr.Access access, Length length, Length count) {
  /** A number that means nothing in particular. */
  public static final ArgumentRole PLAIN = of(RoleKind.PLAIN);

  /**
   * A length.
   *
   * @param kind where it comes from
   * @param value the constant, or the index of the argument
   */
  public record Length(LengthKind kind, int value) {
    /** Not known. */
    public static final Length NONE = new Length(LengthKind.NONE, 0);
  }

  /** A role that names nothing. */
  public static ArgumentRole of(RoleKind kind) {
    return of(kind, "");
  }

  /** A role that names a group of constants. */
  public static ArgumentRole of(RoleKind kind, String group) {
    return new ArgumentRole(kind, group, UserPtr.Access.IN, Length.NONE, Length.NONE);
  }

  /** A user pointer; {@code struct} is empty for plain bytes. */
  public static ArgumentRole pointer(
      UserPtr.Access access, String struct, Length length, Length count) {
    return new ArgumentRole(RoleKind.USER_PTR, struct, access, length, count);
  }

  /** Whether the argument is an address in user memory. */
  public boolean isPointer() {
    return kind == RoleKind.USER_PTR || kind == RoleKind.C_STRING;
  }
}
