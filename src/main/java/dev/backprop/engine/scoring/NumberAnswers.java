package dev.backprop.engine.scoring;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.figures.Bounds;
import dev.backprop.engine.figures.NumberAnswer;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.List;

/// Reads the numbers that a row is answered, in their units. One thread's scratch.
final class NumberAnswers {

  private final List<TargetScale> scales;
  private final List<Double> taus;
  private final int middle;
  private final Spreads spreads;

  /// The outputs of the row; quantiles sorted.
  private final float[] outputs;

  /// @param scales one a number
  /// @param target whose answers they are
  NumberAnswers(List<TargetScale> scales, Target target, Spreads spreads) {
    this.scales = scales;
    this.spreads = spreads;
    taus = target instanceof Target.Quantiles quantiles ? quantiles.taus() : List.of();
    middle = target instanceof Target.Quantiles quantiles ? quantiles.middle() : 0;
    outputs = new float[taus.isEmpty() ? scales.size() : taus.size()];
  }

  List<TargetScale> scales() {
    return scales;
  }

  /// Of the quantiles that are answered; none if it is one number or several.
  List<Double> taus() {
    return taus;
  }

  /// Reads a row.
  void read(Answers block, int row) {
    Matrix a = block.outputs();
    System.arraycopy(a.values(), a.offset() + row * outputs.length, outputs, 0, outputs.length);
    if (!taus.isEmpty()) {
      Arrays.sort(outputs);
    }
  }

  /// The output of the row that stands for a number.
  float encoded(int number) {
    return outputs[taus.isEmpty() ? number : middle];
  }

  double[] quantiles() {
    double[] quantiles = new double[outputs.length];
    for (int k = 0; k < quantiles.length; k++) {
      quantiles[k] = scales.getFirst().answer(outputs[k]);
    }
    return quantiles;
  }

  /// What is answered for a number of the row.
  ///
  /// @param row of the block, which was read
  NumberAnswer answer(int row, int number) {
    TargetScale scale = scales.get(number);
    double value = scale.answer(encoded(number));
    return taus.isEmpty()
        ? new NumberAnswer(value, spreads.of(row, number, scale))
        : new NumberAnswer(
            value, Double.NaN, scale.answer(outputs[0]), scale.answer(outputs[outputs.length - 1]));
  }

  /// Its target.
  double target(Answers block, int row, int number) {
    Matrix y = block.y();
    return scales.get(number).unclamped(y.values()[y.offset() + row * y.columns() + number]);
  }

  /// Bounds of a number as its answers are clamped.
  Bounds within(int number, Bounds bounds) {
    TargetScale.Range range = scales.get(number).range();
    return range == null ? bounds : bounds.within(range.min(), range.max());
  }
}
