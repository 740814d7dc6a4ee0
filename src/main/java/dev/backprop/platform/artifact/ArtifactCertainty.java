package dev.backprop.platform.artifact;

import static dev.backprop.platform.artifact.ArtifactDecoder.fault;

import dev.backprop.engine.figures.Calibration;
import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.figures.IntervalScore;
import dev.backprop.engine.scoring.Certainty;
import dev.backprop.engine.table.Target;

/// What a document says of how sure its model is, checked.
///
/// @param target as it is answered
/// @param networks that are served
record ArtifactCertainty(Certainty certainty, Target target, int networks) {

  /// What [dev.backprop.engine.figures.CalibrationRows] may find, and a little more.
  private static final double GREATEST = 1e7;

  void check() {
    Calibration calibration = certainty.calibration();
    if (calibration != null) {
      if (!(target instanceof Target.Classes)) {
        throw fault("/certainty/calibration", "goes with one target of classes only");
      }
      double temperature = calibration.temperature();
      if (temperature > GREATEST || temperature < 1 / GREATEST) {
        throw fault(
            "/certainty/calibration/temperature",
            "must be from %s to %s, was %s".formatted(1 / GREATEST, GREATEST, temperature));
      }
    }
    if (certainty.threshold() != null
        && !(target instanceof Target.Classes(_, var classes) && classes.size() == 2)) {
      throw fault("/certainty/threshold", "goes with a target of two classes only");
    }
    switch (certainty.conformal()) {
      case null -> {}
      case Conformal.Sets _ -> {
        if (!(target instanceof Target.Classes)) {
          throw fault("/certainty/conformal/type", "sets go with one target of classes only");
        }
      }
      case Conformal.Intervals intervals -> check(intervals);
    }
  }

  private void check(Conformal.Intervals intervals) {
    int numbers =
        switch (target) {
          case Target.Numbers of -> of.outputs();
          case Target.Quantiles _ -> 1;
          case Target.Classes _, Target.MultiLabel _, Target.Bare _ -> 0;
        };
    if (intervals.numbers().size() != numbers || numbers == 0) {
      throw fault(
          "/certainty/conformal/numbers",
          "must be %d, were %d".formatted(numbers, intervals.numbers().size()));
    }
    if (intervals.groups() < 1
        || intervals.groups() > networks
        || networks % intervals.groups() != 0) {
      throw fault(
          "/certainty/conformal/groups",
          "must divide the %d networks, was %d".formatted(networks, intervals.groups()));
    }
    for (int j = 0; j < numbers; j++) {
      if (intervals.numbers().get(j).score() instanceof IntervalScore.OfQuantiles
          && !(target instanceof Target.Quantiles)) {
        throw fault(
            "/certainty/conformal/numbers/%d/score".formatted(j), "goes with quantiles only");
      }
    }
  }
}
