package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.linalg.Team;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Examples that are encoded once, each row in one place. What is read again and again, in another
/// order every epoch, is then copied and not computed. Before [#keep] and after [#forget] rows are
/// encoded as they are asked for. The bits are the same.
public final class EncodedExamples implements Examples {

  private final Examples source;

  /// Null while rows are encoded as they are asked for.
  private volatile @Nullable Kept kept;

  private volatile boolean forgotten;

  private record Kept(DenseRows inputs, DenseRows targets) {}

  /// @param source with targets
  public EncodedExamples(Examples source) {
    this.source = source;
  }

  /// Encodes all rows.
  ///
  /// @param team shares the work
  public void keep(Team team) {
    DenseRows inputs = DenseRows.zeros(source.size(), source.inputs());
    DenseRows targets = DenseRows.zeros(source.size(), source.outputs());
    team.run(
        Math.ceilDiv(source.size(), PIECE),
        piece -> {
          int from = piece * PIECE;
          int n = Math.min(PIECE, source.size() - from);
          if (!forgotten) {
            encode(source, from, n, inputs, targets);
          }
        });
    synchronized (this) {
      kept = forgotten ? null : new Kept(inputs, targets);
    }
  }

  /// Lets go of the encoded rows, for good. Any thread may call this at any time; what another one
  /// reads just then it reads to its end.
  public synchronized void forget() {
    forgotten = true;
    kept = null;
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

  /// The memory that the encoded rows take while they are kept.
  public long keptBytes() {
    return (long) source.size() * Float.BYTES * (source.inputs() + source.outputs());
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public int inputs() {
    return source.inputs();
  }

  @Override
  public int outputs() {
    return source.outputs();
  }

  @Override
  public void encodeTargets(int[] rows, int from, int n, Matrix y) {
    Kept now = kept;
    if (now == null) {
      source.encodeTargets(rows, from, n, y);
    } else {
      now.targets.copy(rows, from, n, y);
    }
  }

  @Override
  public void encodeInputs(int[] rows, int from, int n, Matrix x) {
    Kept now = kept;
    if (now == null) {
      source.encodeInputs(rows, from, n, x);
    } else {
      now.inputs.copy(rows, from, n, x);
    }
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
    Kept now = kept;
    return source.bytes() + (now == null ? 0 : now.inputs.bytes() + now.targets.bytes());
  }
}
