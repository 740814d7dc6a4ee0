package dev.backprop.engine.plan;

import static dev.backprop.engine.spec.TrainingSpecs.training;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.spec.CrossValidationSpec;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.TrainingSpecs;
import dev.backprop.engine.table.ByteBudget;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is said of models that are no better than one without inputs.
class BaselineWarningsTest {

  private static final String SAID = "better than its baseline on";

  private static TrainingSpecs spec() {
    return training()
        .epochs(20)
        .batchSize(32)
        .validationFraction(0.3)
        .optimizer(Defaults.fill(OptimizerSpec.AdamW.class, 0.01));
  }

  private static List<String> said(TrainingData data, @Nullable LossSpec loss, TrainingSpecs spec) {
    NetworkSpec network =
        NetworkSpec.of(List.of(Defaults.fill(LayerSpec.Dense.class, 16)), null, loss);
    return CheckpointedRun.of(
            TrainingPlan.of(data, null, new FitSpec(EncodingSpec.DEFAULT, network, spec.spec())))
        .undisturbed()
        .trained()
        .learned()
        .warnings()
        .stream()
        .filter(warning -> warning.contains(SAID))
        .toList();
  }

  /// @param share of the class `no`
  private static TrainingData classes(double share, boolean learnable) {
    SplittableRandom random = new SplittableRandom(5);
    WarningRows rows = new WarningRows();
    for (int i = 0; i < 400; i++) {
      double x = random.nextDouble();
      double decides = learnable ? x : random.nextDouble();
      rows.row(x, decides < share ? "no" : "yes");
    }
    return rows.data();
  }

  private static TrainingData numbers(DoubleUnaryOperator answer, double noise) {
    SplittableRandom random = new SplittableRandom(6);
    WarningRows rows = new WarningRows();
    for (int i = 0; i < 300; i++) {
      double x = random.nextDouble();
      rows.row(x, answer.applyAsDouble(x) + noise * random.nextDouble());
    }
    return rows.data();
  }

  @Test
  void classesThatNothingTellsApart() {
    assertThat(said(classes(0.9, false), null, spec()))
        .hasSize(1)
        .first()
        .asString()
        .startsWith(
            "the model is not "
                + SAID
                + " the 120 rows of 'validation': accuracy 0.9167, and 0.9167 of")
        .endsWith("always answering 'no'");
    assertThat(said(classes(0.9, true), null, spec())).isEmpty();
  }

  @Test
  void aRareClassThatProbabilitiesTellIsSaidToBe() {
    SplittableRandom random = new SplittableRandom(5);
    WarningRows rows = new WarningRows();
    for (int i = 0; i < 400; i++) {
      double x = random.nextDouble();
      rows.row(x, x > 0.7 && random.nextDouble() < 0.3 ? "yes" : "no");
    }
    assertThat(said(rows.data(), null, spec()))
        .hasSize(1)
        .first()
        .asString()
        .contains("but its log loss is", "its probabilities tell more than its answers");
  }

  @Test
  void numbersThatNothingExplains() {
    assertThat(said(numbers(_ -> 0, 1), null, spec()))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("the model is hardly " + SAID + " the 90 rows of 'validation': RMSE 0.")
        .endsWith("of always answering the mean");
    assertThat(said(numbers(x -> 3 * x, 1), null, spec())).isEmpty();
  }

  @Test
  void aHighQuantileIsNoMean() {
    LossSpec loss = new LossSpec.Quantile(0.95, null);
    assertThat(said(numbers(_ -> 0, 1), loss, spec())).isEmpty();
  }

  @Test
  void foldsJudgeIfNothingElseDoes() {
    TrainingSpecs folds =
        spec().validationFraction(null).crossValidation(new CrossValidationSpec(3));
    assertThat(said(numbers(_ -> 0, 1), null, folds))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("the model is hardly " + SAID + " the rows of its folds: RMSE 0.");
    assertThat(said(numbers(x -> 3 * x, 1), null, folds)).isEmpty();
    assertThat(said(classes(0.9, false), null, folds)).hasSize(1);
    assertThat(said(classes(0.9, true), null, folds)).isEmpty();
  }

  @Test
  void bareNumbersHaveABaselineToo() {
    DenseRows.Builder x = new DenseRows.Builder(ByteBudget.unbounded());
    DenseRows.Builder y = new DenseRows.Builder(ByteBudget.unbounded());
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 300; i++) {
      x.add(random.nextDouble());
      x.endRow();
      y.add(random.nextDouble());
      y.endRow();
    }
    TrainingData noise = new TrainingData.Bare(new BareExamples(x.build(), y.build()));
    assertThat(said(noise, null, spec())).hasSize(1);
    assertThat(said(new TrainingData.Bare(TrainingRows.sines(300, 2)), null, spec())).isEmpty();
  }

  @Test
  void fewRowsSayNothing() {
    assertThat(said(numbers(_ -> 0, 1), null, spec().validationFraction(0.05))).isEmpty();
  }
}
