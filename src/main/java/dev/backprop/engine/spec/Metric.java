package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A figure of how good a model is on some rows. It orders epochs, and whatever else is to be
/// chosen from.
public enum Metric {
  /// The mean of the loss that training minimizes.
  @JsonProperty("loss")
  LOSS("loss", false),

  /// The mean of -ln p(class).
  @JsonProperty("log-loss")
  LOG_LOSS("logLoss", false),

  /// The share of classes that are right; of several labels, the share of single labels.
  @JsonProperty("accuracy")
  ACCURACY("accuracy", true),

  /// The share of rows whose labels are all right.
  @JsonProperty("exact-match")
  EXACT_MATCH("exactMatch", true),

  /// The area under the ROC curve of the second of two classes; of many the mean over them.
  @JsonProperty("auc")
  AUC("auc", true),

  /// The harmonic mean of the positive class's precision and recall; of many classes the mean over
  /// them.
  @JsonProperty("f1")
  F1("f1", true),

  /// The area under the curve of precision over recall of the positive class; of many classes the
  /// mean over them.
  @JsonProperty("pr-auc")
  PR_AUC("prAuc", true),

  /// The correlation of actual and answered classes (Matthews 1975).
  @JsonProperty("mcc")
  MCC("mcc", true),

  /// The mean recall of the classes.
  @JsonProperty("balanced-accuracy")
  BALANCED_ACCURACY("balancedAccuracy", true),

  /// The mean squared error of the probabilities, summed over the classes (Brier 1950).
  @JsonProperty("brier")
  BRIER("brier", false),

  /// The root mean squared error in original units.
  @JsonProperty("rmse")
  RMSE("rmse", false),

  /// The mean absolute error in original units.
  @JsonProperty("mae")
  MAE("mae", false),

  /// The share of the variance that is explained.
  @JsonProperty("r2")
  R2("r2", true),

  /// The mean of |error / target|.
  @JsonProperty("mape")
  MAPE("mape", false),

  /// The mean of the losses of the quantiles in original units (Koenker and Bassett 1978).
  @JsonProperty("pinball")
  PINBALL("pinball", false);

  private final String figure;
  private final boolean higherIsBetter;

  Metric(String figure, boolean higherIsBetter) {
    this.figure = figure;
    this.higherIsBetter = higherIsBetter;
  }

  /// As what is told of a model names it.
  public String figure() {
    return figure;
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
