package dev.backprop.model;

import dev.backprop.spec.ClassWeightsSpec;
import dev.backprop.spec.NetworkSpec;
import dev.backprop.spec.TrainingSpec;
import java.util.Collection;

/// A specification with every default decided.
public record SpecView(NetworkSpec network, TrainingSpec training) {

  private static final long LAYER_BYTES = 500;
  private static final long NAME_BYTES = 150;

  /// About what it takes in a list.
  public long shownBytes() {
    long bytes =
        LAYER_BYTES * (10 + network.layersByPointer().size())
            + bytes(network.embeddings().keySet());
    return training.classWeights() instanceof ClassWeightsSpec.Given given
        ? bytes + bytes(given.weights().keySet())
        : bytes;
  }

  private static long bytes(Collection<String> names) {
    return NAME_BYTES * names.size() + 2L * names.stream().mapToLong(String::length).sum();
  }
}
