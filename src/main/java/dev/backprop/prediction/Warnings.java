package dev.backprop.prediction;

import dev.backprop.data.Feature;
import dev.backprop.data.Label;

/// The words for cells that a model was not trained for.
final class Warnings {

  private static final int MAX_TEXT = 100;

  private Warnings() {}

  /// Whether a number lies outside the range of the training part; false where it is missing.
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

  /// @param category may be long
  static String unseenText(Feature.Categorical feature, String category) {
    String text = category.length() <= MAX_TEXT ? category : category.substring(0, MAX_TEXT) + "…";
    return "%s: '%s' was not seen in training".formatted(feature.name(), text);
  }

  /// The text, cut where it is long.
  static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }
}
