package dev.backprop.optim;

import dev.backprop.nn.Parameters;
import java.util.ArrayList;
import java.util.List;

/// Max-norm regularization (Srivastava et al. 2014, Dropout, section 5.1): after each update, the
/// incoming weight vector w of every unit, a row of W, is projected onto the ball of radius c:
///
///     w <- w · c / ‖w‖₂ where ‖w‖₂ > c
///
/// Of all dense layers, the output layer among them, but those that are held at their start. Biases
/// are no part of w, as in Keras' constraint on a kernel.
///
/// Rows lie across the slices in which parameters are updated, so they are cut anew: into pieces of
/// whole rows that follow from the shapes only.
public final class MaxNorm {

  /// Weights of a piece, about.
  private static final int PIECE = 1 << 14;

  /// Rows of one weight matrix.
  private record Piece(int offset, int rows, int columns) {}

  private final double c;
  private final float[] w;
  private final Piece[] pieces;

  /// @param c above 0
  public MaxNorm(double c, Parameters parameters) {
    this.c = c;
    this.w = parameters.values();
    List<Piece> cut = new ArrayList<>();
    for (Parameters.View view : parameters.views()) {
      if (view.rowsAreUnits() && view.rateFactor() > 0) {
        int rows = Math.max(1, PIECE / view.columns());
        for (int from = 0; from < view.rows(); from += rows) {
          int n = Math.min(rows, view.rows() - from);
          cut.add(new Piece(view.offset() + from * view.columns(), n, view.columns()));
        }
      }
    }
    pieces = cut.toArray(Piece[]::new);
  }

  /// How many pieces there are, none of which needs another.
  public int pieces() {
    return pieces.length;
  }

  /// Projects the rows of a piece.
  public void project(int piece) {
    Piece p = pieces[piece];
    for (int row = 0; row < p.rows; row++) {
      int from = p.offset + row * p.columns;
      int to = from + p.columns;
      double norm = Math.sqrt(GradientClipping.sumOfSquares(w, from, to));
      if (norm > c) {
        GradientClipping.scale(w, from, to, (float) (c / norm));
      }
    }
  }
}
