package dev.backprop.service.dataset;

import dev.backprop.engine.table.NumberFormat;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// How a CSV text is written. Every request says it for its own text; it is not stored.
///
/// @param delimiter neither a quote nor a line break; null means a comma, or what a first line such
///   as `sep=;` says
/// @param header whether the first line names the columns
/// @param numbers how numbers are written
public record CsvOptions(
    @Nullable Character delimiter, boolean header, NumberFormat numbers, Charset charset) {

  public static final CsvOptions DEFAULT =
      new CsvOptions(null, true, NumberFormat.PLAIN, StandardCharsets.UTF_8);
}
