package dev.backprop.service.prediction;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.CellRows;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Table;
import dev.backprop.service.dataset.DataProblems;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Rows that a model is asked about, in memory.
///
/// @param cells gives those of some of the rows, ascending, as the predictor takes them
/// @param warnings null if there is nothing to say about any row
/// @param passed the columns whose texts are copied into the answer
/// @param texts of each of them, by the row
/// @param labelled the table of rows that have columns and targets; else null
record PredictionRows(
    PredictorRows rows,
    Cells cells,
    @Nullable RowWarnings warnings,
    List<String> passed,
    List<IntFunction<@Nullable String>> texts,
    @Nullable Labelled labelled)
    implements GivenRows {

  private PredictionRows(PredictorRows rows, Cells cells, @Nullable RowWarnings warnings) {
    this(rows, cells, warnings, List.of(), List.of(), null);
  }

  private PredictionRows(Labelled labelled, PredictorRows rows, Cells cells) {
    this(rows, cells, null, List.of(), List.of(), labelled);
  }

  /// @param table declared by the schema of the model
  /// @param shown the same rows as they were given
  record Labelled(Table table, Table shown) {}

  /// Gives cells.
  interface Cells {
    CellRows of(int[] rows);
  }

  /// @param table declared by the schema of the model
  static PredictionRows of(ModelVersion version, ModelInputs.Columns columns, Table table) {
    return new PredictionRows(
        PredictorRows.of(version.predictor(), table),
        cells(version, table),
        new RowWarnings(table, columns.encoder().features()));
  }

  private static Cells cells(ModelVersion version, Table table) {
    return rows -> CellRows.of(table, Objects.requireNonNull(version.predictor().features()), rows);
  }

  static PredictionRows of(ModelVersion version, DenseRows inputs) {
    return of(version, new BareExamples(inputs, null));
  }

  private static PredictionRows of(ModelVersion version, BareExamples rows) {
    return new PredictionRows(
        PredictorRows.of(version.predictor(), rows), some -> CellRows.of(rows, some), null);
  }

  /// The same with targets, to be held against the model's answers; and with weights, if the model
  /// was trained with weights and the rows have them too.
  ///
  /// @throws dev.backprop.platform.problem.ProblemException 422 if the table has a class that the
  ///   model has never seen, or a weight that cannot be
  static PredictionRows labelled(
      ModelVersion version, ModelInputs.Columns columns, Table table, String pointer) {
    try {
      return new PredictionRows(
          new Labelled(table, table),
          PredictorRows.labelled(version.predictor(), table, columns.schema().weight()),
          cells(version, table));
    } catch (InvalidDataException e) {
      throw DataProblems.inTable(pointer, e);
    }
  }

  static PredictionRows labelled(ModelVersion version, DenseRows inputs, DenseRows targets) {
    return of(version, new BareExamples(inputs, targets));
  }

  /// A part of rows with targets.
  ///
  /// @param weight a column of both tables; null if every row of every part weighs the same
  /// @throws InvalidDataException as [PredictorRows#labelledPart]
  static PredictionRows labelledPart(
      ModelVersion version, Labelled labelled, @Nullable String weight) {
    Table table = labelled.table();
    return new PredictionRows(
        labelled,
        PredictorRows.labelledPart(version.predictor(), table, weight),
        cells(version, table));
  }

  /// The same rows with texts that are copied into the answer.
  ///
  /// @param texts by the row, null where it has none
  PredictionRows passing(List<String> columns, List<IntFunction<@Nullable String>> texts) {
    return new PredictionRows(rows, cells, warnings, columns, texts, labelled);
  }

  /// The text that is copied into the answer to a row.
  @Nullable String passed(int column, int row) {
    return texts.get(column).apply(row);
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public Parts parts() {
    return new Parts() {
      private boolean given;

      @Override
      public @Nullable PredictionRows next() {
        if (given) {
          return null;
        }
        given = true;
        return PredictionRows.this;
      }
    };
  }

  List<String> warningsOf(int row) {
    return warnings == null ? List.of() : warnings.of(row);
  }
}
