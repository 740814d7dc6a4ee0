package dev.backprop.engine.nn;

import java.util.List;

/// The order in which the derivation, and PyTorch, number parameters: the weights of a layer unit
/// by unit. The flat array holds them input by input.
public final class UnitOrder {

  private UnitOrder() {}

  /// Element i is the index of parameter i in the flat array.
  public static int[] of(List<Parameters.View> views) {
    int[] places = new int[views.getLast().end()];
    int i = 0;
    for (Parameters.View view : views) {
      boolean turned = view.columnsAreUnits();
      int outer = turned ? view.columns() : view.rows();
      int inner = turned ? view.rows() : view.columns();
      for (int o = 0; o < outer; o++) {
        for (int k = 0; k < inner; k++) {
          places[i++] = view.offset() + (turned ? k * outer + o : o * inner + k);
        }
      }
    }
    return places;
  }
}
