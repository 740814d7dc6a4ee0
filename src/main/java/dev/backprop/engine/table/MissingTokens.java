package dev.backprop.engine.table;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The texts that stand for a missing value. An empty cell always does.
public final class MissingTokens {

  public static final MissingTokens DEFAULT =
      new MissingTokens(
          List.of(
              "NA",
              "N/A",
              "NaN",
              "nan",
              "-NaN",
              "-nan",
              "null",
              "NULL",
              "None",
              "n/a",
              "#N/A",
              "#N/A N/A",
              "#NA",
              "<NA>",
              "1.#IND",
              "-1.#IND",
              "1.#QNAN",
              "-1.#QNAN",
              "?"));

  /// The default of data sets, models and requests that were kept without their tokens.
  public static final MissingTokens FORMER =
      new MissingTokens(List.of("NA", "N/A", "NaN", "null", "?"));

  /// Only the empty cell.
  public static final MissingTokens NONE = new MissingTokens(List.of());

  private final List<String> tokens;
  private final Dictionary texts = new Dictionary(new Meter(ByteBudget.unbounded()));
  private final Set<Double> numbers = new HashSet<>();
  private final int longest;

  /// @param tokens compared with a cell after outer blanks are removed from both
  public MissingTokens(Collection<String> tokens) {
    Set<String> distinct = new LinkedHashSet<>();
    for (String token : tokens) {
      String text = token.strip();
      if (!text.isEmpty() && distinct.add(text)) {
        texts.add(text);
        double number = Numbers.parse(text);
        if (!Double.isNaN(number)) {
          numbers.add(number + 0.0);
        }
      }
    }
    this.tokens = List.copyOf(distinct);
    this.longest = distinct.stream().mapToInt(String::length).max().orElse(0);
  }

  /// The tokens beside the empty text, each once.
  public List<String> tokens() {
    return tokens;
  }

  /// These tokens and others.
  public MissingTokens with(Collection<String> more) {
    if (more.isEmpty()) {
      return this;
    }
    Set<String> all = new LinkedHashSet<>(tokens);
    all.addAll(more);
    return new MissingTokens(all);
  }

  /// The tokens of a former version that stood for a missing cell in given data. That version did
  /// not store the tokens of an upload. A token that is a category of the data was none.
  ///
  /// @param categories of all columns
  public MissingTokens formerly(Stream<Label> categories) {
    Set<String> rest = new LinkedHashSet<>(tokens);
    categories.forEach(category -> rest.remove(category.text()));
    return rest.size() == tokens.size() ? this : new MissingTokens(rest);
  }

  /// @param text without outer blanks
  public boolean contains(String text) {
    return contains(text.toCharArray(), 0, text.length());
  }

  /// Whether one of the tokens is that number: in a column of numbers, `-999.0` is missing if
  /// `-999` is.
  boolean contains(double number) {
    return !numbers.isEmpty() && numbers.contains(number + 0.0);
  }

  /// Whether any token is a number.
  boolean hasNumbers() {
    return !numbers.isEmpty();
  }

  boolean contains(char[] chars, int offset, int length) {
    return length == 0 || (length <= longest && texts.find(chars, offset, length) >= 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MissingTokens that && that.tokens.equals(tokens);
  }

  @Override
  public int hashCode() {
    return tokens.hashCode();
  }

  @Override
  public String toString() {
    return tokens.toString();
  }
}
