package dev.backprop.platform.problem;

/// Clients' own words in what is said to them, cut if they are long.
public final class Excerpt {

  private static final int MAX = 100;
  private static final int REPLACEMENT = 0xFFFD;

  private Excerpt() {}

  /// At most 100 characters of it.
  public static String of(String text) {
    return text.length() <= MAX ? text : cut(text, MAX) + "…";
  }

  /// The first so many characters, or one less if the last would be half of a pair.
  static String cut(String text, int length) {
    return text.substring(
        0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
  }

  /// Whether every surrogate has its other half: what JSON can write as an escape and UTF-8 cannot
  /// write at all.
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean isPair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!isPair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /// The text with a replacement character for every surrogate without its other half.
  static String wellFormed(String text) {
    if (isWellFormed(text)) {
      return text;
    }
    StringBuilder whole = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
        .forEach(whole::appendCodePoint);
    return whole.toString();
  }
}
