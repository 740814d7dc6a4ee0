package dev.backprop.engine.plan;

import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingRules;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.RowWeights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What data and specs must be to each other. Its exceptions have pointers below `/training`. Those
/// about weights have pointers below `/data`, because the request gives the weights there.
///
/// @param validation rows to validate on that are not taken from the data; null to split the data
/// @param spec its encoding and its network are resolved
record PlanChecks(TrainingData data, @Nullable TrainingData validation, FitSpec spec) {

  NetworkSpec network() {
    return spec.network();
  }

  TrainingSpec training() {
    return spec.training();
  }

  void checkBeforeSplit() {
    RowWeights.check(training().classWeights(), data.target());
    if (validation != null
        && training().validationFraction() != null
        && training().validationFraction() > 0) {
      throw new InvalidSpecException(
          "/validationFraction",
          "must be left out where validation rows are given apart, was "
              + training().validationFraction());
    }
    if (selection() != null) {
      selection().checkTarget();
    }
    checkThreshold();
    TrainingRules.checkLayerStatistics(training(), network());
  }

  /// Both are of two classes. Of bare numbers nothing is called a class, or calibrated.
  private void checkThreshold() {
    List<String> classes =
        data.target() instanceof Target.Classes(_, List<Label> of)
            ? of.stream().map(Label::text).toList()
            : List.of();
    if (training().threshold() != null && classes.size() != 2) {
      throw new InvalidSpecException(
          "/threshold",
          "goes with a target of two classes, this one has %d".formatted(classes.size()));
    }
    if (training().positive() != null && classes.size() != 2) {
      throw new InvalidSpecException(
          "/positive",
          "goes with a target of two classes, this one has %d".formatted(classes.size()));
    }
    if (training().positive() != null && !classes.contains(training().positive())) {
      throw new InvalidSpecException(
          "/positive",
          "must be one of the classes '%s' and '%s', was '%s'"
              .formatted(classes.getFirst(), classes.getLast(), training().positive()));
    }
    if (training().calibration() && data.target() instanceof Target.Bare) {
      throw new InvalidSpecException("/calibration", "must be false for bare numbers");
    }
  }

  private @Nullable SelectionChecks selection() {
    return training().selection() == null
        ? null
        : new SelectionChecks(
            training().selection(), training(), data.target(network()), network());
  }

  void check(Split split, double validationFraction) {
    if (split.training().length == 0) {
      throw new InvalidSpecException(
          validationFraction > 0 ? "/validationFraction" : "/testFraction",
          "must leave at least 1 training row, leaves 0 of " + data.rows());
    }
    checkSums(split);
    if (validation == null) {
      checkValidated(split);
    } else if (selection() != null) {
      selection().checkRows(validation, new HoldOut(data, validation, split).validating());
    }
    switch (Procedure.of(spec)) {
      case Procedure.Single _, Procedure.HeldOut _ -> {}
      case Procedure.InFolds folds -> check(folds, split);
    }
  }

  private void check(Procedure.InFolds procedure, Split split) {
    if (validation != null) {
      throw new InvalidSpecException(
          "/" + procedure.setting(),
          "must be left out where validation rows are given apart, was %d folds"
              .formatted(procedure.folds()));
    }
    if (procedure instanceof Procedure.Bagged && data.splitBy() instanceof SplitSpec.Order order) {
      throw new InvalidSpecException(
          "/bagging",
          "does not go with data.split.order, which is '%s': later rows would train for earlier ones"
              .formatted(order.column()));
    }
    int rows = split.training().length;
    if (procedure.folds() > rows) {
      throw new InvalidSpecException(
          "/" + procedure.setting() + "/folds",
          "must be at most the %d training rows, was %d".formatted(rows, procedure.folds()));
    }
    int smallest = network().smallestBatch();
    if (data.unencoded().weighted()
        || smallest > 1
        || data.splitBy() != null
        || training().selection() != null) {
      Folds folds = procedure.deal(data, split, training().seed());
      for (int fold = 0; fold < folds.count(); fold++) {
        Split rowsOfFold = folds.split(fold);
        if (rowsOfFold.training().length < smallest) {
          throw new InvalidSpecException(
              "/" + procedure.setting() + "/folds",
              "must leave at least %d rows to train on with batch normalization, leaves %d"
                  .formatted(smallest, rowsOfFold.training().length));
        }
        checkSums(rowsOfFold);
        checkValidated(rowsOfFold);
      }
    }
  }

  private void checkValidated(Split split) {
    if (selection() != null) {
      selection().checkRows(data, split.validation());
    }
  }

  private void checkSums(Split split) {
    RowWeights.checkSums(data.unencoded(), split, data.target(), training().classWeights());
  }

  void checkBatch(TrainingSpec resolved) {
    if (resolved.resolvedBatchSize() < network().smallestBatch()) {
      throw new InvalidSpecException(
          "/batchSize",
          "must be at least %d with batch normalization, was %d"
              .formatted(network().smallestBatch(), resolved.resolvedBatchSize()));
    }
  }
}
