package dev.backprop.engine.optim;

import dev.backprop.engine.nn.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Max-norm regularization (Srivastava et al. 2014, Dropout, section 5.1). After each update, the
/// incoming weight vector w of every unit, a column of W, is projected onto the ball of radius c:
///
///     w <- w · c / ‖w‖₂ where ‖w‖₂ > c
///
/// Of all dense layers, the output layer and projections among them, but those that are held at
/// their start. Biases are no part of w, as in Keras' constraint on a kernel.
///
/// The columns of W lie across the slices in which parameters are updated, so they are cut anew: into
/// pieces of neighbouring units that follow from the shapes only.
public final class MaxNorm {

  /// Weights of a piece, about.
  private static final int PIECE = 1 << 14;

  /// Units side by side fill a line of the cache.
  private static final int LINE = 16;

  /// Units of one weight matrix.
  ///
  /// @param offset of the first weight of the first unit
  /// @param stride from one weight of a unit to its next
  private record Piece(int offset, int inputs, int units, int stride) {}

  private final double c;
  private final float[] w;
  private final Piece[] pieces;

  /// ‖w‖₂², then the factor, of every unit of a piece.
  private final double[][] squares;

  /// @param c above 0
  public MaxNorm(double c, Parameters parameters) {
    this.c = c;
    this.w = parameters.values();
    List<Piece> cut = new ArrayList<>();
    for (Parameters.View view : parameters.views()) {
      if (view.columnsAreUnits() && view.rateFactor() > 0) {
        int units = Math.max(1, PIECE / view.rows() / LINE) * LINE;
        for (int from = 0; from < view.columns(); from += units) {
          int n = Math.min(units, view.columns() - from);
          cut.add(new Piece(view.offset() + from, view.rows(), n, view.columns()));
        }
      }
    }
    pieces = cut.toArray(Piece[]::new);
    squares = cut.stream().map(piece -> new double[piece.units]).toArray(double[][]::new);
  }

  /// How many pieces there are, none of which needs another.
  public int pieces() {
    return pieces.length;
  }

  /// Projects the units of a piece.
  public void project(int piece) {
    Piece p = pieces[piece];
    double[] sums = squares[piece];
    Arrays.fill(sums, 0);
    for (int k = 0; k < p.inputs; k++) {
      int row = p.offset + k * p.stride;
      for (int j = 0; j < p.units; j++) {
        sums[j] += (double) w[row + j] * w[row + j];
      }
    }
    boolean above = false;
    for (int j = 0; j < p.units; j++) {
      double norm = Math.sqrt(sums[j]);
      sums[j] = norm > c ? c / norm : 1;
      above |= norm > c;
    }
    if (above) {
      for (int k = 0; k < p.inputs; k++) {
        int row = p.offset + k * p.stride;
        for (int j = 0; j < p.units; j++) {
          w[row + j] *= (float) sums[j];
        }
      }
    }
  }
}
