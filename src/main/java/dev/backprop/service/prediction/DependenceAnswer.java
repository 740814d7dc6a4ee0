package dev.backprop.service.prediction;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.TypicalRow;
import dev.backprop.engine.explain.Dependence;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.json.Values;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How answers depend on one column or two.
///
/// @param rows over which answers were averaged; 1 of a surface
/// @param columns one, or two: that of `x` and that of `y`
/// @param points of one column
/// @param x values of the first of two columns
/// @param y values of the second
/// @param answers a list for each value of y, in it one answer for each value of x: a number, or an
///   object of probabilities by class or label, or of numbers by target
@JsonInclude(JsonInclude.Include.NON_NULL)
record DependenceAnswer(
    String model,
    int version,
    int rows,
    List<String> columns,
    @Nullable List<Point> points,
    @Nullable List<Label> x,
    @Nullable List<Label> y,
    @Values(types = "array") @Nullable Object answers) {

  /// @param answer the number, or an object of several by target; of classes and labels there are
  ///   probabilities
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Point(
      Label value,
      @Values(types = {"number", "object"}) @Nullable Object answer,
      @Nullable Map<String, Double> probabilities) {}

  static DependenceAnswer of(
      ModelVersion version, ModelInputs.Columns inputs, int rows, Dependence.Answers found) {
    Target target = version.predictor().scorer().target();
    List<Feature> features = inputs.encoder().features();
    Dependence.Axis y = found.y();
    List<Label> x = labels(features, found.x());
    String column = features.get(found.x().feature()).name();
    return y == null
        ? new DependenceAnswer(
            version.name(),
            version.version(),
            rows,
            List.of(column),
            points(target, x, found.answers()[0]),
            null,
            null,
            null)
        : new DependenceAnswer(
            version.name(),
            version.version(),
            rows,
            List.of(column, features.get(y.feature()).name()),
            null,
            x,
            labels(features, y),
            Arrays.stream(found.answers())
                .map(row -> Arrays.stream(row).map(answer -> answer(target, answer)).toList())
                .toList());
  }

  private static List<Label> labels(List<Feature> features, Dependence.Axis axis) {
    return Arrays.stream(axis.cells())
        .mapToObj(cell -> TypicalRow.label(features.get(axis.feature()), cell))
        .toList();
  }

  private static List<Point> points(Target target, List<Label> values, double[][] answers) {
    boolean number = target instanceof Target.Numbers || target instanceof Target.Quantiles;
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      points.add(
          new Point(
              values.get(i),
              number ? answer(target, answers[i]) : null,
              number ? null : byName(names(target), answers[i])));
    }
    return points;
  }

  private static Object answer(Target target, double[] answer) {
    List<String> names = names(target);
    return names.isEmpty() ? (Object) answer[0] : byName(names, answer);
  }

  private static Map<String, Double> byName(List<String> names, double[] values) {
    Map<String, Double> map = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      map.put(names.get(i), values[i]);
    }
    return map;
  }

  /// None if there is but one number.
  private static List<String> names(Target target) {
    return switch (target) {
      case Target.Classes classes -> classes.classes().stream().map(Label::text).toList();
      case Target.MultiLabel labels -> labels.names();
      case Target.Numbers numbers -> numbers.outputs() == 1 ? List.of() : numbers.names();
      case Target.Quantiles _, Target.Bare _ -> List.of();
    };
  }
}
