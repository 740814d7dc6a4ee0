package dev.backprop.engine.spec;

import org.jspecify.annotations.Nullable;

/// What to fit: how columns enter, the network, and how it is trained.
///
/// @param ensemble several networks in place of the one; null for that one
public record FitSpec(
    EncodingSpec encoding,
    NetworkSpec network,
    TrainingSpec training,
    @Nullable EnsembleSpec ensemble) {

  /// One network.
  public FitSpec(EncodingSpec encoding, NetworkSpec network, TrainingSpec training) {
    this(encoding, network, training, null);
  }

  /// One network with the usual encoding.
  public static FitSpec of(NetworkSpec network, TrainingSpec training) {
    return new FitSpec(EncodingSpec.DEFAULT, network, training);
  }
}
