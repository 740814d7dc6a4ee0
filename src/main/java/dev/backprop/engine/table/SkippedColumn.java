package dev.backprop.engine.table;

import org.jspecify.annotations.Nullable;

/// A column whose cells are ignored.
final class SkippedColumn implements ColumnSink {

  private final String name;
  private final boolean unknown;
  private int size;

  /// @param unknown whether the schema does not have it
  SkippedColumn(String name, boolean unknown) {
    this.name = name;
    this.unknown = unknown;
  }

  boolean isUnknown() {
    return unknown;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void text(char[] chars, int offset, int length) {
    size++;
  }

  @Override
  public void string(String value) {
    size++;
  }

  @Override
  public void number(double value) {
    size++;
  }

  @Override
  public void integer(String digits) {
    size++;
  }

  @Override
  public void bool(boolean value) {
    size++;
  }

  @Override
  public void missing() {
    size++;
  }

  @Override
  public void absent(int count) {
    size += count;
  }

  @Override
  public boolean required() {
    return false;
  }

  @Override
  public @Nullable Column build() {
    return null;
  }
}
