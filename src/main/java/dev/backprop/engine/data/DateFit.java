package dev.backprop.engine.data;

import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.DateFormat;
import dev.backprop.engine.table.DatePart;
import dev.backprop.engine.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Fits a feature of dates: each part as a number. A part that is always the same is silent, such
/// as the time of day of dates that are all at midnight.
final class DateFit {

  private DateFit() {}

  /// @param numbers how the numbers of the column enter the network
  static FeatureFit of(
      Schema.Field field, ColumnStatistics.Dates dates, NumberEncodingSpec numbers) {
    DateFormat format = Objects.requireNonNull(field.date());
    List<Feature.Numeric> parts = new ArrayList<>();
    List<Integer> silent = new ArrayList<>();
    int at = 0;
    for (int p = 0; p < dates.parts().size(); p++) {
      FeatureFit fit =
          FeatureFit.numeric(
              field.name(), false, format.parts().get(p).encoding(numbers), dates.parts().get(p));
      at = add(fit, at, parts, silent);
    }
    Feature.Date feature = new Feature.Date(field.name(), field.nullable(), format, parts);
    return withIndicator(feature, dates.parts().getFirst().complete(), silent);
  }

  /// As [FeatureFit#extended].
  static FeatureFit extended(Feature.Date known, DateColumn column, int[] rows) {
    List<Feature.Numeric> parts = new ArrayList<>();
    List<Integer> silent = new ArrayList<>();
    int at = 0;
    for (int p = 0; p < known.parts().size(); p++) {
      double[] values = values(known.format().parts().get(p), column, rows);
      Moments moments = Moments.of(values.length, i -> values[i]);
      at = add(FeatureFit.extended(known.parts().get(p), moments, rows.length), at, parts, silent);
    }
    Feature.Date feature = new Feature.Date(known.name(), known.nullable(), known.format(), parts);
    return withIndicator(feature, isComplete(column, rows), silent);
  }

  /// What a part is of these rows.
  static double[] values(DatePart part, DateColumn column, int[] rows) {
    double[] values = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double cell = column.cell(rows[i]);
      values[i] = Double.isNaN(cell) ? cell : part.of(cell, DatePart.calendar(cell));
    }
    return values;
  }

  /// @return the first input behind the part
  private static int add(
      FeatureFit fit, int at, List<Feature.Numeric> parts, List<Integer> silent) {
    Feature.Numeric part = (Feature.Numeric) fit.feature();
    parts.add(part);
    fit.silentInputs().forEach(input -> silent.add(at + input));
    return at + part.width();
  }

  private static FeatureFit withIndicator(
      Feature.Date feature, boolean complete, List<Integer> silent) {
    if (feature.nullable() && complete) {
      silent.add(feature.width() - 1);
    }
    return new FeatureFit(feature, silent);
  }

  private static boolean isComplete(DateColumn column, int[] rows) {
    for (int row : rows) {
      if (Double.isNaN(column.cell(row))) {
        return false;
      }
    }
    return true;
  }
}
