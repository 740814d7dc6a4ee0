package dev.backprop.service.intake;

import dev.backprop.engine.data.RowKeys;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.UnkeptColumn;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.service.dataset.DataProblems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The column that decides into which part a row comes. It may be a column that cannot be a
/// feature, such as an id.
final class SplitColumn {

  /// Dates whose texts do not sort by time, because the year does not come first.
  private static final Pattern UNSORTED_DATE =
      Pattern.compile("\\d{1,2}([./-])\\d{1,2}\\1(\\d{4}|\\d{2})\\b.*");

  private SplitColumn() {}

  /// Whether a column only splits the rows, and is no feature, because the request does not say its
  /// type.
  static boolean isOnlyThat(String name, SchemaRequest request) {
    return request.split() != null && request.split().column().equals(name) && !request.types(name);
  }

  /// The table with the texts of all groups. Elsewhere a few texts among numbers or dates stand for
  /// a missing value; here they are groups too. Such texts among dates have their place in an
  /// order, too.
  static Table withAllTexts(Table table, SchemaRequest request) {
    SplitSpec split = request.split();
    if (split == null || !isOnlyThat(split.column(), request)) {
      return table;
    }
    String name = split.column();
    boolean some =
        switch (table.column(name)) {
          case NumericColumn numbers ->
              split instanceof SplitSpec.Group && !numbers.missingTexts().isEmpty();
          case DateColumn dates -> !dates.missingTexts().isEmpty();
          case CategoricalColumn _, UnkeptColumn _ -> false;
          case null -> false;
        };
    if (some) {
      try {
        return table.retyped(name, ColumnType.CATEGORICAL);
      } catch (InvalidDataException _) {
        return table; // There are too many groups. A later check reports cells without a value.
      }
    }
    return table;
  }

  /// @param table has the columns of the target
  /// @param targets their names
  /// @param pointer to the object that has the data
  /// @return warnings
  /// @throws dev.backprop.platform.problem.ProblemException if the column cannot split the rows
  static List<String> check(
      Table table, @Nullable SplitSpec split, List<String> targets, String pointer) {
    if (split == null) {
      return List.of();
    }
    String place = pointer + "/split/" + split.setting();
    String name = split.column();
    Column column = table.column(name);
    if (column == null) {
      throw DataProblems.invalid(
          place, "must be a column of the data, '%s' is none".formatted(Excerpt.of(name)));
    }
    if (targets.contains(name)) {
      throw DataProblems.invalid(place, "must not be a target, '" + name + "' is one");
    }
    if (column instanceof UnkeptColumn) {
      throw DataProblems.invalid(
          place,
          "must be a column whose texts are kept; '%s' has more than %d distinct ones, which are if the data set is uploaded with keep=%s"
              .formatted(name, TableBuilder.MAX_CATEGORIES, name));
    }
    checkValues(table, column, targets, place);
    return split instanceof SplitSpec.Order && column instanceof CategoricalColumn texts
        ? order(texts)
        : List.of();
  }

  private static void checkValues(Table table, Column column, List<String> targets, String place) {
    if (column.missing() == 0) {
      return;
    }
    List<Column> targetColumns =
        targets.stream().map(name -> Objects.requireNonNull(table.column(name))).toList();
    int labelled = 0;
    int missing = 0;
    int first = -1;
    for (int row = 0; row < table.rows(); row++) {
      int at = row;
      if (targetColumns.stream().noneMatch(target -> Double.isNaN(target.cell(at)))) {
        labelled++;
        if (Double.isNaN(column.cell(row))) {
          missing++;
          first = first < 0 ? row : first;
        }
      }
    }
    if (missing > 0) {
      throw DataProblems.invalid(
          place,
          "must have a value in each of the %d rows with a target, '%s' has none in %d of them, the first is row %d%s"
              .formatted(labelled, column.name(), missing, first, missingTexts(column)));
    }
  }

  private static String missingTexts(Column column) {
    return switch (column) {
      case NumericColumn numbers -> missingTexts("numbers", numbers.missingTexts());
      case DateColumn dates -> missingTexts("dates", dates.missingTexts());
      case CategoricalColumn _, UnkeptColumn _ -> "";
    };
  }

  private static String missingTexts(String among, List<String> texts) {
    return texts.isEmpty()
        ? ""
        : texts.stream()
            .map(text -> "'" + Excerpt.of(text) + "'")
            .collect(Collectors.joining(", ", ": among its " + among + " ", " counts as missing"));
  }

  /// A warning if the order of the texts may not be the order that was meant.
  private static List<String> order(CategoricalColumn column) {
    List<String> warnings = new ArrayList<>();
    String[] sorted =
        column.categories().stream()
            .map(Label::text)
            .sorted(Comparator.comparing((String text) -> text, RowKeys::comparedByCodePoint))
            .toArray(String[]::new);
    String unlike = unlikeNumbers(sorted);
    if (unlike != null) {
      warnings.add(
          "column '%s' has numbers as texts, and data.split.order takes texts by code point: %s; it takes numbers by value"
              .formatted(column.name(), unlike));
    }
    Stream.of(sorted)
        .filter(text -> UNSORTED_DATE.matcher(text).matches())
        .findFirst()
        .ifPresent(
            text ->
                warnings.add(
                    "column '%s' has dates such as '%s', and data.split.order takes texts by code point, which is another order: write them as 2026-01-31"
                        .formatted(column.name(), Excerpt.of(text))));
    return warnings;
  }

  /// Two neighbours whose numbers are in the opposite order; null if there are none, or if any text
  /// is no number.
  private static @Nullable String unlikeNumbers(String[] sorted) {
    String unlike = null;
    double before = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < sorted.length; i++) {
      double number;
      try {
        number = Double.parseDouble(sorted[i]);
      } catch (NumberFormatException _) {
        return null;
      }
      if (number < before && unlike == null) {
        unlike = "'%s' before '%s'".formatted(Excerpt.of(sorted[i - 1]), Excerpt.of(sorted[i]));
      }
      before = number;
    }
    return unlike;
  }
}
