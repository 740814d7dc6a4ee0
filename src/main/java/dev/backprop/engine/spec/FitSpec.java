package dev.backprop.engine.spec;

/// What to fit: how columns enter, the network, and how it is trained.
public record FitSpec(EncodingSpec encoding, NetworkSpec network, TrainingSpec training) {

  /// With the usual encoding.
  public static FitSpec of(NetworkSpec network, TrainingSpec training) {
    return new FitSpec(EncodingSpec.DEFAULT, network, training);
  }
}
