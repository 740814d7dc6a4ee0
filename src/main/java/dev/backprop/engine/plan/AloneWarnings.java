package dev.backprop.engine.plan;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.explain.Alone;
import dev.backprop.engine.explain.Dependence;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Tells of columns that predict the target almost alone: often they are not known yet when a model
/// is asked.
///
/// @param rows drawn from those that train
final class AloneWarnings {

  private static final double LEAST = 0.98;

  /// Columns that are told of one by one.
  private static final int MAX_SAID = 5;

  /// Of more rows so many are drawn, fewer in wide tables. Of fewer than the least nothing is said.
  private static final int MOST_ROWS = 20_000;

  private static final int FEWEST_ROWS = 100;
  private static final int ENOUGH_ROWS = 1_000;
  private static final int MOST_CELLS = 1_000_000;

  /// Rows that a class must have and leave, to count.
  private static final int FEWEST_OF_CLASS = 20;

  /// Of more classes the most frequent are looked at, of more numbers and labels the first.
  private static final int MOST_GOALS = 20;

  private final TrainingData.Rows data;
  private final int[] rows;

  /// What is to be predicted, and how it is called.
  ///
  /// @param parts whose figures are averaged
  private record Goal(String name, List<Alone> parts) {}

  private record Found(String column, String target, double figure) {}

  /// @param training rows
  AloneWarnings(TrainingData.Rows data, int[] training, long seed) {
    this.data = data;
    Examples examples = data.unencoded();
    int[] counting = Arrays.stream(training).filter(row -> examples.weight(row) > 0).toArray();
    int columns = Math.max(1, data.schema().features().size());
    int most = Math.clamp(MOST_CELLS / columns, ENOUGH_ROWS, MOST_ROWS);
    this.rows =
        Arrays.stream(Dependence.sample(counting.length, most, seed))
            .map(i -> counting[i])
            .toArray();
  }

  List<String> warnings() {
    if (rows.length < FEWEST_ROWS) {
      return List.of();
    }
    List<Goal> goals = goals();
    List<Found> found = new ArrayList<>();
    for (Schema.Field field : data.schema().features()) {
      found(data.table().required(field.name()), goals, found);
    }
    found.sort(Comparator.comparingDouble((Found one) -> -one.figure));
    List<String> warnings =
        new ArrayList<>(found.stream().limit(MAX_SAID).map(this::warning).toList());
    if (found.size() > MAX_SAID) {
      warnings.add(
          "%d more times a column alone predicts a target almost perfectly"
              .formatted(found.size() - MAX_SAID));
    }
    return warnings;
  }

  private String warning(Found found) {
    return "column '%s' alone predicts '%s' almost perfectly: %s %s on %d training rows; if it is known only when the target is, set its type to ignore"
        .formatted(
            found.column,
            found.target,
            isOfNumbers() ? "R² of ranks" : "AUC",
            BaselineWarnings.number(found.figure),
            rows.length);
  }

  private boolean isOfNumbers() {
    return data.target() instanceof Target.Numbers;
  }

  private List<Goal> goals() {
    List<String> names = data.target().names();
    return switch (data.target()) {
      case Target.Classes(String name, List<Label> classes) -> classes(name, classes.size());
      case Target.MultiLabel _ ->
          names.stream()
              .limit(MOST_GOALS)
              .map(name -> label(name, cells(data.table().required(name))))
              .filter(goal -> !goal.parts.isEmpty())
              .toList();
      case Target.Numbers _ ->
          names.stream()
              .limit(MOST_GOALS)
              .map(
                  name ->
                      new Goal(name, List.of(Alone.ofNumbers(cells(data.table().required(name))))))
              .toList();
      // Data have no quantiles: a network answers them.
      case Target.Quantiles _, Target.Bare _ -> List.of();
    };
  }

  private List<Goal> classes(String name, int classes) {
    Examples examples = data.unencoded();
    int[] of = Arrays.stream(rows).map(examples::stratum).toArray();
    int[] counts = new int[classes];
    Arrays.stream(of).forEach(c -> counts[c]++);
    // Of two classes, what tells one tells the other.
    List<Alone> parts =
        IntStream.range(classes == 2 ? 1 : 0, classes)
            .filter(c -> isEnough(counts[c]))
            .boxed()
            .sorted(Comparator.comparingInt((Integer c) -> -counts[c]))
            .limit(MOST_GOALS)
            .map(c -> Alone.ofClass(are(of, c)))
            .toList();
    return parts.isEmpty() ? List.of() : List.of(new Goal(name, parts));
  }

  private boolean isEnough(long rowsOfClass) {
    return rowsOfClass >= FEWEST_OF_CLASS && rows.length - rowsOfClass >= FEWEST_OF_CLASS;
  }

  private static boolean[] are(int[] of, int one) {
    boolean[] are = new boolean[of.length];
    for (int i = 0; i < are.length; i++) {
      are[i] = of[i] == one;
    }
    return are;
  }

  /// One of its two values is as good as the other.
  private Goal label(String name, double[] cells) {
    int[] codes = Arrays.stream(cells).mapToInt(cell -> cell == cells[0] ? 1 : 0).toArray();
    return new Goal(
        name,
        isEnough(Arrays.stream(codes).sum()) ? List.of(Alone.ofClass(are(codes, 1))) : List.of());
  }

  private double[] cells(Column column) {
    double[] cells = new double[rows.length];
    column.gather(rows, 0, rows.length, cells, 0, 1);
    return cells;
  }

  private void found(Column column, List<Goal> goals, List<Found> found) {
    Alone.Order order = Alone.Order.of(cells(column));
    boolean categorical = column instanceof CategoricalColumn;
    int[] codes = order.codes();
    List<double[]> rankings = categorical ? List.of() : order.rankings();
    int count = order.distinct().length + 1;
    for (Goal goal : goals) {
      // Numbers of a few values may be codes of the classes.
      boolean coded = categorical || (!isOfNumbers() && count - 1 <= 2 * goal.parts.size());
      double figure =
          goal.parts.stream()
              .mapToDouble(
                  part ->
                      Math.max(part.numbers(rankings), coded ? part.categories(codes, count) : 0))
              .average()
              .orElse(0);
      if (figure >= LEAST) {
        found.add(new Found(column.name(), goal.name, figure));
      }
    }
  }
}
