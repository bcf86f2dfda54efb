package dev.svc0.processor.diag;

/** The stable name of each error. */
public enum Tag {
  /** The handler is an instance method. */
  NOT_STATIC("syscall-not-static"),
  /** The handler, or a class around it, is not public. */
  NOT_PUBLIC("syscall-not-public"),
  /** The handler does not return {@code long}. */
  RETURN_TYPE("syscall-return-type"),
  /** The first parameter is not the calling task. */
  TASK_PARAMETER("syscall-task-parameter"),
  /** More than six arguments, or more than the kernel's call has. */
  ARGUMENT_COUNT("syscall-argument-count"),
  /** A Java type that does not take what the register holds. */
  ARGUMENT_TYPE("syscall-argument-type"),
  /** Number and name belong to different calls. */
  NUMBER_NAME("syscall-number-name"),
  /** No kernel has a call of that name, and the number is not one of your own. */
  UNKNOWN_NAME("syscall-unknown-name"),
  /** A name that could not be a C identifier. */
  BAD_NAME("syscall-bad-name"),
  /** Two handlers with one number. */
  DUPLICATE_NUMBER("syscall-duplicate-number"),
  /** Two handlers with one name. */
  DUPLICATE_NAME("syscall-duplicate-name"),
  /** A length or count that names no parameter. */
  UNKNOWN_LENGTH("syscall-unknown-length"),
  /** Two roles on one parameter. */
  ROLE_CONFLICT("syscall-role-conflict"),
  /** A group of constants that does not exist. */
  UNKNOWN_GROUP("syscall-unknown-group"),
  /** A struct that does not exist. */
  UNKNOWN_STRUCT("syscall-unknown-struct"),
  /** A flag that is not in the group. */
  UNKNOWN_FLAG("syscall-unknown-flag"),
  /** An error that does not exist. */
  UNKNOWN_ERRNO("syscall-unknown-errno"),
  /** A table of an ABI that there is no pinned data of. */
  UNKNOWN_ABI("table-unknown-abi"),
  /** A table that extends something that is no table of its ABI. */
  NOT_A_TABLE("table-not-a-table"),
  /** The compiler refused a generated file. */
  WRITE("syscall-write");

  private final String text;

  Tag(String text) {
    this.text = text;
  }

  /** The tag as it stands in brackets at the start of a message. */
  public String text() {
    return text;
  }
}
