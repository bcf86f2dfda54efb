package dev.svc0.fs.procfs;

import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something in /proc. */
sealed interface ProcNode {
  /** Type and permission bits. */
  int mode();

  /** Permission bits, owner, life. */
  Common common();

  /** Whose it is. */
  default Cred owner() {
    return common().ownerOf().get();
  }

  /** Whether it is still there. */
  default boolean isAlive() {
    return common().alive().getAsBoolean();
  }

  /** What nodes have in common. */
  record Common(int mode, Supplier<Cred> ownerOf, BooleanSupplier alive) {
    static final BooleanSupplier ALWAYS = () -> true;

    static Common ofRoot(int mode) {
      return new Common(mode, () -> Cred.ROOT, ALWAYS);
    }

    Common withMode(int newMode) {
      return new Common(newMode, ownerOf, alive);
    }
  }

  /** One name of a directory. */
  record Entry(String name, ProcNode node) {}

  /** A directory: finds a name, and lists all. */
  record Directory(
      Common common, Function<String, @Nullable ProcNode> find, Supplier<List<Entry>> list)
      implements ProcNode {
    @Override
    public int mode() {
      return StatConstants.S_IFDIR | common.mode();
    }

    /** One with fixed names. */
    static Directory of(Common common, List<Entry> entries) {
      return new Directory(
          common,
          name -> {
            for (Entry entry : entries) {
              if (entry.name().equals(name)) {
                return entry.node();
              }
            }
            return null;
          },
          () -> entries);
    }
  }

  /** Takes what is written to a text. */
  @FunctionalInterface
  interface Writer {
    /** 0 or −errno. */
    long write(String text, Caller caller);
  }

  /** A text; one character a byte. */
  record Text(Common common, Function<Caller, String> content, @Nullable Writer writer)
      implements ProcNode {
    @Override
    public int mode() {
      return StatConstants.S_IFREG | common.mode();
    }
  }

  /** A link by name: its text depends on who reads it. */
  record NameLink(Common common, Function<Caller, String> target) implements ProcNode {
    @Override
    public int mode() {
      return StatConstants.S_IFLNK | 0777;
    }
  }

  /** A link to a place, followed without going through its name. */
  record MagicLink(Common common, Supplier<@Nullable Path> target) implements ProcNode {
    @Override
    public int mode() {
      return StatConstants.S_IFLNK | common.mode();
    }
  }
}
