package dev.backprop.data;

import org.jspecify.annotations.Nullable;

/// A text column with more distinct values than are kept ([TableBuilder#MAX_CATEGORIES]): its cells
/// are gone, it can only be ignored.
public final class UnkeptColumn implements Column {

  private final String name;
  private final int rows;
  private final int missing;

  UnkeptColumn(String name, int rows, int missing) {
    this.name = name;
    this.rows = rows;
    this.missing = missing;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ColumnType type() {
    return ColumnType.CATEGORICAL;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int missing() {
    return missing;
  }

  @Override
  public long bytes() {
    return 0;
  }

  /// NaN, whatever stood there.
  @Override
  public double cell(int row) {
    return Double.NaN;
  }

  @Override
  public void gather(int[] from, int first, int n, double[] into, int offset, int stride) {
    for (int i = 0, at = offset; i < n; i++, at += stride) {
      into[at] = Double.NaN;
    }
  }

  @Override
  public @Nullable Object json(int row) {
    return null;
  }
}
