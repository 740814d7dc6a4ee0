package dev.backprop.engine.scoring;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.figures.Calibration;
import dev.backprop.engine.figures.CalibrationRows;
import dev.backprop.engine.figures.Conformal;
import dev.backprop.engine.figures.NumberAnswer;
import dev.backprop.engine.figures.Sample;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers to rows that a model has not learned from, to find out by how sure it is. Of many rows
/// some are kept, spread evenly over all.
public final class CertaintyRows implements BlockSink {

  /// More say little more.
  public static final int MOST_ROWS = 10_000;

  private final int rows;
  private final int most;
  private final int groups;
  private final @Nullable CalibrationRows classes;
  private final @Nullable NumberAnswers reader;
  private final List<double[]> targets = new ArrayList<>();
  private final List<List<NumberAnswer>> answers = new ArrayList<>();
  private int seen;
  private int kept;

  /// @param scales of numbers; none of classes
  /// @param groups as [MemberSpread] has them when the model answers
  /// @param rows how many will come
  CertaintyRows(Target target, List<TargetScale> scales, Spreads spreads, int groups, int rows) {
    this.rows = rows;
    this.groups = groups;
    most = Math.min(MOST_ROWS, rows);
    classes =
        target instanceof Target.Classes of ? new CalibrationRows(of.classes().size(), most) : null;
    reader =
        target instanceof Target.Numbers || target instanceof Target.Quantiles
            ? new NumberAnswers(scales, target, spreads)
            : null;
    if (reader != null) {
      for (int j = 0; j < scales.size(); j++) {
        targets.add(new double[most]);
        answers.add(new ArrayList<>());
      }
    }
  }

  /// Bytes of what is kept.
  ///
  /// @param classes 0 for numbers
  /// @param numbers 0 for classes
  public static long bytes(long classes, long numbers, long rows) {
    long most = Math.min(MOST_ROWS, rows);
    return classes > 0 ? CalibrationRows.bytes(classes, most) : most * numbers * 64;
  }

  @Override
  public void add(Answers block, double lossSum, double @Nullable [] weights) {
    Matrix z = block.logits();
    for (int i = 0; i < z.rows(); i++) {
      if (!Sample.keeps(seen++, rows, most)) {
        continue;
      }
      if (classes != null) {
        classes.add(
            z.values(),
            z.offset() + i * z.columns(),
            ClassTally.chosen(block.y(), i),
            weights == null ? 1 : weights[i]);
      }
      if (reader != null) {
        reader.read(block, i);
        for (int j = 0; j < targets.size(); j++) {
          targets.get(j)[kept] = reader.target(block, i, j);
          answers.get(j).add(reader.answer(i, j));
        }
      }
      kept++;
    }
  }

  /// How sure the model is.
  ///
  /// @param apart other rows, which have neither ended its training nor chosen among networks: they
  ///   bound what is answered. These same if there are none
  public Certainty certainty(CertaintyRows apart) {
    if (apart.classes != null && classes != null) {
      Calibration found = classes.calibrate();
      Calibration calibration =
          found == null || apart == this ? found : apart.classes.measure(found);
      return new Certainty(
          calibration,
          calibration == null ? null : Conformal.Sets.of(apart.classes, calibration),
          null);
    }
    return new Certainty(null, apart.reader == null ? null : apart.intervals(apart.reader), null);
  }

  private @Nullable Conformal intervals(NumberAnswers reader) {
    boolean finite =
        answers.stream()
                .flatMap(List::stream)
                .allMatch(
                    answer ->
                        Double.isFinite(answer.value())
                            && Double.isFinite(answer.low())
                            && Double.isFinite(answer.high()))
            && targets.stream().flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
    return kept == 0 || !finite
        ? null
        : Conformal.Intervals.of(targets, answers, reader.taus().size() > 1, groups);
  }
}
