package dev.backprop.engine.scoring;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.figures.Bounds;
import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.figures.NumberAnswer;
import dev.backprop.engine.figures.NumberFigures;
import dev.backprop.engine.figures.NumberRow;
import dev.backprop.engine.figures.Sample;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts for numbers, and for quantiles of one, whatever there is to tell of them.
final class NumberFigureTally implements Tally {

  private final Tally usual;
  private final Judging judging;
  private final NumberAnswers reader;
  private final List<TargetScale> scales;
  private final NumberFigures figures;
  private final NumberRow row;

  /// The answers of a row that stand for its numbers.
  private final float[] values;

  /// @param reader of the answers
  /// @param baseline of each number, in the encoding of the outputs
  /// @param rows how many will come
  NumberFigureTally(
      Tally usual, Judging judging, NumberAnswers reader, double[] baseline, int rows) {
    this.usual = usual;
    this.judging = judging;
    this.reader = reader;
    scales = reader.scales();
    double[] measured = new double[scales.size()];
    for (int j = 0; j < measured.length; j++) {
      measured[j] = scales.get(j).measuredBaseline(baseline[j]);
    }
    figures = new NumberFigures(scales, measured, rows);
    row = new NumberRow(scales);
    values = new float[scales.size()];
  }

  @Override
  public void add(Answers block, double lossSum, double @Nullable [] weights) {
    usual.add(block, lossSum, weights);
    Matrix y = block.y();
    for (int i = 0; i < y.rows(); i++) {
      reader.read(block, i);
      for (int j = 0; j < values.length; j++) {
        values[j] = reader.encoded(j);
      }
      row.set(values, 0, y.values(), y.offset() + i * y.columns());
      if (!reader.taus().isEmpty()) {
        double[] quantiles = reader.quantiles();
        row.quantiles(reader.taus(), quantiles, reader.target(block, i, 0));
      }
      if (judging.intervals() != null) {
        row.covered(covered(block, i, judging.intervals()));
      }
      figures.add(row, weights == null ? 1 : weights[i]);
    }
  }

  private double covered(Answers block, int i, Conformal.Intervals intervals) {
    double covered = 0;
    for (int j = 0; j < values.length; j++) {
      NumberAnswer answer = reader.answer(i, j);
      Bounds bounds = reader.within(j, intervals.bounds(Judging.INTERVAL, j, answer));
      covered += bounds.contains(reader.target(block, i, j)) ? 1.0 / values.length : 0;
    }
    return covered;
  }

  @Override
  public Evaluation evaluation() {
    return usual.evaluation().with(figures, judging.seed());
  }

  @Override
  public Sample sample() {
    return figures.sample();
  }
}
