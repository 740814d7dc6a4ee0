package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The cells of a block of rows, column by column. Whoever reads rows from elsewhere fills it, has
/// them predicted, and fills it again. Owned by one thread.
public final class CellBlock {

  private final double[][] columns;
  private int size;

  /// @param width cells of a row: one a feature, or one a bare input
  /// @param capacity the most rows
  public CellBlock(int width, int capacity) {
    columns = new double[width][capacity];
  }

  /// The cells of a feature, one a row, to be filled as [FeatureEncoder#encode] takes them: the
  /// number, the seconds of a date, or the index of the category; NaN = missing.
  public double[] column(int feature) {
    return columns[feature];
  }

  /// Says how many rows there are now.
  public void size(int rows) {
    size = rows;
  }

  public int size() {
    return size;
  }

  /// The rows from one on as they are when they are encoded. They have no targets.
  ///
  /// @param encoder null for bare numbers
  /// @param first the row that is row 0 of the examples
  public Examples encodedBy(@Nullable FeatureEncoder encoder, int first) {
    return new Encoded(encoder, first);
  }

  private final class Encoded implements Examples {

    private final @Nullable FeatureEncoder encoder;
    private final int first;

    Encoded(@Nullable FeatureEncoder encoder, int first) {
      this.encoder = encoder;
      this.first = first;
    }

    @Override
    public int size() {
      return size - first;
    }

    @Override
    public int inputs() {
      return encoder == null ? columns.length : encoder.width();
    }

    @Override
    public int outputs() {
      return 0;
    }

    @Override
    public void encodeInputs(int[] rows, int from, int n, Matrix x) {
      x.rows(n);
      float[] values = x.values();
      int width = x.columns();
      if (encoder == null) {
        for (int c = 0; c < columns.length; c++) {
          for (int i = 0; i < n; i++) {
            values[x.offset() + i * width + c] = (float) columns[c][first + rows[from + i]];
          }
        }
        return;
      }
      Arrays.fill(values, x.offset(), x.offset() + n * width, 0);
      for (int f = 0; f < columns.length; f++) {
        int at = x.offset() + encoder.offset(f);
        encode(encoder.features().get(f), columns[f], rows, from, n, values, at, width);
      }
      for (int i = 0; i < n; i++) {
        encoder.silence(values, x.offset() + i * width);
      }
    }

    /// Each kind of feature has a loop of its own, in which the compiler knows what it calls.
    private void encode(
        Feature feature,
        double[] cells,
        int[] rows,
        int from,
        int n,
        float[] values,
        int at,
        int width) {
      switch (feature) {
        case Feature.Numeric numeric -> {
          for (int i = 0; i < n; i++) {
            numeric.encode(cells[first + rows[from + i]], values, at + i * width);
          }
        }
        case Feature.Date date -> {
          for (int i = 0; i < n; i++) {
            date.encode(cells[first + rows[from + i]], values, at + i * width);
          }
        }
        case Feature.Categorical categorical -> {
          for (int i = 0; i < n; i++) {
            categorical.encode(cells[first + rows[from + i]], values, at + i * width);
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
      return columns.length == 0 ? 0 : (long) columns.length * columns[0].length * Double.BYTES;
    }
  }
}
