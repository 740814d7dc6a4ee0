package dev.backprop.engine.table;

import java.util.List;

/// A column of categories: each cell is a code, its index in [#categories()]. A boolean column has
/// the categories `false` and `true`.
public final class CategoricalColumn extends Column {

  private final ColumnType type;
  private final List<Label> categories;
  private final List<String> notes;

  CategoricalColumn(String name, ColumnType type, List<Label> categories, Cells codes) {
    this(name, type, categories, codes, List.of());
  }

  CategoricalColumn(
      String name, ColumnType type, List<Label> categories, Cells codes, List<String> notes) {
    super(name, codes);
    this.type = type;
    this.categories = List.copyOf(categories);
    this.notes = List.copyOf(notes);
  }

  /// A column of truth values.
  ///
  /// @param cells 0 for false, 1 for true
  static CategoricalColumn bool(String name, Cells cells) {
    return new CategoricalColumn(name, ColumnType.BOOLEAN, Label.TRUTH, cells);
  }

  /// The categories in the order in which the data named them.
  public List<Label> categories() {
    return categories;
  }

  @Override
  Column part(int first, int count) {
    return new CategoricalColumn(name(), type, categories, cells().part(first, count), notes);
  }

  @Override
  public ColumnType type() {
    return type;
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public long bytes() {
    return cells().bytes() + dictionaryBytes();
  }

  long dictionaryBytes() {
    return Dictionary.bytesOf(categories);
  }

  @Override
  Object json(double cell) {
    return categories.get((int) cell).json();
  }
}
