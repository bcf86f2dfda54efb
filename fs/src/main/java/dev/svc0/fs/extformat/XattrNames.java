package dev.svc0.fs.extformat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Names of extended attributes: on disk a code for the prefix and the rest. */
public final class XattrNames {
  /** Prefixes of names by their code on disk; null for a code that names nothing here. */
  private static final @Nullable String[] PREFIXES = {
    null,
    "user.",
    "system.posix_acl_access",
    "system.posix_acl_default",
    "trusted.",
    null,
    "security."
  };

  private XattrNames() {}

  /** The code of a name's prefix, or −1. */
  public static int indexOf(String name) {
    for (int i = 0; i < PREFIXES.length; i++) {
      String prefix = PREFIXES[i];
      if (prefix != null
          && (prefix.endsWith(".") ? name.startsWith(prefix) : name.equals(prefix))) {
        return i;
      }
    }
    return -1;
  }

  /** The rest of a name behind the prefix of a code. */
  public static String suffixOf(String name, int index) {
    String prefix = Objects.requireNonNull(PREFIXES[index]);
    return name.substring(prefix.length());
  }

  /** The whole name of an attribute; null for a prefix that is not known. */
  public static @Nullable String nameOf(XattrBlock.Entry entry) {
    String prefix = entry.index() < PREFIXES.length ? PREFIXES[entry.index()] : null;
    return prefix == null ? null : prefix + entry.name();
  }
}
