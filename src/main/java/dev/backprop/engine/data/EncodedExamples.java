package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.linalg.Team;
import java.util.List;

/// Examples that have been encoded once, each row in one place. What is read again and again, in
/// another order every epoch, is then copied and not computed. The bits are the same.
public final class EncodedExamples implements Examples {

  private final Examples source;
  private final DenseRows inputs;
  private final DenseRows targets;

  private EncodedExamples(Examples source, DenseRows inputs, DenseRows targets) {
    this.source = source;
    this.inputs = inputs;
    this.targets = targets;
  }

  /// Encodes all rows.
  ///
  /// @param source with targets
  /// @param team shares the work
  public static EncodedExamples of(Examples source, Team team) {
    DenseRows inputs = DenseRows.zeros(source.size(), source.inputs());
    DenseRows targets = DenseRows.zeros(source.size(), source.outputs());
    team.run(
        Math.ceilDiv(source.size(), PIECE),
        piece -> {
          int from = piece * PIECE;
          int n = Math.min(PIECE, source.size() - from);
          encode(source, from, n, inputs, targets);
        });
    return new EncodedExamples(source, inputs, targets);
  }

  /// Rows that are encoded at once.
  private static final int PIECE = 256;

  /// A row without a target is left out: nobody will ask for it.
  private static void encode(
      Examples source, int from, int n, DenseRows inputs, DenseRows targets) {
    int[] rows = new int[n];
    int labelled = 0;
    for (int row = from; row < from + n; row++) {
      if (source.stratum(row) != NO_TARGET) {
        rows[labelled++] = row;
      }
    }
    Matrix x = Matrix.allocate(Math.max(1, labelled), source.inputs());
    Matrix y = Matrix.allocate(Math.max(1, labelled), source.outputs());
    source.encode(rows, 0, labelled, x, y);
    inputs.put(rows, labelled, x.values());
    targets.put(rows, labelled, y.values());
  }

  /// The memory that the encoded rows of a source take.
  public static long bytes(Examples source) {
    return (long) source.size() * Float.BYTES * (source.inputs() + source.outputs());
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public int inputs() {
    return inputs.width();
  }

  @Override
  public int outputs() {
    return targets.width();
  }

  @Override
  public void encodeTargets(int[] rows, int from, int n, Matrix y) {
    targets.copy(rows, from, n, y);
  }

  @Override
  public void encodeInputs(int[] rows, int from, int n, Matrix x) {
    inputs.copy(rows, from, n, x);
  }

  @Override
  public int stratum(int row) {
    return source.stratum(row);
  }

  @Override
  public boolean weighted() {
    return source.weighted();
  }

  @Override
  public double weight(int row) {
    return source.weight(row);
  }

  @Override
  public List<Unlearned> unlearnedCategories(int[] rows, boolean unknown) {
    return source.unlearnedCategories(rows, unknown);
  }

  @Override
  public long bytes() {
    return source.bytes() + inputs.bytes() + targets.bytes();
  }
}
