package dev.backprop.engine.scoring;

import dev.backprop.engine.figures.ClassAnswer;
import dev.backprop.engine.figures.ClassFigures;
import dev.backprop.engine.figures.Sample;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import org.jspecify.annotations.Nullable;

/// Counts for classes whatever there is to tell of them.
final class ClassFigureTally implements Tally {

  private final ClassTally usual;
  private final Judging judging;
  private final ClassFigures figures;
  private final ClassAnswer answer;
  private boolean finite = true;

  /// @param frequencies of the classes in the training rows
  /// @param rows how many will come
  ClassFigureTally(ClassTally usual, Judging judging, double[] frequencies, int rows) {
    this.usual = usual;
    this.judging = judging;
    figures = new ClassFigures(judging.threshold(), frequencies, rows);
    answer = new ClassAnswer(frequencies.length);
  }

  @Override
  public void add(Answers block, double lossSum, double @Nullable [] weights) {
    usual.add(block, lossSum, weights);
    Matrix z = block.logits();
    int q = z.columns();
    for (int i = 0; i < z.rows(); i++) {
      int first = z.offset() + i * q;
      for (int j = 0; j < q; j++) {
        finite &= Float.isFinite(z.values()[first + j]);
      }
      if (finite) {
        answer.set(z.values(), first, 1);
        figures.add(answer, ClassTally.chosen(block.y(), i), weights == null ? 1 : weights[i]);
      }
    }
  }

  @Override
  public Evaluation evaluation() {
    Evaluation.Classification told = usual.evaluation();
    return finite ? told.with(figures, judging.seed()) : told;
  }

  @Override
  public Sample sample() {
    return figures.sample();
  }
}
