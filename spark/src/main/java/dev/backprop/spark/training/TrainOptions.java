package dev.backprop.spark.training;

import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.SpreadTraining.Outer;
import dev.backprop.platform.artifact.ModelName;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.NearestName;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the command line of a training says.
///
/// @param format of the data: `parquet`, `csv`, `json` or `orc`
/// @param spec a file; null for a training of usual values
/// @param shards that the rows are spread over
/// @param perEpoch rounds of an epoch; null for those of the rule
/// @param outer null for that of the rule
/// @param seed null if the spec may say it
/// @param checkpoint a directory; null for none
/// @param resume whether to go on from what the checkpoint has
/// @param service the URL of a service that gets the model; null for none
/// @param kernels null for the fastest of each machine
/// @param allowSmall whether shards may have few rows
public record TrainOptions(
    String data,
    String format,
    String target,
    String model,
    @Nullable String spec,
    int shards,
    @Nullable Integer perEpoch,
    @Nullable Outer outer,
    @Nullable Long seed,
    @Nullable String checkpoint,
    boolean resume,
    @Nullable String service,
    @Nullable String keyFile,
    String out,
    @Nullable String kernels,
    boolean allowSmall) {

  private static final int MOST_SHARDS = 10_000;

  private static final List<String> FLAGS = List.of("--resume", "--allow-small");

  private static final List<String> VALUES =
      List.of(
          "--data",
          "--format",
          "--target",
          "--model",
          "--spec",
          "--shards",
          "--round",
          "--outer",
          "--seed",
          "--checkpoint",
          "--service",
          "--key-file",
          "--out",
          "--kernels");

  /// @throws ProblemException if an option is unknown, repeated, absent though required, or has an
  ///   impossible value
  public static TrainOptions of(String... arguments) {
    Map<String, String> given = given(arguments);
    String checkpoint = given.get("--checkpoint");
    if (given.containsKey("--resume") && checkpoint == null) {
      throw new ProblemException(
          ProblemCode.MISSING_PARAMETER, "--checkpoint: must be given with --resume");
    }
    if (given.containsKey("--key-file") && !given.containsKey("--service")) {
      throw new ProblemException(
          ProblemCode.MISSING_PARAMETER, "--service: must be given with --key-file");
    }
    String model = required("--model", given);
    if (!ModelName.isValid(model)) {
      throw invalid("--model", "a name of a-z, 0-9, '.', '_' and '-'", model);
    }
    return new TrainOptions(
        required("--data", given),
        word("--format", given, "parquet", "csv", "json", "orc"),
        required("--target", given),
        model,
        given.get("--spec"),
        (int) integer("--shards", given.getOrDefault("--shards", "8"), 1, MOST_SHARDS),
        perEpoch(given.getOrDefault("--round", "auto")),
        outer(word("--outer", given, "auto", "mean", "nesterov")),
        given.containsKey("--seed")
            ? integer("--seed", given.get("--seed"), 0, TrainingSpec.MAX_SEED)
            : null,
        checkpoint,
        given.containsKey("--resume"),
        given.get("--service"),
        given.get("--key-file"),
        required("--out", given),
        given.containsKey("--kernels") ? word("--kernels", given, "java", "openblas") : null,
        given.containsKey("--allow-small"));
  }

  private static Map<String, String> given(String... arguments) {
    Map<String, String> given = new HashMap<>();
    int i = 0;
    while (i < arguments.length) {
      String name = arguments[i++];
      String value = "";
      if (VALUES.contains(name)) {
        if (i == arguments.length || arguments[i].isBlank()) {
          throw new ProblemException(ProblemCode.MISSING_PARAMETER, name + ": must have a value");
        }
        value = arguments[i++];
      } else if (!FLAGS.contains(name)) {
        String nearest =
            NearestName.of(name, Stream.concat(VALUES.stream(), FLAGS.stream()).toList());
        throw new ProblemException(
            ProblemCode.UNKNOWN_PARAMETER,
            "%s: is no option%s"
                .formatted(
                    Excerpt.of(name), nearest == null ? "" : "; did you mean " + nearest + "?"));
      }
      if (given.put(name, value) != null) {
        throw new ProblemException(
            ProblemCode.REPEATED_PARAMETER, name + ": must be given once, was given twice");
      }
    }
    return given;
  }

  private static String required(String name, Map<String, String> given) {
    String value = given.get(name);
    if (value == null) {
      throw new ProblemException(ProblemCode.MISSING_PARAMETER, name + ": must be given");
    }
    return value;
  }

  /// @param words the first is the default
  private static String word(String name, Map<String, String> given, String... words) {
    String value = given.getOrDefault(name, words[0]);
    if (!List.of(words).contains(value)) {
      throw invalid(name, "one of " + String.join(", ", words), value);
    }
    return value;
  }

  private static @Nullable Outer outer(String word) {
    return word.equals("auto") ? null : Outer.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static long integer(String name, @Nullable String text, long min, long max) {
    try {
      long value = Long.parseLong(String.valueOf(text));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw invalid(name, "an integer from %d to %d".formatted(min, max), String.valueOf(text));
  }

  /// @param text `auto`, or a share of an epoch
  private static @Nullable Integer perEpoch(String text) {
    if (text.equals("auto")) {
      return null;
    }
    try {
      double share = Double.parseDouble(text);
      long rounds = Math.round(1 / share);
      if (share > 0 && share <= 1 && rounds <= 1000 && Math.abs(rounds * share - 1) < 0.01) {
        return (int) rounds;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw invalid(
        "--round",
        "auto, or a part of an epoch that divides it, from 0.001 to 1, such as 0.25",
        text);
  }

  private static ProblemException invalid(String name, String expected, String given) {
    return new ProblemException(
        ProblemCode.INVALID_PARAMETER,
        "%s: must be %s, was '%s'".formatted(name, expected, Excerpt.of(given)));
  }
}
