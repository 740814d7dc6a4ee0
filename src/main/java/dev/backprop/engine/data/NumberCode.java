package dev.backprop.engine.data;

import java.util.List;

/// How a number becomes inputs of a network, with the statistics of the training part.
public sealed interface NumberCode {

  /// How many inputs it has.
  int inputs();

  /// How many of them, the first ones, are not zero for every number.
  int used();

  /// Writes the inputs of a number, which are zero before the call, from `x[at]` on.
  void encode(double value, float[] x, int at);

  /// `clip((x - mean) / std, -10, 10)`.
  record Standardized(double mean, double std) implements NumberCode {

    @Override
    public int inputs() {
      return 1;
    }

    @Override
    public int used() {
      return 1;
    }

    @Override
    public void encode(double value, float[] x, int at) {
      x[at] = (float) Math.clamp((value - mean) / std, -FeatureEncoder.CLIP, FeatureEncoder.CLIP);
    }
  }

  /// `z / √(1 + (z / 3)²)`, `z = (x - center) / scale`: smooth, and within ±3 (Holzmüller et al.
  /// 2024, Better by Default, section 3.2).
  ///
  /// @param scale above 0
  record Robust(double center, double scale) implements NumberCode {

    private static final double BOUND = 3;

    /// So far out the result is the bound, to the last bit of a float.
    private static final double FAR = 1e9;

    @Override
    public int inputs() {
      return 1;
    }

    @Override
    public int used() {
      return 1;
    }

    @Override
    public void encode(double value, float[] x, int at) {
      double z = Math.clamp((value - center) / scale, -FAR, FAR);
      double share = z / BOUND;
      x[at] = (float) (z / Math.sqrt(1 + share * share));
    }
  }

  /// The robust number, and a component for each bin between two edges: 0 below the bin, 1 above
  /// it, linear inside (Gorishniy et al. 2022, On Embeddings for Numerical Features in Tabular Deep
  /// Learning, section 3.2). Unlike there, the outer bins end at 0 and 1 too.
  ///
  /// @param bins inputs for as many
  /// @param edges ascending, at most one more than there are bins; the last inputs are zero if
  ///   there are fewer
  record PiecewiseLinear(Robust number, int bins, Edges edges) implements NumberCode {

    @Override
    public int inputs() {
      return 1 + bins;
    }

    @Override
    public int used() {
      return Math.max(1, edges.count());
    }

    @Override
    public void encode(double value, float[] x, int at) {
      number.encode(value, x, at);
      edges.encode(value, x, at + 1);
    }
  }

  /// The robust number, of which the network takes cosines.
  record Periodic(Robust number) implements NumberCode {

    @Override
    public int inputs() {
      return number.inputs();
    }

    @Override
    public int used() {
      return number.used();
    }

    @Override
    public void encode(double value, float[] x, int at) {
      number.encode(value, x, at);
    }
  }

  /// Φ⁻¹ of the rank among quantiles of the training part.
  record QuantileNormal(Ranks ranks) implements NumberCode {

    /// Nearer to 0 or 1 no rank counts, as in scikit-learn's QuantileTransformer.
    private static final double NEAREST = 1e-7;

    @Override
    public int inputs() {
      return 1;
    }

    @Override
    public int used() {
      return 1;
    }

    @Override
    public void encode(double value, float[] x, int at) {
      x[at] = (float) Normal.quantile(Math.clamp(ranks.of(value), NEAREST, 1 - NEAREST));
    }
  }

  /// A code of known quantiles.
  ///
  /// @param quantiles ascending
  static QuantileNormal quantileNormal(List<Double> quantiles) {
    return new QuantileNormal(Ranks.of(quantiles));
  }

  /// A code of known numbers, such as those of a saved model.
  ///
  /// @param edges ascending
  static PiecewiseLinear piecewiseLinear(Robust number, int bins, List<Double> edges) {
    return new PiecewiseLinear(number, bins, Edges.of(edges));
  }
}
