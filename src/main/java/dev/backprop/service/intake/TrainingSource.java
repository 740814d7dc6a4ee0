package dev.backprop.service.intake;

import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.service.dataset.Dataset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The data that a training learns from, as its request says.
///
/// @param validation the data set to validate on; null if rows to validate on are taken from the
///   data
/// @param inlineBytes memory of data that are in no uploaded data set: what came with the request,
///   and columns that are read otherwise than a data set has them
/// @param taskInferred whether the task follows from the data and not from the request
/// @param sha256 of the data as it was sent, in hexadecimal
/// @param warnings about the data
record TrainingSource(
    Given given,
    @Nullable Given validation,
    long inlineBytes,
    boolean taskInferred,
    String sha256,
    List<String> warnings) {

  TrainingData data() {
    return given.data();
  }

  /// Rows or numbers, and the uploaded data set that has them.
  ///
  /// @param dataset null if they came with the request
  record Given(TrainingData data, @Nullable Dataset dataset) {

    /// What the columns are for; null if there are none.
    @Nullable Schema schema() {
      return data instanceof TrainingData.Rows rows ? rows.schema() : null;
    }

    /// The used columns that are read otherwise than the uploaded data set has them; all used
    /// columns if there is no such data set.
    List<Column> own() {
      return switch (data) {
        case TrainingData.Bare _ -> List.of();
        case TrainingData.Rows(Table table, Schema columns, SplitSpec split, _) ->
            (dataset == null ? table.columns() : changed(dataset.table(), table))
                .stream().filter(column -> isUsed(column.name(), columns, split)).toList();
      };
    }

    private static boolean isUsed(String name, Schema schema, @Nullable SplitSpec split) {
      Schema.Field field = schema.field(name);
      return (split != null && split.column().equals(name))
          || (field != null
              && switch (field.role()) {
                case FEATURE, TARGET, WEIGHT -> true;
                case IGNORED, DROPPED -> false;
              });
    }
  }

  /// The columns of a table that it does not share with the table that it was made from.
  static List<Column> changed(Table original, Table made) {
    return made.columns().stream()
        .filter(column -> original.column(column.name()) != column)
        .toList();
  }
}
