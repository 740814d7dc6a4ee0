package dev.backprop.engine.scoring;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Workspace;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Encoder, network and decoder as one: what a model is when it answers. Equal rows get answers of
/// equal bits, alone or among others. Serves many threads; each brings its own workspace.
public final class Predictor {

  /// Rows that are predicted at once: whole groups of the kernels that take twelve at a time.
  private static final int BLOCK = 252;

  private final @Nullable FeatureEncoder features;
  private final Scorer scorer;

  /// @param features null if the network takes bare numbers
  public Predictor(@Nullable FeatureEncoder features, Scorer scorer) {
    this.features = features;
    this.scorer = scorer.alike();
  }

  /// Null if the network takes bare numbers.
  public @Nullable FeatureEncoder features() {
    return features;
  }

  public Scorer scorer() {
    return scorer;
  }

  /// How many cells a row has: one for each feature, or one for each bare input.
  public int cells() {
    return features == null ? scorer.network().inputs() : features.features().size();
  }

  /// Answers one row.
  ///
  /// @param cells in the order of the features, as [FeatureEncoder#encode] wants them, or the bare
  ///   inputs
  /// @param workspace of this model, of one row or more
  /// @throws NonFiniteOutputException if an output overflowed
  public Prediction predict(double[] cells, Workspace workspace) {
    workspace.rows(1);
    Matrix x = workspace.x();
    if (features == null) {
      for (int i = 0; i < cells.length; i++) {
        x.values()[x.offset() + i] = (float) cells[i];
      }
    } else {
      features.encode(cells, 0, x.values(), x.offset());
    }
    scorer.network().forward(workspace);
    return scorer.decode(workspace, 0);
  }

  /// Answers all rows in their order, block by block.
  ///
  /// @param examples encoded by this predictor's encoder; their targets are not looked at
  /// @param workspace of this model, of at least [Scorer#BLOCK] rows
  /// @throws NonFiniteOutputException if an output overflowed; the answers to the rows before were
  ///   given
  public void predict(Examples examples, Workspace workspace, Consumer<Prediction> answers) {
    int[] rows = new int[BLOCK];
    for (int from = 0; from < examples.size(); from += BLOCK) {
      int n = Math.min(BLOCK, examples.size() - from);
      for (int i = 0; i < n; i++) {
        rows[i] = from + i;
      }
      workspace.rows(n);
      examples.encodeInputs(rows, 0, n, workspace.x());
      scorer.network().forward(workspace);
      for (int i = 0; i < n; i++) {
        answers.accept(decode(workspace, i, from));
      }
    }
  }

  private Prediction decode(Workspace workspace, int row, int from) {
    try {
      return scorer.decode(workspace, row);
    } catch (NonFiniteOutputException e) {
      throw e.shiftedBy(from);
    }
  }
}
