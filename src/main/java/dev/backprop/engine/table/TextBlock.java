package dev.backprop.engine.table;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Texts that the cells of a column name by their places, as a dictionary of a file has them.
///
/// The column that reads the cells notes here what each text means to it. So a text is read once,
/// however often it comes. A block serves one column.
public final class TextBlock {

  /// What a text is to a column whose type is inferred.
  enum Meaning {
    UNKNOWN,
    MISSING,
    /// The shortest text of a number.
    NUMBER,
    /// Another text of a number.
    RESPELLED,
    TEXT
  }

  private static final int UNKNOWN_CODE = -1;

  private final char[] chars;
  private final int[] starts;
  private final int[] lengths;

  private final Meaning[] meanings;
  private final int[] codes;
  private @Nullable Dictionary codesOf;
  private final double[] cells;
  private final boolean[] known;
  private final int longest;

  private TextBlock(char[] chars, int[] starts, int[] lengths) {
    this.chars = chars;
    this.starts = starts;
    this.lengths = lengths;
    this.meanings = new Meaning[starts.length];
    Arrays.fill(meanings, Meaning.UNKNOWN);
    this.codes = new int[starts.length];
    this.cells = new double[starts.length];
    this.known = new boolean[starts.length];
    this.longest = Arrays.stream(lengths).max().orElse(0);
  }

  /// @param chars all texts, one behind the other; not copied
  /// @param ends where each text ends
  public static TextBlock of(char[] chars, int[] ends) {
    int[] starts = new int[ends.length];
    int[] lengths = new int[ends.length];
    for (int i = 0, from = 0; i < ends.length; i++) {
      int to = ends[i];
      int start = from;
      while (start < to && TableBuilder.isBlank(chars[start])) {
        start++;
      }
      while (to > start && TableBuilder.isBlank(chars[to - 1])) {
        to--;
      }
      starts[i] = start;
      lengths[i] = to - start;
      from = ends[i];
    }
    return new TextBlock(chars, starts, lengths);
  }

  /// The memory of a block.
  public static long bytes(long chars, long texts) {
    return 2 * chars + 25 * texts;
  }

  /// The length of the longest text.
  public int longest() {
    return longest;
  }

  /// How many texts there are.
  public int size() {
    return starts.length;
  }

  char[] chars() {
    return chars;
  }

  int start(int place) {
    return starts[place];
  }

  /// The length of a text without outer blanks.
  public int length(int place) {
    return lengths[place];
  }

  Meaning meaning(int place) {
    return meanings[place];
  }

  /// The number that a text is, or what [#cell] was told.
  double cell(int place) {
    return cells[place];
  }

  void means(int place, Meaning meaning, double number) {
    meanings[place] = meaning;
    cells[place] = number;
  }

  /// Whether the cell of a text is known, in a column of a known type.
  boolean knows(int place) {
    return known[place];
  }

  void knows(int place, double cell) {
    known[place] = true;
    cells[place] = cell;
  }

  /// The code of a text, -1 if it is not known yet. It is asked once a text.
  int code(int place, Dictionary dictionary) {
    if (codesOf != dictionary) {
      codesOf = dictionary;
      Arrays.fill(codes, UNKNOWN_CODE);
    }
    if (codes[place] < 0) {
      codes[place] = dictionary.find(chars, starts[place], lengths[place]);
    }
    return codes[place];
  }
}
