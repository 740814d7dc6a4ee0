package dev.backprop.engine.plan;

import dev.backprop.engine.data.CellRows;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TypicalRow;
import dev.backprop.engine.drift.AnswerCells;
import dev.backprop.engine.drift.ColumnReference;
import dev.backprop.engine.drift.Reference;
import dev.backprop.engine.drift.Window;
import dev.backprop.engine.explain.Dependence;
import dev.backprop.engine.explain.Importance;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.table.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a model knows of the columns that it was trained on.
///
/// @param typicalRow the baseline of explanations, see [TypicalRow]
/// @param reference what drift is measured from; null for bare numbers
/// @param importance null if it was not asked for, or no rows are held out
public record Insights(
    List<Double> typicalRow, @Nullable Reference reference, @Nullable Measured importance) {

  public Insights {
    typicalRow = List.copyOf(typicalRow);
  }

  /// Which columns matter.
  ///
  /// @param metric whose fall was measured; of numbers its rise
  /// @param part of the rows, as [Learned#evaluations] names it
  public record Measured(String metric, String part, Importance columns) {}

  /// The typical row, as [Predictor#predict(double[],
  /// dev.backprop.engine.scoring.PredictorWorkspace)] takes it.
  public double[] typicalCells() {
    return typicalRow.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /// Heap that the insights of a model hold at most, and the window in which its rows are counted.
  public static long bytes(Schema schema) {
    long bytes = 0;
    for (Schema.Field field : schema.features()) {
      int bins =
          field.categories().isEmpty()
              ? ColumnReference.EDGES + 2
              : Math.min(ColumnReference.VALUES, field.categories().size()) + 3;
      bytes +=
          Window.bytes(bins)
              + bins * 3L * Long.BYTES
              + (long) Integer.BYTES * field.categories().size();
    }
    return bytes;
  }

  /// Of more rows than this, so many are drawn to be counted.
  private static final int MOST_COUNTED = 20_000;

  /// The same of rows that are answered, and of rows of bare numbers.
  private static final int MOST_ANSWERED = 2_000;

  /// Rows of a training.
  ///
  /// @param training those of `data` that trained
  /// @param heldOutData has the rows that were held out; `data` itself unless these came apart
  /// @param heldOut of each group of members, see [Predictor#evaluateApart]; perhaps none
  /// @param part what [Learned#evaluations] calls the rows that were held out
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Known(
      TrainingData data,
      int[] training,
      TrainingData heldOutData,
      List<int[]> heldOut,
      String part) {}

  /// @param limit of the time that columns are shuffled; null if no importance is asked for
  static Insights of(
      Known known, Predictor predictor, long seed, Importance.@Nullable Limit limit) {
    int[] counted = drawn(known.training, MOST_COUNTED, seed);
    int[] held = known.heldOut.stream().flatMapToInt(Arrays::stream).toArray();
    return new Insights(
        typicalRow(known, counted, predictor, seed),
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
        limit == null || held.length == 0 ? null : shuffle(known, predictor, seed, limit));
  }

  /// @param counted of the training rows
  private static List<Double> typicalRow(
      Known known, int[] counted, Predictor predictor, long seed) {
    double[] cells =
        switch (known.data) {
          case TrainingData.Rows rows -> TypicalRow.of(rows.table(), features(predictor), counted);
          case TrainingData.Bare bare ->
              TypicalRow.of(
                  CellRows.of(bare.examples(), drawn(known.training, MOST_ANSWERED, seed)));
        };
    return Arrays.stream(cells).boxed().toList();
  }

  private static Measured shuffle(
      Known known, Predictor predictor, long seed, Importance.Limit limit) {
    Importance.HeldOut heldOut =
        new Importance.HeldOut(
            predictor,
            rows -> cells(known.heldOutData, predictor, rows),
            known.heldOutData.rows(predictor),
            known.heldOut);
    return new Measured(
        Headline.metric(predictor.scorer().target(), predictor.scorer().network().spec()).figure(),
        known.part,
        Importance.of(heldOut, Insights::score, seed, limit));
  }

  /// Larger is better.
  private static double score(Evaluation evaluation) {
    double value = Headline.value(evaluation);
    return Headline.metric(evaluation).higherIsBetter() ? value : -value;
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
