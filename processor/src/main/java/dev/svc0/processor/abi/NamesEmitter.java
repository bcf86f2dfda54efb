package dev.svc0.processor.abi;

import dev.svc0.processor.model.CsvTable;

/** Turns the pinned constants, errors, signals and layouts into lines for decoders. */
final class NamesEmitter {
  private NamesEmitter() {}

  static String emit() {
    StringBuilder lines = new StringBuilder();
    constants(lines);
    errors(lines);
    structs(lines);
    return lines.toString();
  }

  private static void constants(StringBuilder lines) {
    CsvTable constants = CsvTable.read("constants-arm64.csv");
    for (int row = 0; row < constants.size(); row++) {
      line(
          lines,
          "c",
          constants.get(row, "group"),
          constants.get(row, "name"),
          constants.get(row, "value"));
    }
    CsvTable signals = CsvTable.read("signals-arm64.csv");
    for (int row = 0; row < signals.size(); row++) {
      if (signals.get(row, "alias_of").isEmpty()) {
        line(lines, "c", "signal", signals.get(row, "name"), signals.get(row, "nr"));
      }
    }
  }

  private static void errors(StringBuilder lines) {
    CsvTable errors = CsvTable.read("errno.csv");
    for (int row = 0; row < errors.size(); row++) {
      if (errors.get(row, "alias_of").isEmpty()) {
        line(
            lines,
            "e",
            errors.get(row, "name"),
            errors.get(row, "number"),
            errors.get(row, "message"));
      }
    }
  }

  private static void structs(StringBuilder lines) {
    CsvTable layouts = CsvTable.read("abi-arm64.csv");
    String current = "";
    for (int row = 0; row < layouts.size(); row++) {
      String struct = layouts.get(row, "struct");
      if (layouts.get(row, "source").equals(LayoutEmitter.kernelSource(layouts, struct))) {
        if (!struct.equals(current)) {
          line(lines, "s", struct, size(layouts, row, struct));
          current = struct;
        }
        if (!layouts.get(row, "field").equals("(total)")) {
          line(
              lines,
              "f",
              layouts.get(row, "field"),
              layouts.get(row, "offset"),
              layouts.get(row, "size"),
              layouts.get(row, "ctype"));
        }
      }
    }
  }

  private static String size(CsvTable layouts, int first, String struct) {
    for (int row = first; row < layouts.size(); row++) {
      if (layouts.get(row, "struct").equals(struct)
          && layouts.get(row, "field").equals("(total)")) {
        return layouts.get(row, "size");
      }
    }
    return "0";
  }

  private static void line(StringBuilder lines, String... values) {
    lines.append(String.join("\t", values)).append('\n');
  }
}
