package dev.backprop.platform.problem;

import java.util.ArrayList;
import java.util.List;

/// Warnings as they are kept and shown: a bounded number, each of a bounded length. So neither a
/// table of many columns nor long names make a list that nobody can hold.
public final class KeptWarnings {

  public static final int MAX = 100;

  static final int MAX_LENGTH = 1000;

  private KeptWarnings() {}

  /// The first of them, and how many more there were. What was kept before is kept as it is.
  public static List<String> of(List<String> warnings) {
    if (warnings.size() <= MAX) {
      return warnings.stream().map(KeptWarnings::cut).toList();
    }
    List<String> kept = new ArrayList<>(MAX);
    warnings.subList(0, MAX - 1).forEach(warning -> kept.add(cut(warning)));
    kept.add("and %d more".formatted(warnings.size() - kept.size()));
    return List.copyOf(kept);
  }

  private static String cut(String warning) {
    String whole = Excerpt.wellFormed(warning);
    return whole.length() <= MAX_LENGTH ? whole : Excerpt.cut(whole, MAX_LENGTH - 1) + "…";
  }
}
