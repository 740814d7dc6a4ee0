package dev.backprop.platform.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// A specification with every default decided.
///
/// @param encoding left out if it is the usual one
/// @param ensemble left out if there is none; else the other three are those of its first member
/// @param data left out if the request said nothing of it that is to be decided
public record SpecView(
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable EncodingSpec encoding,
    NetworkSpec network,
    TrainingSpec training,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable EnsembleSpec ensemble,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Data data) {

  private static final long LAYER_BYTES = 500;
  private static final long NAME_BYTES = 150;

  public SpecView {
    encoding = EncodingSpec.DEFAULT.equals(encoding) ? null : encoding;
    training = training.sayingWhatItWatches();
    ensemble = ensemble == null ? null : sayingWhatTheyWatch(ensemble);
  }

  private static EnsembleSpec sayingWhatTheyWatch(EnsembleSpec ensemble) {
    return ensemble.withMembers(
        ensemble.members().stream()
            .map(
                member ->
                    new EnsembleSpec.Member(
                        member.encoding(),
                        member.network(),
                        member.training().sayingWhatItWatches()))
            .toList());
  }

  /// @param spec resolved
  /// @param split null if each row is drawn by itself
  public static SpecView of(FitSpec spec, @Nullable SplitSpec split) {
    return new SpecView(
        spec.encoding(),
        spec.network(),
        spec.training(),
        spec.ensemble(),
        split == null ? null : new Data(split));
  }

  /// The same without what concerns the data.
  public FitSpec fit() {
    return new FitSpec(
        encoding == null ? EncodingSpec.DEFAULT : encoding, network, training, ensemble);
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
    long bytes = shownBytes(fit());
    return ensemble == null
        ? bytes
        : bytes + fit().members().stream().mapToLong(SpecView::shownBytes).sum();
  }

  private static long shownBytes(FitSpec spec) {
    long bytes =
        LAYER_BYTES * (10 + spec.network().layersByPointer().size())
            + bytes(spec.network().embeddings().keySet())
            + bytes(spec.encoding().columns().keySet());
    return spec.training().classWeights() instanceof ClassWeightsSpec.Given given
        ? bytes + bytes(given.weights().keySet())
        : bytes;
  }

  private static long bytes(Collection<String> names) {
    return NAME_BYTES * names.size() + 2L * names.stream().mapToLong(String::length).sum();
  }
}
