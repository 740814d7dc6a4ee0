package dev.backprop.service.prediction;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.table.ColumnTexts;
import dev.backprop.engine.table.InvalidDataException;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableParts;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.dataset.ColumnDescription;
import dev.backprop.service.dataset.DataProblems;
import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The rows of an uploaded data set, which is not deleted until they are closed. Only a part of
/// them is in memory.
final class DatasetRows implements GivenRows {

  private static final String POINTER = "/dataset";

  /// What [Evaluation][dev.backprop.engine.scoring.Evaluation] keeps of a row, and what it takes to
  /// rank it.
  private static final long SCORED_ROW_BYTES = 24;

  private final Datasets.Reading data;
  private final Asked asked;
  private final @Nullable String weight;

  /// The memory of what is read, and of what is made of it. Neither shrinks before the end, so that
  /// an answer that has begun is not refused.
  private final Budget.Claim read;

  private final Budget.Claim made;

  private List<String> passed = List.of();

  /// All rows, if one part has them.
  private @Nullable PredictionRows only;

  /// What is asked of the rows.
  ///
  /// @param labelled whether the rows bring their targets
  /// @param options none if they do
  /// @param missing tokens beside those of the model
  record Asked(
      ModelVersion version,
      ModelInputs.Columns columns,
      boolean labelled,
      RowOptions options,
      MissingTokens missing) {}

  /// @param data closed with the rows
  DatasetRows(Datasets.Reading data, Asked asked, Budget inFlight) {
    this.data = data;
    this.asked = asked;
    this.weight = asked.labelled() ? weight(data, asked.columns()) : null;
    this.read = inFlight.claim();
    this.made = inFlight.claim();
  }

  /// The column of weights, if the data set has one with values.
  private static @Nullable String weight(Datasets.Reading data, ModelInputs.Columns columns) {
    String weight = columns.schema().weight();
    return data.head().columns().stream()
            .anyMatch(
                column -> column.name().equals(weight) && column.missing() < data.head().rows())
        ? weight
        : null;
  }

  /// Of the data set.
  String id() {
    return data.head().id();
  }

  @Override
  public int size() {
    return data.head().rows();
  }

  /// Reads all rows once, so that every fault is told before the first answer.
  ///
  /// @throws ProblemException if the rows are not such as the model takes
  void check() {
    Set<String> names =
        data.head().columns().stream().map(ColumnDescription::name).collect(Collectors.toSet());
    passed = asked.options().names().of(names::contains);
    int withTarget = 0;
    double weights = 0;
    try (Parts parts = parts()) {
      for (PredictionRows part = parts.next(); part != null; part = parts.next()) {
        if (asked.labelled()) {
          Examples examples = part.rows().labelled();
          int[] rows = examples.labelled();
          withTarget += rows.length;
          for (int row : rows) {
            weights += examples.weight(row);
          }
        }
        only = part.size() == size() ? part : null;
      }
    }
    if (asked.labelled()) {
      made.grow(SCORED_ROW_BYTES * size());
      Evaluations.requireTargets(withTarget, size());
      if (weight != null && weights == 0) {
        throw DataProblems.invalid(
            POINTER, "column '%s': must be above 0 in at least 1 row, is in 0".formatted(weight));
      }
    }
  }

  @Override
  public List<String> passed() {
    return passed;
  }

  @Override
  public Parts parts() {
    if (only != null) {
      return only.parts();
    }
    TableParts parts = data.parts(total -> read.holds(Math.max(total, read.bytes())));
    return new Parts() {
      private int first;

      @Override
      public @Nullable PredictionRows next() {
        Table part;
        try {
          part = parts.next();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        if (part == null) {
          return null;
        }
        PredictionRows rows = rows(part, first);
        first += rows.size();
        return rows;
      }

      @Override
      public void close() {
        parts.close();
      }
    };
  }

  private PredictionRows rows(Table part, int first) {
    try {
      ModelInputs.Columns columns = asked.columns();
      Table table = columns.schema().conform(known(part), asked.labelled(), asked.missing());
      made.holds(Math.max(made.bytes(), table.bytes()));
      return asked.labelled()
          ? PredictionRows.labelledPart(
              asked.version(), new PredictionRows.Labelled(table, part), weight)
          : PredictionRows.of(asked.version(), columns, table)
              .passing(
                  passed,
                  passed.stream().map(name -> ColumnTexts.of(part.required(name))).toList());
    } catch (InvalidDataException e) {
      throw DataProblems.advised(DataProblems.inTable(POINTER, shifted(e, first)), part);
    }
  }

  /// The part without columns that the model need not know.
  private Table known(Table part) {
    return new Table(
        part.rows(),
        part.columns().stream()
            .filter(
                column ->
                    asked.columns().schema().field(column.name()) != null
                        || !(asked.options().ignoring() || passed.contains(column.name())))
            .toList());
  }

  private static InvalidDataException shifted(InvalidDataException e, int first) {
    return e.row() < 0
        ? e
        : new InvalidDataException(e.fault(), e.column(), first + e.row(), e.detail());
  }

  @Override
  public void close() {
    read.close();
    made.close();
    data.close();
  }
}
