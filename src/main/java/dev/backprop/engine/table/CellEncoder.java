package dev.backprop.engine.table;

/// Writes a cell down as inputs of a network, which are zero before.
@FunctionalInterface
public interface CellEncoder {

  /// @param cell the number, or the index of a category; NaN if missing
  /// @param at the first of the inputs
  void encode(double cell, float[] x, int at);
}
