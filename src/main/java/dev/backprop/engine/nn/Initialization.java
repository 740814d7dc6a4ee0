package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Draws;
import dev.backprop.engine.linalg.Draws.Purpose;
import dev.backprop.engine.spec.Initializer;
import java.util.Arrays;

/// Draws the first values of weights and biases. The draw for a parameter is a pure function of the
/// seed and its place in the flat array.
final class Initialization {

  private Initialization() {}

  /// Fills a view as its initializer says.
  static void fill(
      Parameters theta,
      Parameters.View view,
      Initializer initializer,
      int fanIn,
      int fanOut,
      long seed) {
    float[] w = theta.values();
    int end = view.offset() + view.size();
    switch (initializer) {
      case Initializer.GlorotUniform _ ->
          uniform(w, view.offset(), end, Math.sqrt(6.0 / ((double) fanIn + fanOut)), seed);
      case Initializer.GlorotNormal _ ->
          normal(w, view.offset(), end, Math.sqrt(2.0 / ((double) fanIn + fanOut)), seed);
      case Initializer.HeUniform _ -> uniform(w, view.offset(), end, Math.sqrt(6.0 / fanIn), seed);
      case Initializer.HeNormal _ -> normal(w, view.offset(), end, Math.sqrt(2.0 / fanIn), seed);
      case Initializer.LecunNormal _, Initializer.ScaledNormal _ ->
          normal(w, view.offset(), end, Math.sqrt(1.0 / fanIn), seed);
      case Initializer.UnitNormal _ -> normal(w, view.offset(), end, 1, seed);
      case Initializer.Zeros _ -> {}
    }
  }

  /// Divides the elements of a view.
  static void divide(Parameters theta, Parameters.View view, float by) {
    if (by != 1) {
      for (int i = view.offset(); i < view.end(); i++) {
        theta.values()[i] /= by;
      }
    }
  }

  /// Fills a view from U(-r, r).
  static void uniform(Parameters theta, Parameters.View view, double r, long seed) {
    uniform(theta.values(), view.offset(), view.end(), r, seed);
  }

  /// Fills rows chunk by chunk, each with one draw: from N(0, 1), or 1 and -1 alike.
  ///
  /// @param chunks neighbouring elements of a row that start alike, in order
  static void scales(
      Parameters theta, Parameters.View view, int[] chunks, boolean normal, long seed) {
    int at = view.offset();
    for (int row = 0; row < view.rows(); row++) {
      for (int chunk : chunks) {
        double draw =
            normal
                ? Draws.normal(seed, Purpose.INITIALIZATION, 0, at)
                : Draws.bits(seed, Purpose.INITIALIZATION, 0, at) < 0 ? -1 : 1;
        Arrays.fill(theta.values(), at, at + chunk, (float) draw);
        at += chunk;
      }
    }
  }

  /// Fills elements from N(0, deviation²), of which none is further out than three deviations: such
  /// a draw is drawn again.
  static void truncatedNormal(Parameters theta, int from, int to, double deviation, long seed) {
    for (int i = from; i < to; i++) {
      double draw = Draws.normal(seed, Purpose.INITIALIZATION, 0, i);
      for (int again = 1; Math.abs(draw) > 3; again++) {
        draw = Draws.normal(seed, Purpose.INITIALIZATION, again, i);
      }
      theta.values()[i] = (float) (deviation * draw);
    }
  }

  private static void uniform(float[] w, int from, int to, double r, long seed) {
    for (int i = from; i < to; i++) {
      w[i] = (float) (r * (2 * Draws.uniform(seed, Purpose.INITIALIZATION, 0, i) - 1));
    }
  }

  private static void normal(float[] w, int from, int to, double deviation, long seed) {
    for (int i = from; i < to; i++) {
      w[i] = (float) (deviation * Draws.normal(seed, Purpose.INITIALIZATION, 0, i));
    }
  }
}
