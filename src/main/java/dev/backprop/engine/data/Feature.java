package dev.backprop.engine.data;

import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.ColumnType;
import dev.backprop.engine.table.DateFormat;
import dev.backprop.engine.table.DatePart;
import dev.backprop.engine.table.Label;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A column that the network sees, and how it is encoded.
public sealed interface Feature extends Column.Encoder {

  String name();

  /// Whether a cell may be missing: some of the data are, or the request said so.
  boolean nullable();

  /// Inputs of the network that the feature takes.
  int width();

  /// Inputs that it would take were every category one-hot: what may be silent in the training
  /// part.
  int slots();

  /// A number: the inputs of its code, and if nullable a last one that is 1 for a missing cell,
  /// whose number is then the median. All statistics are of the training part.
  ///
  /// @param std of the population; 1 if all numbers of the training part are the same
  /// @param code how a number becomes inputs
  record Numeric(
      String name,
      boolean nullable,
      double median,
      double mean,
      double std,
      double min,
      double max,
      NumberCode code)
      implements Feature {

    /// Standardized.
    public Numeric(
        String name,
        boolean nullable,
        double median,
        double mean,
        double std,
        double min,
        double max) {
      this(name, nullable, median, mean, std, min, max, new NumberCode.Standardized(mean, std));
    }

    @Override
    public int width() {
      return code.inputs() + (nullable ? 1 : 0);
    }

    @Override
    public int slots() {
      return width();
    }

    @Override
    public void encode(double cell, float[] x, int at) {
      double value = cell;
      if (Double.isNaN(cell)) {
        value = median;
        if (nullable) {
          x[at + code.inputs()] = 1;
        }
      }
      code.encode(value, x, at);
    }
  }

  /// A category: one-hot, and if nullable a last input that is 1 for a missing cell. An unseen
  /// category is all zeros.
  ///
  /// If embedded it is one input instead, the index of the category; that of a missing cell is the
  /// one behind the last, an unseen category is [FeatureEncoder#UNSEEN]. A float has all these
  /// indices exactly, there being far fewer than 2^24.
  ///
  /// @param type CATEGORICAL or BOOLEAN
  /// @param categories sorted, of all rows of the data
  /// @param embedded whether the network gets the index, to look up what it has learned of it
  /// @param pool of rare categories, which have an input or index behind those of the categories,
  ///   as unseen ones then have; null if each category has its own
  record Categorical(
      String name,
      boolean nullable,
      ColumnType type,
      List<Label> categories,
      boolean embedded,
      @Nullable Pool pool)
      implements Feature {
    public Categorical {
      categories = List.copyOf(categories);
    }

    /// Each category has its own input or index.
    public Categorical(
        String name, boolean nullable, ColumnType type, List<Label> categories, boolean embedded) {
      this(name, nullable, type, categories, embedded, null);
    }

    /// One-hot.
    public Categorical(String name, boolean nullable, ColumnType type, List<Label> categories) {
      this(name, nullable, type, categories, false);
    }

    /// The slot of a category, [FeatureEncoder#UNSEEN] for one that has none.
    int slot(int category) {
      return pool == null ? category : pool.slot(category);
    }

    @Override
    public int width() {
      return embedded ? 1 : slots();
    }

    @Override
    public int slots() {
      return categories.size() + (pool == null ? 0 : 1) + (nullable ? 1 : 0);
    }

    @Override
    public void encode(double cell, float[] x, int at) {
      double index = cell;
      if (Double.isNaN(cell)) {
        index = nullable ? slots() - 1 : FeatureEncoder.UNSEEN;
      } else if (pool != null) {
        index = pool.slot((int) cell);
      }
      if (embedded) {
        x[at] = (float) index;
      } else if (index >= 0) {
        x[at + (int) index] = 1;
      }
    }
  }

  /// A date: its parts side by side, each encoded as a number, and if nullable a last input that is
  /// 1 for a missing cell. The parts of a missing cell are then the medians.
  ///
  /// @param format how the dates are written
  /// @param parts those of [DateFormat#parts()], not nullable
  record Date(String name, boolean nullable, DateFormat format, List<Numeric> parts)
      implements Feature {

    private static final List<DatePart> PARTS = List.of(DatePart.values());

    public Date {
      parts = List.copyOf(parts);
    }

    @Override
    public int width() {
      return partsWidth() + (nullable ? 1 : 0);
    }

    private int partsWidth() {
      int width = 0;
      for (int p = 0; p < parts.size(); p++) {
        width += parts.get(p).width();
      }
      return width;
    }

    @Override
    public int slots() {
      return width();
    }

    /// The days since 1970 in the training part.
    public Numeric elapsed() {
      return parts.getFirst();
    }

    /// The text of the first date of the training part.
    public String first() {
      return format.text(elapsed().min() * DatePart.SECONDS_A_DAY);
    }

    /// The text of the last date of the training part.
    public String last() {
      return format.text(elapsed().max() * DatePart.SECONDS_A_DAY);
    }

    @Override
    public void encode(double cell, float[] x, int at) {
      boolean missing = Double.isNaN(cell);
      long calendar = missing ? 0 : DatePart.calendar(cell);
      int next = at;
      for (int p = 0; p < parts.size(); p++) {
        Numeric part = parts.get(p);
        part.encode(missing ? Double.NaN : PARTS.get(p).of(cell, calendar), x, next);
        next += part.width();
      }
      if (missing && nullable) {
        x[next] = 1;
      }
    }
  }
}
