package dev.backprop.dataset;

/// How a CSV text is written.
///
/// @param delimiter neither a quote nor a line break
/// @param header whether the first line names the columns; else they are c1, c2, …
public record CsvOptions(char delimiter, boolean header) {

  public static final CsvOptions DEFAULT = new CsvOptions(',', true);
}
