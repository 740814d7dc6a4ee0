package dev.backprop.platform.problem;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Guesses which name somebody meant.
public final class NearestName {

  /// Longer names are nobody's misspelling, and would take long to compare.
  private static final int MAX_LENGTH = 64;

  private NearestName() {}

  /// The name with the fewest single-character edits from the given one, of equals the first; null
  /// if even that takes more than a third of its characters.
  public static @Nullable String of(String given, Collection<String> names) {
    String nearest = null;
    int fewest = Integer.MAX_VALUE;
    for (String name : names) {
      int most = Math.min(fewest - 1, Math.max(1, name.length() / 3));
      if (given.length() <= MAX_LENGTH
          && name.length() <= MAX_LENGTH
          && Math.abs(name.length() - given.length()) <= most) {
        int edits = edits(given, name);
        if (edits <= most) {
          nearest = name;
          fewest = edits;
        }
      }
    }
    return nearest;
  }

  /// Levenshtein's distance, row by row of its table; two neighbours that are exchanged are one
  /// edit.
  private static int edits(String a, String b) {
    int[] twoAbove = new int[b.length() + 1];
    int[] above = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], 1 + twoAbove[j - 2]);
        }
      }
      int[] free = twoAbove;
      twoAbove = above;
      above = row;
      row = free;
    }
    return above[b.length()];
  }
}
