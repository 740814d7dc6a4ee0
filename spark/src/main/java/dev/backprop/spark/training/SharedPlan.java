package dev.backprop.spark.training;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.SpecCopy;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.NewerFormatException;
import dev.backprop.engine.table.Schema;
import dev.backprop.platform.artifact.Artifact;
import dev.backprop.platform.artifact.ArtifactCodec;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.json.StrictJson;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What every task has to know, on its way to the executors. Specs and encoders travel as the
/// document of an artifact, which each executor reads once.
final class SharedPlan implements Serializable {

  private static final long serialVersionUID = 1;

  private final byte[] document;
  private final @Nullable HashMap<String, Double> classWeights;
  private final @Nullable String kernels;
  private transient @Nullable Live live;

  /// @param document of the model to be, see [ArtifactCodec]
  /// @param classWeights of all shards, by class; null if classes weigh nothing
  /// @param kernels as [KernelSelection#select] takes them
  SharedPlan(
      byte[] document, @Nullable Map<String, Double> classWeights, @Nullable String kernels) {
    this.document = document;
    this.classWeights = classWeights == null ? null : new HashMap<>(classWeights);
    this.kernels = kernels;
  }

  /// What a task computes with.
  ///
  /// @param training resolved, with the weights of classes that all shards have
  /// @param names of the kernels, and why
  record Live(Artifact artifact, TrainingSpec training, Kernels kernels, String names, String cpu) {

    Schema schema() {
      Schema schema = Objects.requireNonNull(artifact.schema());
      // An artifact has the target as the network answers it, which may be quantiles.
      return schema;
    }

    Artifact.Encoders encoders() {
      return artifact.members().getFirst();
    }

    /// A network of these parameters.
    ///
    /// @param values copied
    Scorer scorer(float[] values) {
      Artifact.Encoders own = encoders();
      Network network =
          Network.of(
              own.network(),
              own.inputs(),
              own.target().target().outputs(),
              values.clone(),
              kernels);
      return new Scorer(network, own.target(), artifact.baseline());
    }
  }

  synchronized Live live() {
    Live known = live;
    if (known == null) {
      KernelSelection selection = KernelSelection.select(kernels);
      Engine engine = Engine.here("", selection);
      known = read(selection, engine.cpu());
      live = known;
    }
    return known;
  }

  private Live read(KernelSelection selection, String cpu) {
    ArtifactCodec codec = new ArtifactCodec(StrictJson.mapper(), selection.kernels());
    try {
      Artifact artifact = codec.read(document);
      TrainingSpec training = artifact.document().spec().training();
      return new Live(
          artifact,
          classWeights == null
              ? training
              : SpecCopy.of(training)
                  .with("classWeights", new ClassWeightsSpec.Given(classWeights))
                  .spec(),
          selection.kernels(),
          selection.kernels().name(),
          cpu);
    } catch (NewerFormatException e) {
      throw new IllegalStateException(e); // this version has written it
    }
  }
}
