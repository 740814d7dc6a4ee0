package dev.backprop.data;

import java.util.Arrays;
import java.util.List;

/// The texts that stand for a missing value. An empty cell always does.
public final class MissingTokens {

  public static final MissingTokens DEFAULT =
      new MissingTokens(List.of("NA", "N/A", "NaN", "null", "?"));

  private final String[] tokens;
  private final double[] numbers;
  private final int longest;

  /// @param tokens matched exactly
  public MissingTokens(List<String> tokens) {
    this.tokens = tokens.stream().filter(token -> !token.isEmpty()).toArray(String[]::new);
    this.numbers =
        Arrays.stream(this.tokens)
            .mapToDouble(Numbers::parse)
            .filter(number -> !Double.isNaN(number))
            .toArray();
    this.longest = Arrays.stream(this.tokens).mapToInt(String::length).max().orElse(0);
  }

  /// The tokens beside the empty text.
  public List<String> tokens() {
    return List.of(tokens);
  }

  public boolean contains(String text) {
    if (text.isEmpty()) {
      return true;
    }
    for (String token : tokens) {
      if (token.equals(text)) {
        return true;
      }
    }
    return false;
  }

  /// Whether one of the tokens is that number.
  boolean contains(double number) {
    for (double token : numbers) {
      if (token == number) {
        return true;
      }
    }
    return false;
  }

  boolean contains(char[] chars, int offset, int length) {
    if (length == 0) {
      return true;
    }
    if (length > longest) {
      return false;
    }
    for (String token : tokens) {
      if (token.length() == length
          && token.charAt(0) == chars[offset]
          && same(token, chars, offset)) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(String token, char[] chars, int offset) {
    for (int i = 1; i < token.length(); i++) {
      if (token.charAt(i) != chars[offset + i]) {
        return false;
      }
    }
    return true;
  }
}
