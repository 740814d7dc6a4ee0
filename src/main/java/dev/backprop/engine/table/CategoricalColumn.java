package dev.backprop.engine.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A column of categories: each cell is a code, its index in [#categories()]. A boolean column has
/// the categories `false` and `true`.
public final class CategoricalColumn implements Column {

  private final String name;
  private final ColumnType type;
  private final List<Label> categories;
  private final Cells codes;
  private final long bytes;
  private final List<String> notes;

  CategoricalColumn(
      String name, ColumnType type, List<Label> categories, Cells codes, long dictionaryBytes) {
    this(name, type, categories, codes, dictionaryBytes, List.of());
  }

  CategoricalColumn(
      String name,
      ColumnType type,
      List<Label> categories,
      Cells codes,
      long dictionaryBytes,
      List<String> notes) {
    this.notes = List.copyOf(notes);
    this.name = name;
    this.type = type;
    this.categories = List.copyOf(categories);
    this.codes = codes;
    this.bytes = codes.bytes() + dictionaryBytes;
  }

  /// The categories in the order in which the data named them.
  public List<Label> categories() {
    return categories;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ColumnType type() {
    return type;
  }

  @Override
  public int rows() {
    return codes.size();
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public int missing() {
    return codes.missing();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public double cell(int row) {
    return codes.get(row);
  }

  @Override
  public void gather(int[] rows, int from, int n, double[] into, int offset, int stride) {
    codes.gather(rows, from, n, into, offset, stride);
  }

  @Override
  public @Nullable Object json(int row) {
    double code = codes.get(row);
    return Double.isNaN(code) ? null : categories.get((int) code).json();
  }

  Cells codes() {
    return codes;
  }

  long dictionaryBytes() {
    return bytes - codes.bytes();
  }
}
