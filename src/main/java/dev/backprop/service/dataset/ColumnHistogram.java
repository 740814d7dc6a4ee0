package dev.backprop.service.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.DateFormat;
import dev.backprop.engine.table.Label;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How the values of a column are spread.
///
/// @param edges of a column of numbers or dates: of bins of equal width, the last of which has its
///   upper edge too; one more than there are bins
/// @param values of any other column: the most frequent, at most [#MOST]
/// @param counts rows by bin or by value, without missing cells
/// @param others rows of the values that are not named; left out with edges
@JsonInclude(JsonInclude.Include.NON_NULL)
record ColumnHistogram(
    @Nullable List<Label> edges,
    @Nullable List<Label> values,
    List<Integer> counts,
    @Nullable Integer others) {

  /// Bins, or values, at most.
  static final int MOST = 20;

  /// Counts the cells of a column, part by part.
  interface Counter {

    void add(Column part);

    /// @param column the last part of it
    ColumnHistogram histogram(Column column);
  }

  /// @param min the least cell of the whole column; not a number if it has none
  /// @param max the greatest
  static Counter ofNumbers(double min, double max) {
    int[] counts = new int[Double.isNaN(min) ? 0 : min == max ? 1 : MOST];
    return new Counter() {

      // Halves, so that the widest range is a number too.
      private final double width = (max / 2 - min / 2) / counts.length;

      @Override
      public void add(Column part) {
        for (int row = 0; row < part.rows(); row++) {
          double cell = part.cell(row);
          if (!Double.isNaN(cell)) {
            int bin = width > 0 ? (int) ((cell / 2 - min / 2) / width) : 0;
            counts[Math.clamp(bin, 0, counts.length - 1)]++;
          }
        }
      }

      @Override
      public ColumnHistogram histogram(Column column) {
        DateFormat format = column instanceof DateColumn dates ? dates.format() : null;
        DoubleFunction<Label> shown =
            edge -> format == null ? Label.number(edge) : Label.text(format.text(edge));
        List<Label> edges =
            counts.length == 0
                ? List.of()
                : IntStream.rangeClosed(0, counts.length)
                    .mapToObj(
                        i -> shown.apply(i == counts.length ? max : 2 * (min / 2 + i * width)))
                    .toList();
        return new ColumnHistogram(edges, null, IntStream.of(counts).boxed().toList(), null);
      }
    };
  }

  /// @param categories how many the column has
  static Counter ofCategories(int categories) {
    int[] counts = new int[categories];
    return new Counter() {

      @Override
      public void add(Column part) {
        for (int row = 0; row < part.rows(); row++) {
          double code = part.cell(row);
          if (!Double.isNaN(code)) {
            counts[(int) code]++;
          }
        }
      }

      @Override
      public ColumnHistogram histogram(Column column) {
        List<Label> labels = ((CategoricalColumn) column).categories();
        List<Integer> shown =
            IntStream.range(0, counts.length)
                .filter(code -> counts[code] > 0)
                .boxed()
                .sorted(
                    Comparator.<Integer>comparingInt(code -> -counts[code])
                        .thenComparing(labels::get))
                .limit(MOST)
                .toList();
        return new ColumnHistogram(
            null,
            shown.stream().map(labels::get).toList(),
            shown.stream().map(code -> counts[code]).toList(),
            IntStream.of(counts).sum() - shown.stream().mapToInt(code -> counts[code]).sum());
      }
    };
  }
}
