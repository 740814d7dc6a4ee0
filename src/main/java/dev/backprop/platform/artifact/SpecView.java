package dev.backprop.platform.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// A specification with every default decided.
///
/// @param data left out if the request said nothing of it that is to be decided
public record SpecView(
    NetworkSpec network,
    TrainingSpec training,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Data data) {

  private static final long LAYER_BYTES = 500;
  private static final long NAME_BYTES = 150;

  public SpecView {
    training = training.sayingWhatItWatches();
  }

  /// @param split null if each row is drawn by itself
  public static SpecView of(NetworkSpec network, TrainingSpec training, @Nullable SplitSpec split) {
    return new SpecView(network, training, split == null ? null : new Data(split));
  }

  /// Of the data.
  ///
  /// @param split how rows are parted
  public record Data(SplitSpec split) {}

  /// How rows are parted; null if each is drawn by itself.
  public @Nullable SplitSpec splitBy() {
    return data == null ? null : data.split();
  }

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
