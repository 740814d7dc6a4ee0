package dev.backprop.engine.scoring;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.CellBlock;
import dev.backprop.engine.data.CellRows;
import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TableExamples;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.table.Table;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rows as each member of a predictor encodes them.
///
/// @param ofMembers one each, in the order of the members
/// @param labelled the rows with their targets and weights, if they have targets, as the whole
///   predictor encodes them
public record PredictorRows(List<Examples> ofMembers, Examples labelled) {

  /// Rows without targets.
  ///
  /// @param table has the columns of the features with their types
  public static PredictorRows of(Predictor predictor, Table table) {
    List<Examples> ofMembers = inputs(predictor, table);
    return new PredictorRows(ofMembers, ofMembers.getFirst());
  }

  /// Rows with targets.
  ///
  /// @param table has the columns of the features and of the target with their types
  /// @param weight the column of weights; null if every row weighs the same
  /// @throws dev.backprop.engine.table.InvalidDataException if the table has a class that the
  ///   target does not, or a number or a weight that cannot be
  public static PredictorRows labelled(Predictor predictor, Table table, @Nullable String weight) {
    return labelled(
        predictor,
        table,
        new TableExamples(table, features(predictor), predictor.scorer().targetEncoder(), weight));
  }

  /// A part of rows with targets, which may weigh nothing together.
  ///
  /// @param weight a column that the table has; null if every row of every part weighs the same
  /// @throws dev.backprop.engine.table.InvalidDataException as [#labelled]
  public static PredictorRows labelledPart(
      Predictor predictor, Table table, @Nullable String weight) {
    TargetEncoder target = predictor.scorer().targetEncoder();
    return labelled(
        predictor, table, TableExamples.ofPart(table, features(predictor), target, weight));
  }

  private static FeatureEncoder features(Predictor predictor) {
    return Objects.requireNonNull(predictor.features());
  }

  private static PredictorRows labelled(Predictor predictor, Table table, TableExamples labelled) {
    // A member that is served alone may encode features in another way than the whole predictor.
    return predictor.members().size() == 1
            && predictor.members().getFirst().features() == features(predictor)
        ? new PredictorRows(List.of(labelled), labelled)
        : new PredictorRows(inputs(predictor, table), labelled);
  }

  /// Bare numbers, which every member takes as they are.
  public static PredictorRows of(Predictor predictor, BareExamples rows) {
    return new PredictorRows(predictor.members().stream().<Examples>map(_ -> rows).toList(), rows);
  }

  /// Rows whose cells may be changed, without targets.
  public static PredictorRows of(Predictor predictor, CellRows rows) {
    return of(predictor, rows, rows.encodedBy(predictor.features()));
  }

  /// The same with the targets and weights of other rows of the same numbers.
  public static PredictorRows of(Predictor predictor, CellRows rows, Examples labelled) {
    return new PredictorRows(
        predictor.members().stream().map(member -> rows.encodedBy(member.features())).toList(),
        labelled);
  }

  /// Rows of a block that is filled again and again, without targets.
  ///
  /// @param first the row of the block that is row 0 here
  public static PredictorRows of(Predictor predictor, CellBlock rows, int first) {
    return new PredictorRows(
        predictor.members().stream()
            .map(member -> rows.encodedBy(member.features(), first))
            .toList(),
        rows.encodedBy(predictor.features(), first));
  }

  private static List<Examples> inputs(Predictor predictor, Table table) {
    return predictor.members().stream()
        .<Examples>map(
            member -> new TableExamples(table, Objects.requireNonNull(member.features()), null))
        .toList();
  }

  public int size() {
    return labelled.size();
  }
}
