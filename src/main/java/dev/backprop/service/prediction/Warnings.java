package dev.backprop.service.prediction;

import dev.backprop.engine.data.Feature;
import dev.backprop.engine.table.DatePart;
import dev.backprop.engine.table.Label;
import dev.backprop.platform.problem.Excerpt;

/// The words for cells that a model was not trained for.
final class Warnings {

  private Warnings() {}

  /// Whether a number lies outside the range of the training part; false if it is missing.
  static boolean outside(Feature.Numeric feature, double value) {
    return value < feature.min() || value > feature.max();
  }

  static String outsideText(Feature.Numeric feature, double value) {
    return "%s: %s is outside the training range %s to %s"
        .formatted(
            feature.name(),
            Label.canonical(value),
            Label.canonical(feature.min()),
            Label.canonical(feature.max()));
  }

  /// Whether a date lies outside the range of the training part; false if it is missing.
  static boolean outside(Feature.Date feature, double seconds) {
    return outside(feature.elapsed(), seconds / DatePart.SECONDS_A_DAY);
  }

  static String outsideText(Feature.Date feature, double seconds) {
    return "%s: %s is outside the training range %s to %s"
        .formatted(feature.name(), feature.format().text(seconds), feature.first(), feature.last());
  }

  /// @param category may be long
  static String unseenText(Feature.Categorical feature, String category) {
    String text = Excerpt.of(category);
    return "%s: '%s' was not seen in training".formatted(feature.name(), text);
  }
}
