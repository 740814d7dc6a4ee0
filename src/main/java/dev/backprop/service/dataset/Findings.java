package dev.backprop.service.dataset;

import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.engine.table.UnkeptColumn;
import dev.backprop.platform.problem.Excerpt;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Sentences about what was inferred from data. Each says what to send if something else is meant.
public final class Findings {

  /// Distinct values beyond which a text column is left out unless it is typed explicitly.
  static final int MAX_INFERRED_CATEGORIES = 1000;

  /// With so many values or more, a text column is left out if more than half of them are distinct.
  static final int MIN_IDENTIFIERS = 100;

  /// With so many values or more, a column whose integers are all different is mentioned.
  static final int MIN_NUMBERED_ROWS = 50;

  /// The most rows that are looked at for that.
  static final int MAX_NUMBERED_ROWS = 100_000;

  /// So few rows nearly always show that a column does not number the rows.
  private static final int FIRST_ROWS = 1000;

  private static final Pattern WORDS = Pattern.compile("\\s+");

  /// The most columns that a warning names.
  private static final int MAX_SAID = 10;

  private Findings() {}

  public static String integersAsClasses(String column, int distinct) {
    return "column '%s' has %d distinct integers and is taken for classes; to predict a number, send \"task\": \"regression\""
        .formatted(column, distinct);
  }

  /// @param single an integer that one row has
  public static String integersAsNumbers(String column, int distinct, String single) {
    return "column '%s' has %d distinct integers, %s in one row only, and is taken for a number; to predict classes, send \"task\": \"classification\""
        .formatted(column, distinct, single);
  }

  public static String textsAsClasses(String column, int distinct) {
    return "column '%s' has %d distinct texts that are all numbers and is taken for classes; to predict a number, send %s"
        .formatted(column, distinct, typed(column, "numeric"));
  }

  public static String numbersAsLabels(List<String> columns) {
    return "columns %s have only 0 and 1 and are taken for labels that hold or not, answered as 0 and 1; to predict numbers, send \"task\": \"regression\""
        .formatted(names(columns));
  }

  /// What to send to have a column read as a type.
  public static String typed(String column, String type) {
    return "\"columns\": {\"%s\": {\"type\": \"%s\"}}"
        .formatted(Excerpt.of(column).replace("\\", "\\\\").replace("\"", "\\\""), type);
  }

  /// The constant as requests and answers write it.
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /// A warning about columns that number the rows; null if there are none.
  ///
  /// @param columns see [#isNumbered]
  public static @Nullable String numbered(List<Column> columns) {
    if (columns.isEmpty()) {
      return null;
    }
    Column first = columns.getFirst();
    boolean all = first.rows() <= MAX_NUMBERED_ROWS;
    String rows = all ? "row" : "of the first %d rows".formatted(MAX_NUMBERED_ROWS);
    String ignore = typed(first.name(), "ignore");
    return columns.size() == 1
        ? "column '%s' has another value in each %s and is taken for a feature; if it only names the rows, leave it out with %s"
            .formatted(first.name(), rows, ignore)
        : "columns %s have another value in each %s and are taken for features; if one only names the rows, leave it out, as with %s"
            .formatted(names(columns.stream().map(Column::name).toList()), rows, ignore);
  }

  /// The columns of a table that [#isNumbered].
  public static List<Column> numbered(Table table) {
    return table.columns().stream().filter(Findings::isNumbered).toList();
  }

  /// Whether a column seems to number the rows: it has [#MIN_NUMBERED_ROWS] integers or more, and
  /// none twice in the first [#MAX_NUMBERED_ROWS] rows. A column of categories counts too if none
  /// comes twice, and if the rows are too few to leave the column out.
  public static boolean isNumbered(Column column) {
    int values = column.rows() - column.missing();
    if (column instanceof CategoricalColumn categorical) {
      return values >= MIN_NUMBERED_ROWS
          && values < MIN_IDENTIFIERS
          && categorical.categories().size() == values;
    }
    if (!(column instanceof NumericColumn)
        || values < MIN_NUMBERED_ROWS
        || !isDistinct(column, FIRST_ROWS)
        || !isDistinct(column, MAX_NUMBERED_ROWS)) {
      return false;
    }
    for (int row = 0; row < column.rows(); row++) {
      double cell = column.cell(row);
      if (!Double.isNaN(cell) && cell != Math.rint(cell)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDistinct(Column column, int first) {
    double[] cells = new double[Math.min(first, column.rows())];
    int n = 0;
    for (int row = 0; row < cells.length; row++) {
      double cell = column.cell(row);
      if (cell != Math.rint(cell) && !Double.isNaN(cell)) {
        return false;
      }
      if (!Double.isNaN(cell)) {
        cells[n++] = cell + 0.0; // makes one zero of both
      }
    }
    Arrays.sort(cells, 0, n);
    for (int i = 1; i < n; i++) {
      if (cells[i] == cells[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /// Names in quotes, at most [#MAX_SAID] of them.
  public static String names(List<String> names) {
    String more = names.size() > MAX_SAID ? " and %d more".formatted(names.size() - MAX_SAID) : "";
    return names.stream()
        .limit(MAX_SAID)
        .map(name -> "'" + Excerpt.of(name) + "'")
        .collect(Collectors.joining(", ", "", more));
  }

  /// What is to be done about a column that is left out because it has free text; empty if it has
  /// none. Free text has two words or more on average.
  public static String adviceOnText(Column column) {
    List<String> texts =
        switch (column) {
          case CategoricalColumn categorical ->
              categorical.categories().stream().limit(FIRST_ROWS).map(Label::text).toList();
          case UnkeptColumn unkept -> unkept.sample();
          case NumericColumn _, DateColumn _ -> List.of();
        };
    long words = texts.stream().mapToLong(text -> WORDS.splitAsStream(text).count()).sum();
    return !texts.isEmpty() && words >= 2L * texts.size()
        ? "; nothing is learned from free text: make columns of what matters in it, such as its length or whether a word occurs"
        : "";
  }

  /// Why nothing can be learned from a column; null if something can be.
  public static @Nullable String uselessness(Column column, boolean typedExplicitly) {
    if (column instanceof UnkeptColumn) {
      return "has more than " + TableBuilder.MAX_CATEGORIES + " distinct texts";
    }
    if (column.missing() == column.rows()) {
      return "has no value";
    }
    if (column.missing() == 0 && isConstant(column)) {
      return "is constant";
    }
    if (typedExplicitly || !(column instanceof CategoricalColumn categorical)) {
      return null;
    }
    int distinct = categorical.categories().size();
    int values = column.rows() - column.missing();
    if (distinct > MAX_INFERRED_CATEGORIES) {
      return "has %d distinct texts, more than %d".formatted(distinct, MAX_INFERRED_CATEGORIES);
    }
    if (values >= MIN_IDENTIFIERS && 2 * distinct > values) {
      return "has %d distinct texts in %d rows".formatted(distinct, values);
    }
    return null;
  }

  private static boolean isConstant(Column column) {
    double first = column.cell(0);
    for (int row = 1; row < column.rows(); row++) {
      if (column.cell(row) != first) {
        return false;
      }
    }
    return true;
  }
}
