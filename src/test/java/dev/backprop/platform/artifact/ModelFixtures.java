package dev.backprop.platform.artifact;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.plan.TrainingData;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.plan.TrainingResult;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.Schema;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Small models, trained on the spot.
public final class ModelFixtures {

  public static final Instant START = Instant.parse("2025-03-01T12:00:00Z");

  private static final Engine ENGINE = new Engine("1", "java", "test", "any", "25");

  private ModelFixtures() {}

  /// A model of two bare inputs and one output after one epoch on XOR.
  public static ModelDraft bare() {
    return bare(7);
  }

  /// The same of another seed.
  public static ModelDraft bare(long seed) {
    DenseRows inputs = DenseRows.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    DenseRows targets = DenseRows.of(new double[][] {{0}, {1}, {1}, {0}});
    return train(
        new TrainingData.Bare(new BareExamples(inputs, targets)),
        null,
        NetworkSpec.of(List.of(), null, null),
        TrainingSpecs.training().epochs(20).seed(seed).spec());
  }

  /// @param schema null for bare numbers
  public static ModelDraft train(TrainingData data, @Nullable Schema schema, NetworkSpec network) {
    return train(data, schema, network, TrainingSpecs.training().epochs(20).seed(7).spec());
  }

  /// @param schema null for bare numbers
  public static ModelDraft train(
      TrainingData data, @Nullable Schema schema, NetworkSpec network, TrainingSpec spec) {
    return train(data, schema, FitSpec.of(network, spec));
  }

  /// @param schema null for bare numbers
  static ModelDraft train(TrainingData data, @Nullable Schema schema, FitSpec spec) {
    TrainingPlan plan = TrainingPlan.of(data, null, spec);
    Kernels kernels = KernelSelection.select("java").kernels();
    TrainingResult result =
        plan.run(kernels, Team.ALONE, InstantSource.fixed(START), _ -> {}, null);
    if (!(result instanceof TrainingResult.Trained trained)) {
      throw new AssertionError(result);
    }
    return new ModelDraft(
        trained.predictor(),
        SpecView.of(plan.spec(), plan.splitBy()),
        schema,
        true,
        trained.learned(),
        new Provenance(ENGINE, 7, "00", plan.rows(), null, "training-1", START, START, null, null));
  }
}
