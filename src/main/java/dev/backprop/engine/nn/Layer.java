package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A layer: how numbers of one example become others, forward, and how the derivative of the cost
/// finds its way back. Layers have no state; weights lie in [Parameters], scratch in a [Pass].
sealed interface Layer
    permits Adapters,
        BatchNorm,
        Dense,
        Dropout,
        Heads,
        Input,
        LayerNorm,
        OneHotDense,
        ParametricActivation,
        Periodic,
        ResidualStart,
        ResidualEnd {

  /// Numbers that enter for one example.
  int inputs();

  /// Numbers that leave for one example.
  int units();

  /// How many rows leave for each that enters: one, unless members part here.
  default int spread() {
    return 1;
  }

  /// How many views of the parameters are its own; none if there is nothing to learn.
  int views();

  default boolean trainable() {
    return views() > 0;
  }

  LayerShape shape();

  /// Scratch for prediction.
  ///
  /// @param x the outputs of the layer before
  /// @param turn (n x q) scratch that the layer after next will overwrite
  /// @param before the passes of the layers before
  default Pass pass(Matrix x, Matrix turn, List<Pass> before) {
    return new Pass(x, turn, turn, null);
  }

  /// Scratch for training. There x and a must last until the backward pass, the derivatives only
  /// until the layer before has used them.
  default Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    Matrix a = Matrix.allocate(x.capacity(), units());
    return new Pass(x, a, a, turn);
  }

  /// Floats for one row that leaves, which a pass allocates.
  default int keptColumns(boolean training) {
    return training ? units() : 0;
  }

  /// Bytes that a pass allocates beside its matrices.
  ///
  /// @param rows that leave
  default long scratchBytes(long rows, boolean training) {
    return 0;
  }

  /// From x to a, as in prediction.
  void forward(Pass pass, Parameters theta, Kernels kernels);

  /// From x to a, as in training.
  ///
  /// @param position index of the first example in the epoch's order
  default void forwardTraining(
      Pass pass, Parameters theta, Kernels kernels, long seed, int epoch, long position) {
    forward(pass, theta, kernels);
  }

  /// From dJ/da in `pass.d()` to dJ/dW, dJ/db in `gradient` and dJ/dx in `dx`.
  ///
  /// @param dx (n x p); null if nobody asks for it
  void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels);

  /// From dF/da in `pass.d()` to dF/dx, F being what the layer is for in prediction: without
  /// dropout, and with running statistics. The weights have no derivatives here. It follows
  /// [#forward] on the scratch of training. Layers by which inputs enter have none: nobody asks
  /// beyond what leaves them.
  ///
  /// @param dx (n x p)
  default void slopes(Pass pass, Parameters theta, Matrix dx, Kernels kernels) {
    throw new UnsupportedOperationException("inputs enter by this layer");
  }
}
