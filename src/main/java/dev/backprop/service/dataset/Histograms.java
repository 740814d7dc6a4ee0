package dev.backprop.service.dataset;

import dev.backprop.engine.table.CategoricalColumn;
import dev.backprop.engine.table.Column;
import dev.backprop.engine.table.DateColumn;
import dev.backprop.engine.table.NumericColumn;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.TableParts;
import dev.backprop.engine.table.UnkeptColumn;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Counts how the values of the columns of a data set are spread, from its rows. Only a part of
/// them is in memory.
@Component
record Histograms(Datasets datasets, ComputeSlots slots) {

  private static final long CATEGORY_BYTES = Integer.BYTES;

  /// The columns of a data set, each with its histogram.
  ///
  /// @throws dev.backprop.platform.problem.ProblemException `not-found` if it has been deleted
  List<ColumnDescription> of(DatasetHead head, HttpServletRequest request) throws IOException {
    try (ComputeSlots.Slot _ = slots.acquire(request);
        Budget.Claim read = datasets.reserve();
        Budget.Claim counted = datasets.reserve();
        Datasets.Reading data = datasets.open(head.id(), "histograms " + UUID.randomUUID())) {
      List<double[]> ranges = ranges(data, read);
      List<ColumnHistogram.@Nullable Counter> counters = new ArrayList<>();
      Table last = null;
      try (TableParts parts = data.parts(read)) {
        for (Table part = parts.next(); part != null; part = parts.next()) {
          for (int c = 0; c < part.columns().size(); c++) {
            Column column = part.columns().get(c);
            if (last == null) {
              counters.add(counter(column, ranges.get(c), counted));
            }
            ColumnHistogram.Counter counter = counters.get(c);
            if (counter != null) {
              counter.add(column);
            }
          }
          last = part;
        }
      }
      return last == null ? head.columns() : described(head.columns(), counters, last);
    }
  }

  private static List<ColumnDescription> described(
      List<ColumnDescription> columns,
      List<ColumnHistogram.@Nullable Counter> counters,
      Table last) {
    List<ColumnDescription> described = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      ColumnHistogram.Counter counter = counters.get(c);
      described.add(
          counter == null
              ? columns.get(c)
              : columns.get(c).with(counter.histogram(last.columns().get(c))));
    }
    return described;
  }

  /// @return null if the cells are not kept
  private static ColumnHistogram.@Nullable Counter counter(
      Column column, double[] range, Budget.Claim counted) {
    return switch (column) {
      case NumericColumn _, DateColumn _ -> ColumnHistogram.ofNumbers(range[0], range[1]);
      case CategoricalColumn categorical -> {
        counted.grow(CATEGORY_BYTES * categorical.categories().size());
        yield ColumnHistogram.ofCategories(categorical.categories().size());
      }
      case UnkeptColumn _ -> null;
    };
  }

  /// The least and the greatest cell of each column of numbers or dates; not numbers if there is
  /// none.
  private static List<double[]> ranges(Datasets.Reading data, Budget.Claim read)
      throws IOException {
    List<double[]> ranges = new ArrayList<>();
    try (TableParts parts = data.parts(read)) {
      for (Table part = parts.next(); part != null; part = parts.next()) {
        if (ranges.isEmpty()) {
          ranges.addAll(
              part.columns().stream().map(_ -> new double[] {Double.NaN, Double.NaN}).toList());
        }
        for (int c = 0; c < ranges.size(); c++) {
          widen(ranges.get(c), part.columns().get(c));
        }
      }
    }
    return Collections.unmodifiableList(ranges);
  }

  private static void widen(double[] range, Column part) {
    if (part instanceof NumericColumn || part instanceof DateColumn) {
      for (int row = 0; row < part.rows(); row++) {
        double cell = part.cell(row);
        if (!Double.isNaN(cell)) {
          range[0] = range[0] <= cell ? range[0] : cell;
          range[1] = range[1] >= cell ? range[1] : cell;
        }
      }
    }
  }
}
