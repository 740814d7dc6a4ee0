package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A figure of how good a model is on some rows. It orders epochs, and whatever else is to be
/// chosen from.
public enum Metric {
  /// The mean of the loss that training minimizes.
  @JsonProperty("loss")
  LOSS(false),

  /// The mean of -ln p(class).
  @JsonProperty("log-loss")
  LOG_LOSS(false),

  /// The share of classes that are right; of several labels, the share of single labels.
  @JsonProperty("accuracy")
  ACCURACY(true),

  /// The share of rows whose labels are all right.
  @JsonProperty("exact-match")
  EXACT_MATCH(true),

  /// The area under the ROC curve of the second of two classes.
  @JsonProperty("auc")
  AUC(true),

  /// The root mean squared error in original units.
  @JsonProperty("rmse")
  RMSE(false),

  /// The mean absolute error in original units.
  @JsonProperty("mae")
  MAE(false);

  private final boolean higherIsBetter;

  Metric(boolean higherIsBetter) {
    this.higherIsBetter = higherIsBetter;
  }

  public boolean higherIsBetter() {
    return higherIsBetter;
  }

  /// As requests have it.
  @Override
  public String toString() {
    return TypeName.of(this);
  }
}
