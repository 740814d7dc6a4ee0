package dev.backprop.data;

import org.jspecify.annotations.Nullable;

/// A column of finite numbers, each kept exactly.
public final class NumericColumn implements Column {

  private final String name;
  private final Cells cells;

  NumericColumn(String name, Cells cells) {
    this.name = name;
    this.cells = cells;
  }

  /// A column without a single value.
  static NumericColumn missing(String name, int rows) {
    CellsBuilder cells = new CellsBuilder(new Meter(ByteBudget.unbounded()));
    cells.addMissing(rows);
    return new NumericColumn(name, cells.build());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ColumnType type() {
    return ColumnType.NUMERIC;
  }

  @Override
  public int rows() {
    return cells.size();
  }

  @Override
  public int missing() {
    return cells.missing();
  }

  @Override
  public long bytes() {
    return cells.bytes();
  }

  @Override
  public double cell(int row) {
    return cells.get(row);
  }

  @Override
  public void gather(int[] rows, int from, int n, double[] into, int offset, int stride) {
    cells.gather(rows, from, n, into, offset, stride);
  }

  /// As [FeatureEncoder#encode] does for one cell, for the rows `rows[from] … rows[from + n - 1]`.
  void encode(Feature.Numeric feature, int[] rows, int from, int n, float[] x, int at, int stride) {
    cells.encode(feature, rows, from, n, x, at, stride);
  }

  @Override
  public @Nullable Object json(int row) {
    double value = cells.get(row);
    return Double.isNaN(value) ? null : Label.jsonNumber(value);
  }
}
