package dev.backprop.http;

/// Clients' own words in what is said to them, cut where they are long.
public final class Excerpt {

  private static final int MAX = 100;

  private Excerpt() {}

  /// At most 100 characters of it.
  public static String of(String text) {
    return text.length() <= MAX ? text : text.substring(0, MAX) + "…";
  }
}
