package dev.backprop.engine.scoring;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.spec.Activation;
import org.jspecify.annotations.Nullable;

/// A network of a model, with the encoders that were fitted to the rows that it learned from.
///
/// @param features null if the network takes bare numbers
public record Member(@Nullable FeatureEncoder features, Scorer scorer) {

  Member alike() {
    return new Member(features, scorer.alike());
  }

  Activation activation() {
    return scorer.network().spec().outputActivation();
  }
}
