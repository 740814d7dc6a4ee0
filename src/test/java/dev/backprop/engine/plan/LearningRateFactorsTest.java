package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LearningRateFactorsSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.NumberEncodingSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kinds of parameters that learn faster or slower than the rest, whatever the optimizer.
class LearningRateFactorsTest {

  static List<OptimizerSpec> optimizers() {
    return List.of(
        Defaults.fill(OptimizerSpec.Sgd.class, 0.1),
        Defaults.fill(OptimizerSpec.AdamW.class, 0.01),
        Defaults.fill(OptimizerSpec.Rprop.class),
        Defaults.fill(OptimizerSpec.Lbfgs.class));
  }

  /// One step by all rows.
  private static Parameters train(
      OptimizerSpec optimizer, @Nullable LearningRateFactorsSpec factors) {
    TrainingPlan plan =
        TrainingPlan.of(
            TrainingRows.cities(120, 9, 5),
            null,
            new FitSpec(
                EncodingSpec.DEFAULT.withColumns(
                    Map.of("x", new NumberEncodingSpec.Periodic(4, 0.5))),
                NetworkSpec.of(
                        List.of(
                            Defaults.fill(LayerSpec.Dense.class, 6, new Activation.Prelu(0.25)),
                            Defaults.fill(LayerSpec.LayerNorm.class),
                            Defaults.fill(
                                LayerSpec.Dense.class,
                                5,
                                new Activation.Mish(),
                                null,
                                null,
                                null,
                                null,
                                true)),
                        null,
                        null)
                    .withEmbeddings(Map.of("city", new EmbeddingSpec(3)))
                    .withInputScale(),
                TrainingSpecs.training()
                    .epochs(1)
                    .batchSize(120)
                    .optimizer(optimizer)
                    .validationFraction(0.0)
                    .learningRateFactors(factors)
                    .spec()));
    TrainingResult result =
        plan.run(new JavaKernels(), Team.ALONE, InstantSource.fixed(Instant.EPOCH), _ -> {}, null);
    return ((TrainingResult.Trained) result).predictor().scorer().network().parameters();
  }

  /// As good as at the start.
  private static Parameters start() {
    return train(Defaults.fill(OptimizerSpec.Sgd.class, 1e-30), null);
  }

  /// The names of the parts that have moved.
  private static Set<String> moved(Parameters learned) {
    Parameters start = start();
    return learned.views().stream()
        .filter(view -> distance(learned, start, view) > 1e-20)
        .map(Parameters.View::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static double distance(Parameters a, Parameters b, Parameters.View view) {
    double squares = 0;
    for (int i = view.offset(); i < view.end(); i++) {
      squares += Math.pow((double) a.values()[i] - b.values()[i], 2);
    }
    return Math.sqrt(squares);
  }

  /// After one step, in which their cosines had no factors yet, frequencies and phases have not
  /// moved.
  private static final Set<String> PERIODIC = Set.of("periodic.scale", "periodic.shift");

  private static final Set<String> BIASES =
      Set.of("layers.0.bias", "layers.1.bias", "layers.2.bias", "output.bias");

  private static final Set<String> SLOPES = Set.of("layers.0.slope", "layers.2.share");

  @ParameterizedTest
  @MethodSource("optimizers")
  void zeroHoldsAKindAndNoOther(OptimizerSpec optimizer) {
    Set<String> all = moved(train(optimizer, null));
    assertThat(all)
        .containsAll(BIASES)
        .containsAll(SLOPES)
        .containsAll(PERIODIC)
        .contains("input.scale", "embeddings.city.weight", "layers.1.gain");
    Map<LearningRateFactorsSpec, Set<String>> held =
        Map.of(
            new LearningRateFactorsSpec(0, 1, 1, 1, 1),
            BIASES,
            new LearningRateFactorsSpec(1, 0, 1, 1, 1),
            Set.of("input.scale"),
            new LearningRateFactorsSpec(1, 1, 0, 1, 1),
            SLOPES,
            new LearningRateFactorsSpec(1, 1, 1, 0, 1),
            Set.of("embeddings.city.weight"),
            new LearningRateFactorsSpec(1, 1, 1, 1, 0),
            PERIODIC);
    held.forEach(
        (factors, names) -> {
          Set<String> others = new TreeSet<>(all);
          others.removeAll(names);
          assertThat(moved(train(optimizer, factors))).isEqualTo(others);
        });
  }

  @Test
  void aStepIsAsManyTimesAsLong() {
    OptimizerSpec sgd = Defaults.fill(OptimizerSpec.Sgd.class, 0.1);
    Parameters start = start();
    Parameters plain = train(sgd, null);
    Parameters scaled = train(sgd, new LearningRateFactorsSpec(0.25, 6, 3, 0.5, 2));
    for (Parameters.View view : plain.views()) {
      double factor =
          BIASES.contains(view.name())
              ? 0.25
              : SLOPES.contains(view.name())
                  ? 3
                  : PERIODIC.contains(view.name())
                      ? 2
                      : Map.of("input.scale", 6.0, "embeddings.city.weight", 0.5)
                          .getOrDefault(view.name(), 1.0);
      if (Set.of("periodic.frequency", "periodic.phase").contains(view.name())) {
        continue;
      }
      assertThat(distance(scaled, start, view) / distance(plain, start, view))
          .as(view.name())
          .isCloseTo(factor, within(1e-4));
    }
  }
}
