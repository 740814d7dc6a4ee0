package dev.backprop.engine.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A text column with more distinct values than are kept ([TableBuilder#MAX_CATEGORIES]): its cells
/// are gone, it can only be ignored. Whoever needs it names it when it is read, see
/// [TableBuilder.Reading#keep()].
public final class UnkeptColumn implements Column {

  private final String name;
  private final int rows;
  private final int missing;
  private final List<String> sample;

  /// @param sample some of the texts that stood there
  UnkeptColumn(String name, int rows, int missing, List<String> sample) {
    this.name = name;
    this.rows = rows;
    this.missing = missing;
    this.sample = List.copyOf(sample);
  }

  /// Some of the texts that stood there, none if the column was read from a store.
  public List<String> sample() {
    return sample;
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
  public List<String> notes() {
    return List.of(
        "column '%s' has more than %d distinct texts: its cells are not kept, and it can only be ignored; if it is needed, upload with keep=%s"
            .formatted(name, TableBuilder.MAX_CATEGORIES, name));
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
