package dev.svc0.processor.model;

import dev.svc0.annotation.index.AbiKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The pinned table of one ABI: 64-bit programs only, with the calls of later kernels. */
public final class KernelTable {
  /** The kernel release that the tables are pinned to. */
  public static final String RELEASE = "6.12";

  /** Names of the ABIs there are tables of. */
  public static final List<String> ABIS = List.of("arm64", "x86_64");

  private final String abi;
  private final TreeMap<Integer, KernelCall> byNumber = new TreeMap<>();
  private final Map<String, KernelCall> byName = new HashMap<>();

  private KernelTable(String abi) {
    this.abi = abi;
  }

  /** The table of an ABI, or empty when there is none of that name. */
  public static Optional<KernelTable> of(String abi) {
    return switch (abi) {
      case "arm64" -> Optional.of(arm64());
      case "x86_64" -> Optional.of(x8664());
      default -> Optional.empty();
    };
  }

  /** The table that handlers are written against. */
  public static KernelTable arm64() {
    KernelTable table = new KernelTable("arm64");
    table.readTyped("syscalls-arm64.csv", false);
    table.readTyped("syscalls-arm64-after-6.12.csv", true);
    return table;
  }

  private static KernelTable x8664() {
    KernelTable table = new KernelTable("x86_64");
    KernelTable typed = arm64();
    table.readUntyped("syscalls-x86_64.csv", false, typed);
    table.readUntyped("syscalls-x86_64-after-6.12.csv", true, typed);
    return table;
  }

  private void readTyped(String file, boolean later) {
    CsvTable csv = CsvTable.read(file);
    for (int row = 0; row < csv.size(); row++) {
      add(
          new KernelCall(
              Integer.parseInt(csv.get(row, "nr")),
              csv.get(row, "name"),
              csv.get(row, "since_kernel"),
              later,
              arguments(csv.get(row, "args"), csv.get(row, "abi_args"))));
    }
  }

  private void readUntyped(String file, boolean later, KernelTable typed) {
    CsvTable csv = CsvTable.read(file);
    for (int row = 0; row < csv.size(); row++) {
      if (!csv.get(row, "abi").equals("x32")) {
        String name = csv.get(row, "name");
        KernelCall known = typed.byName.get(name);
        List<KernelArgument> arguments = new ArrayList<>();
        if (known != null) {
          for (int register : registers(name, known.arguments().size())) {
            arguments.add(known.arguments().get(register));
          }
        }
        add(
            new KernelCall(
                Integer.parseInt(csv.get(row, "nr")),
                name,
                known == null ? "" : known.since(),
                later,
                List.copyOf(arguments)));
      }
    }
  }

  private void add(KernelCall call) {
    byNumber.put(call.nr(), call);
    byName.put(call.name(), call);
  }

  private static List<KernelArgument> arguments(String declared, String kinds) {
    if (declared.isEmpty()) {
      return List.of();
    }
    String[] declarations = declared.split("; ");
    String[] kind = kinds.split("; ");
    List<KernelArgument> arguments = new ArrayList<>();
    for (int i = 0; i < declarations.length; i++) {
      int cut = declarations[i].lastIndexOf(' ');
      arguments.add(
          new KernelArgument(
              declarations[i].substring(cut + 1),
              declarations[i].substring(0, cut),
              AbiKind.of(kind[i])));
    }
    return List.copyOf(arguments);
  }

  /** Name of the ABI. */
  public String abi() {
    return abi;
  }

  /** Every row in order of number. */
  public Collection<KernelCall> calls() {
    return byNumber.values();
  }

  /** The row of a number, or null. */
  public @Nullable KernelCall byNumber(int nr) {
    return byNumber.get(nr);
  }

  /** The row of a name, or null. */
  public @Nullable KernelCall byName(String name) {
    return byName.get(name);
  }

  /**
   * For each parameter of a handler, the index of the register this ABI passes it in. It is the
   * order of arm64 except for clone, whose last two arguments x86-64 passes the other way round.
   */
  public int[] registersOf(String name, int parameters) {
    if (abi.equals("x86_64")) {
      return registers(name, parameters);
    }
    return inOrder(parameters);
  }

  private static int[] registers(String name, int parameters) {
    int[] registers = inOrder(parameters);
    if (name.equals("clone") && parameters == 5) {
      registers[3] = 4;
      registers[4] = 3;
    }
    return registers;
  }

  private static int[] inOrder(int parameters) {
    int[] registers = new int[parameters];
    for (int i = 0; i < parameters; i++) {
      registers[i] = i;
    }
    return registers;
  }
}
