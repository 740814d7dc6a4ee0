package dev.backprop.data;

/// Grows a [Table] row by row.
@SuppressWarnings("DoNotCallSuggester")
public final class TableBuilder {

  /// Distinct values beyond which a text column is not kept.
  public static final int MAX_CATEGORIES = 100_000;

  private TableBuilder() {}

  /// A builder that infers columns and their types from the cells.
  public static TableBuilder inferring(MissingTokens missing, ByteBudget budget) {
    throw new UnsupportedOperationException();
  }

  /// A builder for rows of known columns.
  public static TableBuilder declared(
      Schema schema, boolean withTarget, MissingTokens missing, ByteBudget budget) {
    throw new UnsupportedOperationException();
  }

  /// The index of the column of that name.
  public int column(String name) {
    throw new UnsupportedOperationException();
  }

  /// A cell of the current row as text, as CSV has it.
  public void text(int column, char[] chars, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  /// A cell of the current row as text, as CSV has it.
  public void text(int column, String text) {
    throw new UnsupportedOperationException();
  }

  /// A JSON string.
  public void string(int column, String value) {
    throw new UnsupportedOperationException();
  }

  public void number(int column, double value) {
    throw new UnsupportedOperationException();
  }

  public void bool(int column, boolean value) {
    throw new UnsupportedOperationException();
  }

  public void missing(int column) {
    throw new UnsupportedOperationException();
  }

  public void endRow() {
    throw new UnsupportedOperationException();
  }

  /// Rows ended so far.
  public int rows() {
    throw new UnsupportedOperationException();
  }

  public Table build() {
    throw new UnsupportedOperationException();
  }
}
