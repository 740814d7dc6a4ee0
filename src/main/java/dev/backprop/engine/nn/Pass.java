package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one layer keeps of one batch.
///
/// @param x (n x p) its inputs, the outputs of the layer before
/// @param z (n x q) weighted inputs; the same matrix as `a` if the backward pass can do without. Of
///   a parametric activation, what a plain one would answer
/// @param a (n x q) its outputs
/// @param d (n x q) dJ/da and then, in its place, dJ/dz; null for prediction
/// @param mask null but for dropout in training
/// @param normalization null but for layers that normalize
/// @param skip null but at the begin and at the end of a residual block
/// @param heads null but for the output layers of members
/// @param hot null but for a layer on one-hot inputs
record Pass(
    Matrix x,
    Matrix z,
    Matrix a,
    @Nullable Matrix d,
    @Nullable Mask mask,
    @Nullable Normalization normalization,
    @Nullable Skip skip,
    @Nullable HeadRows heads,
    @Nullable HotRows hot) {

  /// What goes past the layers of a residual block.
  ///
  /// @param x (n x p) the inputs of the block
  /// @param dy (n x q) dJ/dy of its outputs; null for prediction
  record Skip(Matrix x, @Nullable Matrix dy) {}

  /// What most layers keep.
  Pass(Matrix x, Matrix z, Matrix a, @Nullable Matrix d) {
    this(x, z, a, d, null, null, null, null, null);
  }

  Pass with(Normalization kept) {
    return new Pass(x, z, a, d, mask, kept, skip, heads, hot);
  }

  Pass with(Skip kept) {
    return new Pass(x, z, a, d, mask, normalization, kept, heads, hot);
  }

  Pass with(HeadRows kept) {
    return new Pass(x, z, a, d, mask, normalization, skip, kept, hot);
  }

  Pass with(HotRows kept) {
    return new Pass(x, z, a, d, mask, normalization, skip, heads, kept);
  }

  /// dJ/da in training.
  Matrix gradient() {
    if (d == null) {
      throw new IllegalStateException("this workspace is for prediction");
    }
    return d;
  }

  /// All but the inputs, which are outputs of the layer before.
  List<Matrix> matrices() {
    List<Matrix> matrices = new ArrayList<>(List.of(z, a));
    if (d != null) {
      matrices.add(d);
    }
    if (skip != null && skip.dy != null) {
      matrices.add(skip.dy);
    }
    if (hot != null) {
      matrices.addAll(hot.matrices());
    }
    return matrices;
  }
}
