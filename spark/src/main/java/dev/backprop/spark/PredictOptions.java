package dev.backprop.spark;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.NearestName;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the command [Predict] is to do.
///
/// @param keep the columns that stand before the answers
/// @param interval null if none is asked for
/// @param kernels null for the fastest of each machine
record PredictOptions(
    String model,
    @Nullable String keyFile,
    String data,
    String out,
    Format format,
    List<String> keep,
    boolean nullIfInvalid,
    @Nullable BigDecimal interval,
    @Nullable String kernels) {

  /// Of the data and of the answers.
  enum Format {
    PARQUET,
    CSV,
    JSON,
    ORC;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final List<String> NAMES =
      List.of(
          "--model",
          "--key-file",
          "--data",
          "--out",
          "--format",
          "--keep",
          "--invalid",
          "--interval",
          "--kernels");

  private static final Pattern DECIMAL = Pattern.compile("[0-9]{0,3}(\\.[0-9]{1,15})?");

  /// @throws ProblemException if an option is unknown, repeated, absent though required, or has an
  ///   impossible value
  static PredictOptions of(String... arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i];
      if (!NAMES.contains(name)) {
        String nearest = NearestName.of(name, NAMES);
        throw new ProblemException(
            ProblemCode.UNKNOWN_PARAMETER,
            "%s: is no option%s"
                .formatted(
                    Excerpt.of(name), nearest == null ? "" : "; did you mean " + nearest + "?"));
      }
      if (i + 1 == arguments.length || arguments[i + 1].isBlank()) {
        throw new ProblemException(ProblemCode.MISSING_PARAMETER, name + ": must have a value");
      }
      if (given.put(name, arguments[i + 1]) != null) {
        throw new ProblemException(
            ProblemCode.REPEATED_PARAMETER, name + ": must be given once, was given twice");
      }
    }
    return new PredictOptions(
        required("--model", given),
        given.get("--key-file"),
        required("--data", given),
        required("--out", given),
        Format.valueOf(
            word("--format", given, Arrays.stream(Format.values()).map(Format::word).toList())
                .toUpperCase(Locale.ROOT)),
        keep(given.get("--keep")),
        word("--invalid", given, List.of("fail", "null")).equals("null"),
        interval(given.get("--interval")),
        given.containsKey("--kernels")
            ? word("--kernels", given, List.of("java", "openblas"))
            : null);
  }

  private static String required(String name, Map<String, String> given) {
    String value = given.get(name);
    if (value == null) {
      throw new ProblemException(ProblemCode.MISSING_PARAMETER, name + ": must be given");
    }
    return value;
  }

  /// @param words the first is the default
  private static String word(String name, Map<String, String> given, List<String> words) {
    String value = given.getOrDefault(name, words.getFirst());
    if (!words.contains(value)) {
      throw invalid(name, words.stream().collect(Collectors.joining(", ", "one of ", "")), value);
    }
    return value;
  }

  private static List<String> keep(@Nullable String names) {
    List<String> kept =
        names == null ? List.of() : Arrays.stream(names.split(",", -1)).map(String::strip).toList();
    if (kept.contains("") || kept.stream().distinct().count() < kept.size()) {
      throw invalid(
          "--keep", "the names of columns, each once, between commas", String.valueOf(names));
    }
    return kept;
  }

  private static @Nullable BigDecimal interval(@Nullable String text) {
    if (text != null && !DECIMAL.matcher(text).matches()) {
      throw invalid("--interval", "a number such as 0.9", text);
    }
    return text == null ? null : new BigDecimal(text);
  }

  private static ProblemException invalid(String name, String expected, String given) {
    return new ProblemException(
        ProblemCode.INVALID_PARAMETER,
        "%s: must be %s, was '%s'".formatted(name, expected, Excerpt.of(given)));
  }

  /// The key for the service; null if none is given.
  ///
  /// @throws ProblemException if its file cannot be read
  @Nullable String key() {
    if (keyFile == null) {
      return null;
    }
    try {
      return Files.readString(Path.of(keyFile)).strip();
    } catch (IOException | IllegalArgumentException _) {
      throw new ProblemException(
          ProblemCode.NOT_FOUND, "--key-file: there is no file '%s' to read".formatted(keyFile));
    }
  }
}
