package dev.backprop.service.intake;

import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.service.dataset.Dataset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a training learns from, as its request says it.
///
/// @param validation rows to validate on that were given apart; null to take them from the data
/// @param inlineBytes what data that came with the request takes; 0 for a data set
/// @param taskInferred whether the task follows from the data and not from the request
/// @param sha256 of the data as it was sent, in hexadecimal
/// @param warnings what the data told about itself
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

  /// Rows or numbers, with the data set that they are of.
  ///
  /// @param dataset null if they came with the request
  record Given(TrainingData data, @Nullable Dataset dataset) {

    /// What the columns are for; null if there are none.
    @Nullable Schema schema() {
      return data instanceof TrainingData.Rows(_, Schema schema, _) ? schema : null;
    }

    /// The columns that are read otherwise than the data set has them, or all if there is none.
    List<Column> own() {
      return switch (data) {
        case TrainingData.Bare _ -> List.of();
        case TrainingData.Rows(Table table, Schema columns, SplitSpec split) ->
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

  /// The columns that a table does not share with the one that it was made of.
  static List<Column> changed(Table original, Table made) {
    return made.columns().stream()
        .filter(column -> original.column(column.name()) != column)
        .toList();
  }
}
