package dev.backprop.engine.table;

import org.jspecify.annotations.Nullable;

/// A known column whose cells are ignored.
final class SkippedColumn implements ColumnSink {

  private final String name;
  private int size;

  SkippedColumn(String name) {
    this.name = name;
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
