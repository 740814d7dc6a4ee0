package dev.backprop.engine.plan;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.EncodedExamples;
import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.Feature;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TableExamples;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.training.Part;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Data with the encoders that were fitted on its training rows.
///
/// @param features null for bare numbers
record EncodedData(
    Examples examples, @Nullable FeatureEncoder features, TargetEncoder targetEncoder) {

  /// Inputs a column up to which rows are encoded once: a number and its indicator. Wider rows,
  /// such as one-hot ones, are read from memory no sooner than they are made of their cells.
  private static final int NARROW = 2;

  /// The rows, to be encoded once; null if they lie side by side as they are, or gain nothing.
  @Nullable EncodedExamples once() {
    return features == null || features.width() > NARROW * features.features().size()
        ? null
        : new EncodedExamples(examples);
  }

  /// The same with these rows.
  EncodedData with(Examples other) {
    return new EncodedData(other, features, targetEncoder);
  }

  /// Encoded inputs that never fire in the training rows.
  int[] silentInputs() {
    return features == null ? new int[0] : features.silentInputs();
  }

  /// What only the training rows could tell.
  List<String> warnings(int trainingRows) {
    if (features == null) {
      return List.of();
    }
    return features.features().stream()
        .filter(EncodedData::isConstant)
        .map(
            feature ->
                "column '%s' has one value only in the %d training rows: nothing is learned from it"
                    .formatted(feature.name(), trainingRows))
        .toList();
  }

  private static boolean isConstant(Feature feature) {
    return switch (feature) {
      case Feature.Numeric n -> n.min() == n.max();
      case Feature.Date date -> date.elapsed().min() == date.elapsed().max();
      case Feature.Categorical _ -> false;
    };
  }

  /// Other rows of the same schema, all of them, through the same encoders.
  Part encodeAlike(TrainingData other) {
    Examples alike =
        switch (other) {
          case TrainingData.Bare(BareExamples bare) -> bare;
          case TrainingData.Rows rows when features != null ->
              new TableExamples(rows.table(), features, targetEncoder, rows.schema().weight());
          case TrainingData.Rows _ ->
              throw new IllegalArgumentException("rows of columns beside bare numbers");
        };
    return new Part(alike, alike.labelled());
  }
}
