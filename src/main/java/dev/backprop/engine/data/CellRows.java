package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rows whose cells may be changed, to ask what a model would answer then. Encoded with different
/// encoders of the same features, they share their cells.
public final class CellRows {

  private final int width;
  private final double[] cells;

  /// The number of each row, ascending, and its place among the cells.
  private final int[] numbers;

  /// @param width cells of a row
  private CellRows(int width, double[] cells, int[] numbers) {
    this.width = width;
    this.cells = cells;
    this.numbers = numbers;
  }

  /// Rows that are all the same, numbered from 0.
  ///
  /// @param row in the order of the features, as [FeatureEncoder#encode] takes it
  public static CellRows copies(double[] row, int count) {
    double[] cells = new double[Math.multiplyExact(row.length, count)];
    for (int i = 0; i < count; i++) {
      System.arraycopy(row, 0, cells, i * row.length, row.length);
    }
    return new CellRows(row.length, cells, ascending(count));
  }

  /// Rows one after another, numbered from 0.
  ///
  /// @param parts of rows of the same width, at least one
  public static CellRows joined(List<CellRows> parts) {
    int width = parts.getFirst().width;
    int rows = parts.stream().mapToInt(CellRows::size).sum();
    double[] cells = new double[Math.multiplyExact(width, rows)];
    int at = 0;
    for (CellRows part : parts) {
      System.arraycopy(part.cells, 0, cells, at, part.cells.length);
      at += part.cells.length;
    }
    return new CellRows(width, cells, ascending(rows));
  }

  private static int[] ascending(int count) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> i);
    return numbers;
  }

  /// Some rows of a table, which keep their numbers.
  ///
  /// @param table has the columns of the features with their types
  /// @param rows without repeats
  public static CellRows of(Table table, FeatureEncoder encoder, int[] rows) {
    int[] numbers = rows.clone();
    Arrays.sort(numbers);
    int width = encoder.features().size();
    double[] cells = new double[Math.multiplyExact(width, numbers.length)];
    for (int f = 0; f < width; f++) {
      Column column = table.required(encoder.features().get(f).name());
      column.gather(numbers, 0, numbers.length, cells, f, width);
      if (column instanceof CategoricalColumn coded) {
        int[] indices = CodeMap.of(coded, encoder, f);
        for (int at = f; at < cells.length; at += width) {
          cells[at] = Double.isNaN(cells[at]) ? cells[at] : indices[(int) cells[at]];
        }
      }
    }
    return new CellRows(width, cells, numbers);
  }

  /// Some rows of bare numbers, which keep their numbers.
  public static CellRows of(BareExamples examples, int[] rows) {
    int[] numbers = rows.clone();
    Arrays.sort(numbers);
    int width = examples.inputs();
    Matrix x = Matrix.allocate(numbers.length, width);
    examples.encodeInputs(numbers, 0, numbers.length, x);
    double[] cells = new double[x.size()];
    Arrays.setAll(cells, i -> x.values()[i]);
    return new CellRows(width, cells, numbers);
  }

  /// The same rows, which share these cells, numbered from 0.
  public CellRows renumbered() {
    return new CellRows(width, cells, ascending(numbers.length));
  }

  public int size() {
    return numbers.length;
  }

  /// Cells of a row.
  public int width() {
    return width;
  }

  /// The cells of a feature, one a row, in the ascending order of the rows.
  public double[] column(int feature) {
    double[] column = new double[numbers.length];
    for (int i = 0; i < column.length; i++) {
      column[i] = cells[i * width + feature];
    }
    return column;
  }

  /// The cells of a row.
  ///
  /// @param place from 0, in the ascending order of the rows
  public double[] row(int place) {
    return Arrays.copyOfRange(cells, place * width, (place + 1) * width);
  }

  /// Changes the cells of a feature.
  ///
  /// @param column in the order of [#column]
  public void change(int feature, double[] column) {
    for (int i = 0; i < column.length; i++) {
      cells[i * width + feature] = column[i];
    }
  }

  /// Gives every row the same cell.
  public void fill(int feature, double cell) {
    for (int at = feature; at < cells.length; at += width) {
      cells[at] = cell;
    }
  }

  /// The rows as they are now, whenever they are encoded. They have no targets.
  ///
  /// @param encoder null for bare numbers
  public Examples encodedBy(@Nullable FeatureEncoder encoder) {
    return new Encoded(encoder);
  }

  private final class Encoded implements Examples {

    private final @Nullable FeatureEncoder encoder;

    Encoded(@Nullable FeatureEncoder encoder) {
      this.encoder = encoder;
    }

    @Override
    public int size() {
      return numbers.length;
    }

    @Override
    public int inputs() {
      return encoder == null ? width : encoder.width();
    }

    @Override
    public int outputs() {
      return 0;
    }

    @Override
    public void encodeInputs(int[] rows, int from, int n, Matrix x) {
      x.rows(n);
      for (int i = 0; i < n; i++) {
        int place = Objects.checkIndex(Arrays.binarySearch(numbers, rows[from + i]), size());
        int at = x.offset() + i * x.columns();
        if (encoder != null) {
          encoder.encode(cells, place * width, x.values(), at);
        } else {
          for (int k = 0; k < width; k++) {
            x.values()[at + k] = (float) cells[place * width + k];
          }
        }
      }
    }

    @Override
    public void encodeTargets(int[] rows, int from, int n, Matrix y) {
      throw new IllegalStateException("these examples have no targets");
    }

    @Override
    public int stratum(int row) {
      return -1;
    }

    @Override
    public long bytes() {
      return (long) cells.length * Double.BYTES;
    }
  }
}
