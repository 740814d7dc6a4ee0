package dev.backprop.service.prediction;

import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.http.QueryOptions;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which of the rows an evaluation is to show.
///
/// @param rows `errors` or `sample`; null for none
/// @param limit how many at most; null means 100
/// @param actual only rows of that class
/// @param predicted only rows that are answered as that class
@QueryOptions
record RowsOption(
    @Nullable String rows,
    @Nullable String limit,
    @Nullable String actual,
    @Nullable String predicted) {

  private static final int MOST = 1_000;
  private static final int USUAL = 100;

  /// Cells at most of all rows together.
  private static final int MOST_CELLS = 1_000_000;

  /// @return null if no rows are asked for
  /// @throws ProblemException 422 if the version has no such rows
  @Nullable RowSearch search(ModelVersion version) {
    if (rows == null) {
      refuseAlone("limit", limit);
      refuseAlone("actual", actual);
      refuseAlone("predicted", predicted);
      return null;
    }
    boolean errors = rows.equals("errors");
    if (!errors && !rows.equals("sample")) {
      throw refused("rows", "must be errors or sample, was '%s'".formatted(Excerpt.of(rows)));
    }
    if (!(version.inputs() instanceof ModelInputs.Columns columns)) {
      throw refused("rows", "goes with columns, this model takes bare numbers");
    }
    return new RowSearch(
        version,
        errors,
        number(columns.schema().fields().size()),
        place("actual", actual, version),
        place("predicted", predicted, version));
  }

  private static void refuseAlone(String name, @Nullable String value) {
    if (value != null) {
      throw refused(name, "goes with rows=errors or rows=sample only");
    }
  }

  private int number(int columns) {
    if (limit == null) {
      return Math.min(USUAL, Math.max(1, MOST_CELLS / columns));
    }
    if (!limit.matches("-?[0-9]{1,9}")) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "limit: must be a whole number, was '%s'".formatted(Excerpt.of(limit)));
    }
    int number = Integer.parseInt(limit);
    if (number < 1 || number > MOST) {
      throw refused("limit", "must be from 1 to %d, was %d".formatted(MOST, number));
    }
    if ((long) number * columns > MOST_CELLS) {
      throw refused(
          "limit",
          "must leave at most %d cells of all %d columns together, leaves %d"
              .formatted(MOST_CELLS, columns, (long) number * columns));
    }
    return number;
  }

  /// The place of a class among those of the model; negative if none is named.
  private static int place(String name, @Nullable String label, ModelVersion version) {
    if (label == null) {
      return -1;
    }
    if (!(version.predictor().scorer().target()
        instanceof Target.Classes(_, List<Label> classes))) {
      throw refused(name, "goes with classes, the target has none");
    }
    for (int c = 0; c < classes.size(); c++) {
      if (classes.get(c).text().equals(label)) {
        return c;
      }
    }
    throw refused(
        name,
        "must be one of the %d classes, was '%s'".formatted(classes.size(), Excerpt.of(label)));
  }

  private static ProblemException refused(String name, String detail) {
    return ProblemException.at(ProblemCode.INVALID_DATA, "/" + name, detail);
  }
}
