package dev.backprop.engine.plan;

import dev.backprop.engine.data.CellRows;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TypicalRow;
import dev.backprop.engine.drift.AnswerCells;
import dev.backprop.engine.drift.Reference;
import dev.backprop.engine.scoring.Dependence;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Importance;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// What a model knows of the columns that it was trained on.
///
/// @param typicalRow the baseline of explanations, see [TypicalRow]
/// @param reference what drift is measured from; null for bare numbers
/// @param importance null if it was not asked for, or no rows are held out
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
public record Insights(
    double[] typicalRow, @Nullable Reference reference, @Nullable Importance importance) {

  /// Of more rows than this, so many are drawn to be counted.
  private static final int MOST_COUNTED = 100_000;

  /// The same of rows that are answered, and of rows of bare numbers.
  private static final int MOST_ANSWERED = 2_000;

  /// Rows of a training.
  ///
  /// @param training those of `data` that trained
  /// @param heldOutData has the rows that were held out; `data` itself unless these came apart
  /// @param heldOut of each group of members, see [Predictor#evaluateApart]; perhaps none
  record Known(TrainingData data, int[] training, TrainingData heldOutData, List<int[]> heldOut) {}

  /// How columns are shuffled.
  ///
  /// @param score larger is better
  record Shuffling(ToDoubleFunction<Evaluation> score, Importance.Limit limit) {}

  /// @param shuffling null if no importance is asked for
  static Insights of(Known known, Predictor predictor, long seed, @Nullable Shuffling shuffling) {
    int[] counted = drawn(known.training, MOST_COUNTED, seed);
    int[] held = known.heldOut.stream().flatMapToInt(Arrays::stream).toArray();
    return new Insights(
        switch (known.data) {
          case TrainingData.Rows rows -> TypicalRow.of(rows.table(), features(predictor), counted);
          case TrainingData.Bare bare ->
              TypicalRow.of(
                  CellRows.of(bare.examples(), drawn(known.training, MOST_ANSWERED, seed)));
        },
        switch (known.data) {
          case TrainingData.Rows rows ->
              new Reference(
                  Reference.columns(rows.table(), features(predictor), counted),
                  AnswerCells.reference(
                      predictor.scorer().target(),
                      held.length > 0
                          ? answers(known.heldOutData, held, predictor, seed)
                          : answers(rows, known.training, predictor, seed)));
          case TrainingData.Bare _ -> null;
        },
        shuffling == null || held.length == 0 ? null : shuffle(known, predictor, seed, shuffling));
  }

  private static Importance shuffle(
      Known known, Predictor predictor, long seed, Shuffling shuffling) {
    Importance.HeldOut heldOut =
        new Importance.HeldOut(
            predictor,
            rows -> cells(known.heldOutData, predictor, rows),
            known.heldOutData.rows(predictor),
            known.heldOut);
    return Importance.of(heldOut, shuffling.score, seed, shuffling.limit);
  }

  private static FeatureEncoder features(Predictor predictor) {
    return Objects.requireNonNull(predictor.features());
  }

  private static int[] drawn(int[] rows, int most, long seed) {
    return Arrays.stream(Dependence.sample(rows.length, most, seed)).map(i -> rows[i]).toArray();
  }

  private static CellRows cells(TrainingData data, Predictor predictor, int[] rows) {
    return switch (data) {
      case TrainingData.Rows of -> CellRows.of(of.table(), features(predictor), rows);
      case TrainingData.Bare bare -> CellRows.of(bare.examples(), rows);
    };
  }

  private static List<double[]> answers(
      TrainingData data, int[] rows, Predictor predictor, long seed) {
    CellRows cells = cells(data, predictor, drawn(rows, MOST_ANSWERED, seed)).renumbered();
    List<double[]> answers = new ArrayList<>(cells.size());
    predictor.predict(
        PredictorRows.of(predictor, cells),
        predictor.workspace(Math.clamp(cells.size(), 1, Scorer.BLOCK)),
        prediction -> answers.add(AnswerCells.of(prediction)));
    return answers;
  }
}
