package dev.svc0.arm64.fidelity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Two graphs of one scenario beside each other, aligned where they are the same. */
final class Comparison {
  private final List<String> kernel;
  private final List<String> ours;
  private final boolean[] kernelMeant;
  private final boolean[] oursMeant;

  /** Where the tokens that are the same stand in both, in order; without meant differences. */
  private final List<int[]> same;

  Comparison(String scenario, List<String> kernel, List<String> ours, Differences differences) {
    this.kernel = kernel;
    this.ours = ours;
    kernelMeant = differences.meant(scenario, kernel);
    oursMeant = differences.meant(scenario, ours);
    same = align(left(kernelMeant), left(oursMeant));
  }

  /** The places of the tokens that are not meant to differ. */
  private static int[] left(boolean[] meant) {
    int[] places = new int[meant.length];
    int count = 0;
    for (int i = 0; i < meant.length; i++) {
      if (!meant[i]) {
        places[count++] = i;
      }
    }
    return Arrays.copyOf(places, count);
  }

  private List<int[]> align(int[] a, int[] b) {
    int[][] lengths = new int[a.length + 1][b.length + 1];
    for (int i = a.length - 1; i >= 0; i--) {
      for (int j = b.length - 1; j >= 0; j--) {
        lengths[i][j] =
            kernel.get(a[i]).equals(ours.get(b[j]))
                ? lengths[i + 1][j + 1] + 1
                : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
      }
    }
    List<int[]> found = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      if (kernel.get(a[i]).equals(ours.get(b[j]))) {
        found.add(new int[] {a[i++], b[j++]});
      } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
        i++;
      } else {
        j++;
      }
    }
    return found;
  }

  /** Share of the kernel's tokens that ours has, without meant differences. */
  double kernelShare() {
    return share(left(kernelMeant).length);
  }

  /** Share of our tokens that the kernel has, without meant differences. */
  double ourShare() {
    return share(left(oursMeant).length);
  }

  private double share(int of) {
    return of == 0 ? 1 : (double) same.size() / of;
  }

  /**
   * Both as one text: {@code -} in front of what only the kernel has, {@code +} of what only we
   * have, with an {@code m} where that is meant. The end of a call is shown where only one has it.
   */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    int[] at = {0, 0};
    int[] depth = {0, 0};
    for (int[] pair : same) {
      only("-", kernel, kernelMeant, at, depth, 0, pair[0], lines);
      only("+", ours, oursMeant, at, depth, 1, pair[1], lines);
      String token = kernel.get(at[0]++);
      at[1]++;
      if (token.charAt(0) == '>') {
        lines.add("   " + "  ".repeat(depth[0]) + token.substring(1));
        depth[0]++;
        depth[1]++;
      } else {
        depth[0]--;
        depth[1]--;
      }
    }
    only("-", kernel, kernelMeant, at, depth, 0, kernel.size(), lines);
    only("+", ours, oursMeant, at, depth, 1, ours.size(), lines);
    return lines;
  }

  private static void only(
      String sign,
      List<String> tokens,
      boolean[] meant,
      int[] at,
      int[] depth,
      int side,
      int end,
      List<String> lines) {
    while (at[side] < end) {
      int place = at[side]++;
      String token = tokens.get(place);
      boolean begins = token.charAt(0) == '>';
      if (!begins) {
        depth[side]--;
      }
      if (begins || !meant[place]) {
        String mark = meant[place] ? sign + "m " : sign + "  ";
        String name = (begins ? "" : "}") + token.substring(1);
        lines.add(mark + "  ".repeat(Math.max(depth[side], 0)) + name);
      }
      if (begins) {
        depth[side]++;
      }
    }
  }
}
