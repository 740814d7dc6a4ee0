package dev.backprop.engine.table;

import java.util.List;

/// A text column with more distinct values than are kept ([TableBuilder#MAX_CATEGORIES]): its cells
/// are gone and read as missing, and it can only be ignored. [TableBuilder.Reading#keep()] names
/// columns that are kept all the same.
public final class UnkeptColumn extends Column {

  private final List<String> sample;

  /// @param missing how many of the cells were missing
  /// @param sample some of the texts of its cells
  UnkeptColumn(String name, int rows, int missing, List<String> sample) {
    super(name, Cells.gone(rows, missing));
    this.sample = List.copyOf(sample);
  }

  /// Some of the texts of its cells; none if the column was read from a store.
  public List<String> sample() {
    return sample;
  }

  @Override
  Column part(int first, int count) {
    return new UnkeptColumn(name(), count, Math.min(missing(), count), sample);
  }

  @Override
  public ColumnType type() {
    return ColumnType.CATEGORICAL;
  }

  @Override
  public List<String> notes() {
    return List.of(
        "column '%s' has more than %d distinct texts: its cells are not kept, and it can only be ignored; if it is needed, upload with keep=%s"
            .formatted(name(), TableBuilder.MAX_CATEGORIES, name()));
  }

  @Override
  public long bytes() {
    return 0;
  }

  @Override
  Object json(double cell) {
    throw new IllegalStateException("the cells of '" + name() + "' are gone");
  }
}
