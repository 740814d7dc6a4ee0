package dev.backprop.engine.data;

import dev.backprop.engine.linalg.Matrix;
import java.util.Arrays;
import java.util.List;

/// Rows that are encoded as they are asked for, a mini-batch at a time; serves many threads.
public interface Examples {

  /// The stratum of a row that has no target and therefore takes part in nothing.
  int NO_TARGET = -2;

  /// How many rows there are, those without a target included.
  int size();

  /// Width of an encoded row.
  int inputs();

  /// Width of an encoded target.
  int outputs();

  /// Encodes the examples `rows[from] … rows[from + n - 1]`; sets the rows in use of both.
  ///
  /// @param x n × inputs
  /// @param y n × outputs
  default void encode(int[] rows, int from, int n, Matrix x, Matrix y) {
    encodeInputs(rows, from, n, x);
    encodeTargets(rows, from, n, y);
  }

  /// As [#encode], without targets.
  void encodeInputs(int[] rows, int from, int n, Matrix x);

  /// As [#encode], without inputs.
  ///
  /// @throws IllegalStateException if these examples have no targets
  void encodeTargets(int[] rows, int from, int n, Matrix y);

  /// The class index of a row; -1 if targets are no classes, [#NO_TARGET] if the row has none.
  int stratum(int row);

  /// Whether rows count differently; else every row weighs 1.
  default boolean weighted() {
    return false;
  }

  /// How much a row that has a target counts in losses and metrics, at least 0.
  default double weight(int row) {
    return 1;
  }

  /// The categories of these rows that a network has not learned of, if rows have categories.
  ///
  /// @param unknown whether those count too that the encoding has no input for
  default List<Unlearned> unlearnedCategories(int[] rows, boolean unknown) {
    return List.of();
  }

  /// The memory that the rows hold.
  long bytes();

  /// The rows that have a target, ascending.
  default int[] labelled() {
    int[] rows = new int[size()];
    int n = 0;
    for (int row = 0; row < size(); row++) {
      if (stratum(row) != NO_TARGET) {
        rows[n++] = row;
      }
    }
    return Arrays.copyOf(rows, n);
  }
}
