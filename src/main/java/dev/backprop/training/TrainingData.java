package dev.backprop.training;

import dev.backprop.data.BareExamples;
import dev.backprop.data.Examples;
import dev.backprop.data.FeatureEncoder;
import dev.backprop.data.Schema;
import dev.backprop.data.Split;
import dev.backprop.data.Table;
import dev.backprop.data.TableExamples;
import dev.backprop.data.Target;
import dev.backprop.data.TargetEncoder;
import dev.backprop.linalg.Matrix;
import dev.backprop.spec.Activation;
import dev.backprop.spec.InvalidSpecException;
import dev.backprop.spec.LossSpec;
import dev.backprop.spec.NetworkSpec;
import java.util.Arrays;
import java.util.List;

/// What to learn from, before any encoding.
public sealed interface TrainingData {

  Target target();

  int rows();

  /// Inputs of the network.
  int inputs();

  /// Heap that the schema will hold in a model.
  long schemaBytes();

  Split split(double validationFraction, double testFraction, long seed);

  /// Fits the encoders on these rows.
  EncodedData encode(int[] trainingRows);

  /// @throws InvalidSpecException where a target is out of the range of the network's loss
  void checkTargets(NetworkSpec resolved);

  /// Rows of typed columns.
  record Rows(Table table, Schema schema) implements TrainingData {

    /// A label, its text and its entry in a map.
    private static final long BYTES_PER_CATEGORY = 160;

    @Override
    public Target target() {
      return schema.target();
    }

    @Override
    public int rows() {
      return table.rows();
    }

    @Override
    public int inputs() {
      return schema.width();
    }

    @Override
    public long schemaBytes() {
      long categories =
          schema.fields().stream().mapToLong(field -> 1 + field.categories().size()).sum();
      return BYTES_PER_CATEGORY * categories;
    }

    @Override
    public Split split(double validationFraction, double testFraction, long seed) {
      double[] means = new double[statistics()];
      double[] stds = new double[statistics()];
      Arrays.fill(stds, 1);
      // No features and no statistics yet: both are measured on what this split gives to training.
      Examples unencoded =
          new TableExamples(
              table,
              FeatureEncoder.of(List.of(), new int[0]),
              TargetEncoder.of(target(), means, stds));
      return Split.of(unencoded, validationFraction, testFraction, seed);
    }

    private int statistics() {
      return target() instanceof Target.Numbers numbers ? numbers.outputs() : 0;
    }

    @Override
    public EncodedData encode(int[] trainingRows) {
      FeatureEncoder features = FeatureEncoder.fit(table, schema.features(), trainingRows);
      TargetEncoder targets = TargetEncoder.fit(schema.target(), table, trainingRows);
      return new EncodedData(new TableExamples(table, features, targets), features, targets);
    }

    @Override
    public void checkTargets(NetworkSpec resolved) {
      // Classes and standardized numbers suit every loss that resolving lets through.
    }
  }

  /// Bare numbers, used as they are.
  record Bare(BareExamples examples) implements TrainingData {

    @Override
    public Target target() {
      return new Target.Bare(examples.outputs());
    }

    @Override
    public int rows() {
      return examples.size();
    }

    @Override
    public int inputs() {
      return examples.inputs();
    }

    @Override
    public long schemaBytes() {
      return 0;
    }

    @Override
    public Split split(double validationFraction, double testFraction, long seed) {
      return Split.of(examples, validationFraction, testFraction, seed);
    }

    @Override
    public EncodedData encode(int[] trainingRows) {
      return new EncodedData(examples, null, TargetEncoder.bare(examples.outputs()));
    }

    @Override
    public void checkTargets(NetworkSpec resolved) {
      if (!(resolved.resolvedLoss() instanceof LossSpec.CrossEntropy)) {
        return;
      }
      boolean oneHot = resolved.outputActivation() instanceof Activation.Softmax;
      Matrix x = Matrix.allocate(1, examples.inputs());
      Matrix y = Matrix.allocate(1, examples.outputs());
      int[] row = new int[1];
      for (int i = 0; i < examples.size(); i++) {
        row[0] = i;
        examples.encode(row, 0, 1, x, y);
        if (oneHot) {
          checkOneHot(y.values(), i);
        } else {
          checkProbabilities(y.values(), i);
        }
      }
    }

    private static void checkOneHot(float[] y, int row) {
      int ones = 0;
      int zeros = 0;
      for (float value : y) {
        ones += value == 1 ? 1 : 0;
        zeros += value == 0 ? 1 : 0;
      }
      if (ones != 1 || zeros != y.length - 1) {
        throw new InvalidSpecException(
            "/data/targets/" + row,
            "must be one-hot for a softmax output: one 1 and %d zeros, had %d and %d"
                .formatted(y.length - 1, ones, zeros));
      }
    }

    private static void checkProbabilities(float[] y, int row) {
      for (int j = 0; j < y.length; j++) {
        if (!(y[j] >= 0 && y[j] <= 1)) {
          throw new InvalidSpecException(
              "/data/targets/" + row + "/" + j,
              "must be from 0 to 1 for cross-entropy on a sigmoid output, was " + y[j]);
        }
      }
    }
  }
}
