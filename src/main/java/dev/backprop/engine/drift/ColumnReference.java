package dev.backprop.engine.drift;

import dev.backprop.engine.data.Edges;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How the cells of a column, or the answers, were spread over bins in training.
public sealed interface ColumnReference {

  /// Edges of a column of numbers at most, its least and its greatest number among them.
  int EDGES = 20;

  /// Values of a column of categories that have bins of their own at most.
  int VALUES = 50;

  String name();

  /// How many training rows were in each bin; the last is that of missing cells.
  long[] counts();

  /// The bin of a cell.
  ///
  /// @param cell the number, the seconds of a date, or the index of a category, negative for one
  ///   that was never seen; NaN = missing
  int bin(double cell);

  /// The bin of categories that were never seen; -1 if there is none.
  int unseenBin();

  default int bins() {
    return counts().length;
  }

  /// The share of each bin among training rows; all 0 if there are none.
  default double[] shares() {
    return shares(counts(), 0, rows());
  }

  /// The same of other rows.
  ///
  /// @param of has the counts of this column's bins from a place on
  default double[] shares(long[] of, int first, long rows) {
    double[] shares = new double[bins()];
    for (int i = 0; i < shares.length && rows > 0; i++) {
      shares[i] = (double) of[first + i] / rows;
    }
    return shares;
  }

  default long rows() {
    return Arrays.stream(counts()).sum();
  }

  /// Numbers: a bin below the first edge, one from each edge to the next, one from the last edge
  /// on.
  ///
  /// @param edges ascending, no two alike
  @SuppressWarnings("ArrayRecordComponent") // never changed
  record Numbers(String name, double[] edges, long[] counts) implements ColumnReference {

    public Numbers {
      check(name, edges.length + 2, counts.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Numbers(String its, double[] itsEdges, long[] itsCounts)
          && name.equals(its)
          && Arrays.equals(edges, itsEdges)
          && Arrays.equals(counts, itsCounts);
    }

    @Override
    public int hashCode() {
      return Objects.hash(name, Arrays.hashCode(edges), Arrays.hashCode(counts));
    }

    @Override
    public int bin(double cell) {
      return Double.isNaN(cell) ? edges.length + 1 : bin(edges, cell);
    }

    private static int bin(double[] edges, double cell) {
      int found = Arrays.binarySearch(edges, cell == 0 ? 0.0 : cell); // of two zeros one
      return found >= 0 ? found + 1 : -found - 1;
    }

    @Override
    public int unseenBin() {
      return -1;
    }
  }

  /// Categories: a bin for each of the most frequent, one for the other known ones, and one for
  /// those that were never seen.
  ///
  /// @param values indices of the most frequent categories
  /// @param binOf the bin of each category
  @SuppressWarnings("ArrayRecordComponent") // never changed
  record Categories(String name, List<Integer> values, int[] binOf, long[] counts)
      implements ColumnReference {

    public Categories {
      values = List.copyOf(values);
      check(name, values.size() + 3, counts.length);
    }

    /// @param known how many categories there are
    public Categories(String name, List<Integer> values, int known, long[] counts) {
      this(name, values, bins(values, known), counts);
    }

    private static int[] bins(List<Integer> values, int known) {
      int[] bins = new int[known];
      Arrays.fill(bins, values.size());
      for (int bin = 0; bin < values.size(); bin++) {
        bins[values.get(bin)] = bin;
      }
      return bins;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other
              instanceof Categories(String its, List<Integer> of, int[] itsBins, long[] itsCounts)
          && name.equals(its)
          && values.equals(of)
          && Arrays.equals(binOf, itsBins)
          && Arrays.equals(counts, itsCounts);
    }

    @Override
    public int hashCode() {
      return Objects.hash(name, values, Arrays.hashCode(binOf), Arrays.hashCode(counts));
    }

    @Override
    public int bin(double cell) {
      return Double.isNaN(cell)
          ? values.size() + 2
          : cell < 0 || cell >= binOf.length ? unseenBin() : binOf[(int) cell];
    }

    @Override
    public int unseenBin() {
      return values.size() + 1;
    }
  }

  private static void check(String name, int bins, int counts) {
    if (bins != counts) {
      throw new IllegalArgumentException(
          "'%s' has %d counts for %d bins".formatted(name, counts, bins));
    }
  }

  /// A column of numbers.
  ///
  /// @param cells of training rows, NaN for missing ones
  static ColumnReference ofNumbers(String name, double[] cells) {
    double[] edges = Edges.quantiles(cells, EDGES - 1);
    return counted(new Numbers(name, edges, new long[edges.length + 2]), cells);
  }

  /// A column of categories.
  ///
  /// @param cells of training rows: indices, NaN for missing ones
  /// @param known how many categories there are
  static ColumnReference ofCategories(String name, double[] cells, int known) {
    long[] counts = new long[known];
    for (double cell : cells) {
      if (cell >= 0) {
        counts[(int) cell]++;
      }
    }
    List<Integer> values =
        IntStream.range(0, known)
            .boxed()
            .sorted(Comparator.comparingLong((Integer value) -> -counts[value]))
            .limit(VALUES)
            .toList();
    return counted(new Categories(name, values, known, new long[values.size() + 3]), cells);
  }

  private static ColumnReference counted(ColumnReference reference, double[] cells) {
    for (double cell : cells) {
      reference.counts()[reference.bin(cell)]++;
    }
    return reference;
  }
}
