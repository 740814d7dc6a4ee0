package dev.backprop.spark.training;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.TableExamples;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.table.Table;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.Serializable;

/// The rows of a shard that have a target, as they enter the network.
final class EncodedShard implements Examples, Serializable {

  private static final long serialVersionUID = 1;

  /// Rows that are encoded at once.
  private static final int BLOCK = 256;

  private final int number;
  private final int inputs;
  private final int outputs;
  private final float[] x;
  private final float[] y;
  private final double[] weights;
  private final int[] strata;
  private final int[][] parts;

  private EncodedShard(int number, Examples source, int[] rows, byte[] parts) {
    this.number = number;
    this.inputs = source.inputs();
    this.outputs = source.outputs();
    long floats = (long) rows.length * Math.max(inputs, outputs);
    if (floats > Integer.MAX_VALUE - 8) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "--shards: must be more, shard %d has %d rows of %d inputs"
              .formatted(number, rows.length, inputs));
    }
    this.x = new float[rows.length * inputs];
    this.y = new float[rows.length * outputs];
    this.weights = new double[source.weighted() ? rows.length : 0];
    this.strata = new int[rows.length];
    Matrix some = Matrix.allocate(BLOCK, inputs);
    Matrix targets = Matrix.allocate(BLOCK, outputs);
    byte[] own = new byte[rows.length];
    for (int from = 0; from < rows.length; from += BLOCK) {
      int n = Math.min(BLOCK, rows.length - from);
      source.encode(rows, from, n, some, targets);
      System.arraycopy(some.values(), 0, x, from * inputs, n * inputs);
      System.arraycopy(targets.values(), 0, y, from * outputs, n * outputs);
    }
    for (int i = 0; i < rows.length; i++) {
      own[i] = parts[rows[i]];
      strata[i] = source.stratum(rows[i]);
      if (weights.length > 0) {
        weights[i] = source.weight(rows[i]);
      }
    }
    int[] all = java.util.stream.IntStream.range(0, rows.length).toArray();
    this.parts =
        new int[][] {
          RowParts.of(RowParts.TRAINING, own, all),
          RowParts.of(RowParts.VALIDATION, own, all),
          RowParts.of(RowParts.TEST, own, all)
        };
  }

  static EncodedShard of(Shard shard, SharedPlan.Live plan) {
    Table table = plan.schema().conform(shard.read(), true);
    var encoders = plan.encoders();
    Examples examples =
        TableExamples.ofPart(
            table,
            java.util.Objects.requireNonNull(encoders.features()),
            encoders.target(),
            plan.schema().weight());
    return new EncodedShard(shard.number(), examples, examples.labelled(), shard.parts());
  }

  int number() {
    return number;
  }

  /// The rows that play a part, see [RowParts].
  int[] rows(byte part) {
    return parts[part];
  }

  /// That of its training rows.
  Baseline baseline() {
    return Baseline.of(this, rows(RowParts.TRAINING));
  }

  @Override
  public int size() {
    return strata.length;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public void encodeInputs(int[] rows, int from, int n, Matrix into) {
    copy(this.x, inputs, rows, from, n, into);
  }

  @Override
  public void encodeTargets(int[] rows, int from, int n, Matrix into) {
    copy(this.y, outputs, rows, from, n, into);
  }

  private static void copy(float[] of, int width, int[] rows, int from, int n, Matrix into) {
    into.rows(n);
    for (int i = 0; i < n; i++) {
      System.arraycopy(of, rows[from + i] * width, into.values(), into.offset() + i * width, width);
    }
  }

  @Override
  public int stratum(int row) {
    return strata[row];
  }

  @Override
  public boolean weighted() {
    return weights.length > 0;
  }

  @Override
  public double weight(int row) {
    return weights.length == 0 ? 1 : weights[row];
  }

  @Override
  public long bytes() {
    return 4L * (x.length + y.length + strata.length) + 8L * weights.length;
  }
}
