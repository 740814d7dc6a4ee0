package dev.backprop.model;

import dev.backprop.spec.NetworkSpec;
import dev.backprop.spec.TrainingSpec;

/// A specification with every default decided.
public record SpecView(NetworkSpec network, TrainingSpec training) {

  public SpecView {
    training = training.sayingWhatItWatches();
  }
}
