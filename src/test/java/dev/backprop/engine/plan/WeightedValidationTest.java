package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.ClassWeightsSpec;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.Monitor;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.Schema;
import dev.backprop.engine.table.Table;
import dev.backprop.engine.table.Tables;
import dev.backprop.engine.table.Target;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Part;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The loss over the validation rows under the weights of their classes, and what goes by it.
class WeightedValidationTest {

  private static final ClassWeightsSpec RARE = new ClassWeightsSpec.Given(Map.of("rare", 8.0));

  private final List<EpochReport> history = new ArrayList<>();
  private @Nullable TrainingPlan plan;

  /// One row in eight is rare, which overlaps with the others; if rows have weights, a row weighs
  /// 0, 1 or 2.
  private static TrainingData data(long seed, int rows, boolean weighted) {
    SplittableRandom random = new SplittableRandom(seed);
    String[] lines = new String[rows + 1];
    lines[0] = "x,kind,w";
    for (int i = 0; i < rows; i++) {
      boolean rare = i % 8 == 0;
      double x = random.nextDouble() + (rare ? 0.5 : 0);
      lines[i + 1] = "%s,%s,%d".formatted(x, rare ? "rare" : "usual", i % 3);
    }
    Table table = Tables.csv(lines);
    List<Schema.Field> fields =
        List.of(
            Schema.Field.of(table.columns().get(0), Schema.Role.FEATURE),
            Schema.Field.of(table.columns().get(1), Schema.Role.TARGET),
            Schema.Field.of(
                table.columns().get(2), weighted ? Schema.Role.WEIGHT : Schema.Role.IGNORED));
    return new TrainingData.Rows(
        table, new Schema(fields, new Target.Classes("kind", fields.get(1).categories())));
  }

  private static TrainingSpecs training() {
    return TrainingSpecs.training()
        .optimizer(Defaults.fill(OptimizerSpec.Adam.class, 0.05))
        .earlyStopping(new EarlyStoppingSpec.None());
  }

  private TrainingResult.Trained train(
      TrainingData data, @Nullable TrainingData validation, TrainingSpecs training) {
    plan =
        TrainingPlan.of(
            data,
            validation,
            FitSpec.of(
                NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 8)), null, null),
                training.spec()));
    history.clear();
    return (TrainingResult.Trained)
        plan.run(
            new JavaKernels(), Team.ALONE, InstantSource.fixed(Instant.EPOCH), history::add, null);
  }

  /// Σ w L / Σ w from the mean losses of the rows of each class.
  private static double expected(
      TrainingResult.Trained trained, TrainingData validation, double rare, double usual) {
    Scorer scorer = trained.predictor().scorer();
    Part part = validation.encodeFor(trained.predictor(), new int[0]).encodeAlike(validation);
    Examples examples = part.examples();
    double losses = 0;
    double weights = 0;
    for (int kind = 0; kind < 2; kind++) {
      int stratum = kind;
      int[] rows =
          IntStream.of(part.rows()).filter(row -> examples.stratum(row) == stratum).toArray();
      double weight =
          (kind == 0 ? rare : usual) * IntStream.of(rows).mapToDouble(examples::weight).sum();
      losses += weight * scorer.evaluate(examples, rows, scorer.workspace()).loss();
      weights += weight;
    }
    return losses / weights;
  }

  @Test
  void isTheMeanUnderTheWeightsOfClasses() {
    TrainingData validation = data(2, 90, false);

    TrainingResult.Trained given =
        train(data(1, 200, false), validation, training().epochs(3).classWeights(RARE));
    assertThat(last().weightedValidationLoss())
        .isCloseTo(expected(given, validation, 8, 1), within(1e-6));
    assertThat(last().validationLoss()).isCloseTo(expected(given, validation, 1, 1), within(1e-6));

    // 200 training rows, 25 of them rare: 200 / (2 · 25) and 200 / (2 · 175).
    TrainingResult.Trained balanced =
        train(
            data(1, 200, false),
            validation,
            training().epochs(3).classWeights(new ClassWeightsSpec.Balanced()));
    assertThat(last().weightedValidationLoss())
        .isCloseTo(expected(balanced, validation, 4, 200 / 350.0), within(1e-6));
  }

  @Test
  void rowsCountByTheirOwnWeightsToo() {
    TrainingData validation = data(2, 90, true);
    TrainingResult.Trained trained =
        train(data(1, 200, true), validation, training().epochs(3).classWeights(RARE));
    assertThat(last().weightedValidationLoss())
        .isCloseTo(expected(trained, validation, 8, 1), within(1e-6))
        .isNotCloseTo(Objects.requireNonNull(last().validationLoss()), within(1e-3));
  }

  /// Weights that are numbers each, of which no product is one, or none is above 0.
  @Test
  void weightsMayBeAsLargeAndAsSmallAsTheyLike() {
    for (double weight : new double[] {1e30, 1e-300}) {
      train(
          data(1, 200, true),
          data(2, 90, true),
          training()
              .epochs(1)
              .classWeights(
                  new ClassWeightsSpec.Given(Map.of("rare", weight, "usual", weight / 8))));
      double extreme = Objects.requireNonNull(last().weightedValidationLoss());
      assertThat(extreme).isBetween(0.1, 10.0);
    }
  }

  private EpochReport last() {
    return history.getLast();
  }

  private int best(Comparator<EpochReport> order) {
    return history.stream().min(order).orElseThrow().epoch();
  }

  @Test
  void earlyStoppingGoesByIt() {
    TrainingSpecs spec = training().epochs(60).classWeights(RARE);
    TrainingResult.Trained weighted =
        train(data(1, 200, false), data(2, 90, false), spec.earlyStopping(patience(null)));
    int bestWeighted = best(Comparator.comparing(EpochReport::weightedValidationLoss));
    assertThat(weighted.learned().bestEpoch()).isEqualTo(bestWeighted);
    assertThat(best(Comparator.comparing(EpochReport::validationLoss))).isNotEqualTo(bestWeighted);
    assertThat(Objects.requireNonNull(plan).training().earlyStopping())
        .isEqualTo(patience(Monitor.WEIGHTED_VALIDATION_LOSS));

    TrainingResult.Trained other =
        train(
            data(1, 200, false),
            data(2, 90, false),
            spec.earlyStopping(patience(Monitor.VALIDATION_LOSS)));
    assertThat(other.learned().bestEpoch())
        .isEqualTo(best(Comparator.comparing(EpochReport::validationLoss)));
    assertThat(Objects.requireNonNull(plan).training().earlyStopping())
        .isEqualTo(patience(Monitor.VALIDATION_LOSS));
  }

  private static EarlyStoppingSpec patience(@Nullable Monitor monitor) {
    return new EarlyStoppingSpec.Patience(60, 0, monitor);
  }

  @Test
  void reduceOnPlateauGoesByIt() {
    TrainingSpecs spec = training().epochs(40).classWeights(RARE);
    train(data(1, 200, false), data(2, 90, false), spec.schedule(plateau(null)));
    assertThat(Objects.requireNonNull(plan).training().schedule())
        .isEqualTo(plateau(Monitor.WEIGHTED_VALIDATION_LOSS));
    assertThat(firstFall()).isEqualTo(expectedFall(Monitor.WEIGHTED_VALIDATION_LOSS));
    int weighted = firstFall();

    train(data(1, 200, false), data(2, 90, false), spec.schedule(plateau(Monitor.VALIDATION_LOSS)));
    assertThat(firstFall()).isEqualTo(expectedFall(Monitor.VALIDATION_LOSS)).isNotEqualTo(weighted);
  }

  private static ScheduleSpec plateau(@Nullable Monitor monitor) {
    return new ScheduleSpec.ReduceOnPlateau(0.5, 1, 0, 0, monitor);
  }

  private int firstFall() {
    return history.stream()
        .filter(epoch -> epoch.learningRate() < 0.05)
        .findFirst()
        .orElseThrow()
        .epoch();
  }

  /// The epoch after the first whose loss has not fallen.
  private int expectedFall(Monitor monitor) {
    for (int i = 1; i < history.size(); i++) {
      if (Objects.requireNonNull(history.get(i).monitored(monitor))
          >= Objects.requireNonNull(history.get(i - 1).monitored(monitor))) {
        return i + 2;
      }
    }
    throw new AssertionError("falls all the time");
  }

  @Test
  void foldsAreStoppedByIt() {
    TrainingSpecs spec =
        training()
            .epochs(30)
            .classWeights(RARE)
            .earlyStopping(patience(null))
            .crossValidation(new CrossValidationSpec(3));
    TrainingResult.Trained weighted = train(data(1, 90, false), null, spec);
    TrainingResult.Trained other =
        train(data(1, 90, false), null, spec.earlyStopping(patience(Monitor.VALIDATION_LOSS)));
    assertThat(bestEpochs(weighted)).isNotEqualTo(bestEpochs(other));
  }

  private static List<Integer> bestEpochs(TrainingResult.Trained trained) {
    return Objects.requireNonNull(trained.learned().crossValidation()).folds().stream()
        .map(CrossValidationResult.Fold::bestEpoch)
        .toList();
  }

  @Test
  void thereIsNoneWithoutWeightsOfClasses() {
    train(
        data(1, 200, true), data(2, 90, true), training().epochs(2).earlyStopping(patience(null)));
    assertThat(last().validationLoss()).isNotNull();
    assertThat(last().weightedValidationLoss()).isNull();
    assertThat(Objects.requireNonNull(plan).training().earlyStopping()).isEqualTo(patience(null));
    train(
        data(1, 200, true), null, training().epochs(2).validationFraction(0.0).classWeights(RARE));
    assertThat(last().weightedValidationLoss()).isNull();
  }
}
