package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// How numbers enter a network. All statistics are of the training part. A missing number enters as
/// the median, beside an indicator of its own.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = NumberEncodingSpec.Standardize.class, name = "standardize"),
  @JsonSubTypes.Type(value = NumberEncodingSpec.Robust.class, name = "robust"),
  @JsonSubTypes.Type(value = NumberEncodingSpec.PiecewiseLinear.class, name = "piecewise-linear"),
  @JsonSubTypes.Type(value = NumberEncodingSpec.QuantileNormal.class, name = "quantile-normal"),
  @JsonSubTypes.Type(value = NumberEncodingSpec.Periodic.class, name = "periodic"),
})
public sealed interface NumberEncodingSpec extends ColumnEncodingSpec {

  /// Inputs that a number takes, its indicator not counted.
  int inputs();

  /// Numbers that the hidden layers get for it, its indicator not counted.
  default int units() {
    return inputs();
  }

  /// Numbers that a model keeps for it at most, beside those of every column.
  int kept();

  /// `clip((x - mean) / std, -10, 10)`.
  record Standardize() implements NumberEncodingSpec {

    @Override
    public int inputs() {
      return 1;
    }

    @Override
    public int kept() {
      return 0;
    }
  }

  /// `z / √(1 + (z / 3)²)` of `z = (x - median) / q`, q the distance of the quartiles (Holzmüller
  /// et al. 2024, Better by Default). A single number that is far away changes neither median nor
  /// q.
  record Robust() implements NumberEncodingSpec {

    @Override
    public int inputs() {
      return 1;
    }

    @Override
    public int kept() {
      return 1;
    }
  }

  /// The number as [Robust] has it, and a component for each bin, which rises from 0 to 1 over the
  /// bin (Gorishniy et al. 2022, On Embeddings for Numerical Features in Tabular Deep Learning).
  /// Bins hold equally many rows. A value that fills a bin by itself is an edge.
  ///
  /// @param bins 1 … 1,024
  record PiecewiseLinear(@Interval("[1, 1024]") @Default("48") int bins)
      implements NumberEncodingSpec {

    public static final int MAX_BINS = 1024;

    public PiecewiseLinear {
      Check.range("/bins", bins, 1, MAX_BINS);
    }

    @Override
    public int inputs() {
      return 1 + bins;
    }

    @Override
    public int kept() {
      return 2 + bins;
    }
  }

  /// The rank of a number among the quantiles, as that of a normal distribution: Φ⁻¹(rank), within
  /// ±5.2 (scikit-learn's QuantileTransformer; Gorishniy et al. 2021, Revisiting Deep Learning
  /// Models for Tabular Data).
  ///
  /// @param quantiles 2 … 10,000; no more than there are training rows are taken
  record QuantileNormal(@Interval("[2, 10000]") @Default("1000") int quantiles)
      implements NumberEncodingSpec {

    public static final int MAX_QUANTILES = 10_000;

    public QuantileNormal {
      Check.range("/quantiles", quantiles, 2, MAX_QUANTILES);
    }

    @Override
    public int inputs() {
      return 1;
    }

    @Override
    public int kept() {
      return 3 * quantiles;
    }
  }

  /// The number x as [Robust] has it, and the cosines of so many frequencies that the network
  /// learns: `a ⊙ [x, cos(2π(w x + b))] + c` (Gorishniy et al. 2022, On Embeddings for Numerical
  /// Features in Tabular Deep Learning; the form is that of TabPack, Yandex 2026).
  ///
  /// @param frequencies 1 … 1,024. TabPack draws 8 to 32; the default is half of that
  /// @param sigma of the normal distribution that frequencies w start from, truncated at 3 sigma,
  ///   above 0 and at most 100. A robust number changes by 1 from quartile to quartile: with the
  ///   default a cosine takes a tenth of its period there. Small ones start smooth and have seldom
  ///   been worse, large ones can be
  record Periodic(
      @Interval("[1, 1024]") @Default("16") int frequencies,
      @Interval("(0, 100]") @Default("0.1") double sigma)
      implements NumberEncodingSpec {

    public static final int MAX_FREQUENCIES = 1024;

    public static final double MAX_SIGMA = 100;

    public Periodic {
      Check.range("/frequencies", frequencies, 1, MAX_FREQUENCIES);
      Check.positive("/sigma", sigma);
      if (sigma > MAX_SIGMA) {
        throw new InvalidSpecException(
            "/sigma", "must be at most %s, was %s".formatted(MAX_SIGMA, sigma));
      }
    }

    @Override
    public int inputs() {
      return 1;
    }

    @Override
    public int units() {
      return 1 + frequencies;
    }

    @Override
    public int kept() {
      return 1;
    }
  }
}
