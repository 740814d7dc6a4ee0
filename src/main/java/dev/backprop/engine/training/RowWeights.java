package dev.backprop.engine.training;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How much each row counts in the loss that training minimizes, and in the weighted validation
/// loss: its own weight times that of its class. Metrics know only the former.
public final class RowWeights {

  private final Examples examples;

  /// Empty if all classes weigh 1.
  private final double[] classWeights;

  private RowWeights(Examples examples, double[] classWeights) {
    this.examples = examples;
    this.classWeights = classWeights;
  }

  /// @param spec one that [#check] has let through
  /// @return null if every row weighs the same
  static @Nullable RowWeights of(Part training, Target target, @Nullable ClassWeightsSpec spec) {
    if (spec == null || !(target instanceof Target.Classes classes)) {
      return training.examples().weighted()
          ? new RowWeights(training.examples(), new double[0])
          : null;
    }
    double[] weights =
        switch (spec) {
          case ClassWeightsSpec.Balanced _ -> balanced(training, classes.classes().size());
          case ClassWeightsSpec.Given(Map<String, Double> given) -> given(classes, given);
        };
    return new RowWeights(training.examples(), weights);
  }

  /// @throws InvalidSpecException with a pointer below `/training` if the target is no classes, or
  ///   one of the names is none of them
  public static void check(@Nullable ClassWeightsSpec spec, Target target) {
    if (spec == null) {
      return;
    }
    if (!(target instanceof Target.Classes classes)) {
      throw new InvalidSpecException(
          "/classWeights", "needs one target column of classes, the target is " + kind(target));
    }
    if (spec instanceof ClassWeightsSpec.Given(Map<String, Double> given)) {
      List<String> known = classes.classes().stream().map(Label::text).toList();
      for (String name : given.keySet()) {
        if (!known.contains(name)) {
          throw new InvalidSpecException(
              "/classWeights/" + InvalidSpecException.part(name),
              "must be one of the %d classes of '%s', is none"
                  .formatted(known.size(), classes.name()));
        }
      }
    }
  }

  /// @throws InvalidSpecException if the rows of a part weigh nothing together, with a pointer into
  ///   the request. Also if the training rows with the weights of their classes weigh nothing, or
  ///   more than is a number, with a pointer below `/training`
  public static void checkSums(
      Examples examples, Split split, Target target, @Nullable ClassWeightsSpec spec) {
    if (!examples.weighted()) {
      return;
    }
    Part training = new Part(examples, split.training());
    checkSum(training, target, "training");
    checkSum(new Part(examples, split.validation()), target, "validation");
    checkSum(new Part(examples, split.test()), target, "test");
    checkClassWeights(training, target, spec);
  }

  /// Weights from 0 to 1e30 and those of classes are numbers each. A product may be 0. The balanced
  /// weight of a class whose rows weigh next to nothing may be infinite.
  private static void checkClassWeights(
      Part training, Target target, @Nullable ClassWeightsSpec spec) {
    RowWeights weights = of(training, target, spec);
    double sum = weights == null ? 1 : weights.sum(training.rows());
    if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
      throw new InvalidSpecException(
          "/classWeights",
          "must leave the %d training rows a finite weight above 0, times their own leave %s"
              .formatted(training.rows().length, sum));
    }
  }

  private static void checkSum(Part part, Target target, String name) {
    RowWeights weights = of(part, target, null);
    if (weights != null && !part.isEmpty() && weights.sum(part.rows()) == 0) {
      throw new InvalidSpecException(
          target instanceof Target.Bare ? "/data/weights" : "/data/weight",
          "must be above 0 in at least 1 of the %d %s rows, is in 0"
              .formatted(part.rows().length, name));
    }
  }

  private static String kind(Target target) {
    return switch (target) {
      case Target.Classes _ -> "classes";
      case Target.Numbers _, Target.Quantiles _ -> "numeric";
      case Target.MultiLabel _ -> "several labels";
      case Target.Bare _ -> "bare numbers";
    };
  }

  /// n / (k n_c), counting each row by its weight as scikit-learn does; 1 for a class that weighs
  /// nothing.
  private static double[] balanced(Part training, int k) {
    double[] counts = new double[k];
    for (int row : training.rows()) {
      counts[training.examples().stratum(row)] += training.examples().weight(row);
    }
    double n = Arrays.stream(counts).sum();
    return Arrays.stream(counts).map(count -> count == 0 ? 1 : n / (k * count)).toArray();
  }

  private static double[] given(Target.Classes classes, Map<String, Double> given) {
    return classes.classes().stream()
        .mapToDouble(label -> given.getOrDefault(label.text(), 1.0))
        .toArray();
  }

  /// How much rows count that are validated on, if classes weigh something. It is as in training,
  /// up to a factor. That leaves a mean as it is and keeps weights and their sum in the range of
  /// numbers.
  ///
  /// @return null without such rows or weights of classes
  @Nullable RowWeights ofValidation(Part validation) {
    if (classWeights.length == 0 || validation.isEmpty()) {
      return null;
    }
    double largest =
        Arrays.stream(validation.rows())
            .filter(row -> validation.examples().weight(row) > 0)
            .mapToDouble(row -> classWeights[validation.examples().stratum(row)])
            .max()
            .orElse(1);
    return new RowWeights(
        validation.examples(), Arrays.stream(classWeights).map(w -> w / largest).toArray());
  }

  /// At least 0.
  double weight(int row) {
    double weight = examples.weight(row);
    return classWeights.length == 0 ? weight : weight * classWeights[examples.stratum(row)];
  }

  /// The weights of these rows, added up in their order.
  double sum(int[] rows) {
    double sum = 0;
    for (int row : rows) {
      sum += weight(row);
    }
    return sum;
  }
}
