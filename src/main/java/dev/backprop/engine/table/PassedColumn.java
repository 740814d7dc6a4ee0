package dev.backprop.engine.table;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A column whose texts are kept as they are given, beside what else becomes of its cells.
final class PassedColumn implements ColumnSink {

  /// Memory of a text beside its characters.
  private static final long TEXT_BYTES = 56;

  private final ColumnSink cells;
  private final Meter meter;
  private final List<@Nullable String> texts = new ArrayList<>();
  private boolean given;

  /// @param cells gets the cells, too
  PassedColumn(ColumnSink cells, Meter meter) {
    this.cells = cells;
    this.meter = meter;
  }

  ColumnSink cells() {
    return cells;
  }

  /// Whether any row names the column.
  boolean isGiven() {
    return given;
  }

  /// Null if the row has no text there.
  @Nullable String text(int row) {
    return row < texts.size() ? texts.get(row) : null;
  }

  private void add(String text) {
    given = true;
    if (text.isEmpty()) {
      return;
    }
    while (texts.size() < cells.size() - 1) {
      texts.add(null);
    }
    texts.add(text);
    meter.add(TEXT_BYTES + 2L * text.length());
  }

  @Override
  public String name() {
    return cells.name();
  }

  @Override
  public int size() {
    return cells.size();
  }

  @Override
  public void text(char[] chars, int offset, int length) {
    cells.text(chars, offset, length);
    add(new String(chars, offset, length));
  }

  @Override
  public void string(String value) {
    cells.string(value);
    add(value);
  }

  @Override
  public void number(double value) {
    cells.number(value);
    add(Numbers.shortest(value));
  }

  @Override
  public void integer(String digits) {
    cells.integer(digits);
    add(digits);
  }

  @Override
  public void bool(boolean value) {
    cells.bool(value);
    add(Boolean.toString(value));
  }

  @Override
  public void missing() {
    cells.missing();
    given = true;
  }

  @Override
  public void absent(int count) {
    cells.absent(count);
  }

  @Override
  public boolean required() {
    return cells.required();
  }

  @Override
  public @Nullable Column build() {
    return cells.build();
  }
}
