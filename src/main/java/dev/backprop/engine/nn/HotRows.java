package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a layer on one-hot inputs keeps of one batch.
///
/// @param inputs (n x p') of the network
/// @param places of the one-hot inputs that are not zero, see [OneHots#find]
/// @param counts of these, for each row
/// @param x the columns of X of the other inputs; the following are those of their weights. None of
///   these if every input is one-hot
/// @param dx null but in training, as dw is
@SuppressWarnings("ArrayRecordComponent") // scratch, compared by nobody
record HotRows(
    Matrix inputs,
    int[] places,
    int[] counts,
    @Nullable Matrix x,
    @Nullable Matrix w,
    @Nullable Matrix dx,
    @Nullable Matrix dw) {

  /// @param rows of the layer at most
  static HotRows of(Matrix inputs, OneHots hots, int units, int rows, boolean training) {
    int[] places = new int[Math.multiplyExact(inputs.capacity(), hots.groups())];
    int[] counts = new int[inputs.capacity()];
    int others = hots.others().length;
    if (others == 0) {
      return new HotRows(inputs, places, counts, null, null, null, null);
    }
    return new HotRows(
        inputs,
        places,
        counts,
        Matrix.allocate(rows, others),
        Matrix.allocate(others, units),
        training ? Matrix.allocate(rows, others) : null,
        training ? Matrix.allocate(others, units) : null);
  }

  /// Bytes of what has no row of the layer.
  ///
  /// @param rows of the layer at most, which are as many as those of the network, or more
  static long bytes(OneHots hots, int units, long rows, boolean training) {
    long weights = (long) hots.others().length * units * (training ? 2 : 1);
    return Integer.BYTES * (rows * (hots.groups() + 1) + weights);
  }

  /// What has a row for each of the layer.
  List<Matrix> matrices() {
    List<Matrix> matrices = new ArrayList<>();
    if (x != null) {
      matrices.add(x);
    }
    if (dx != null) {
      matrices.add(dx);
    }
    return matrices;
  }
}
