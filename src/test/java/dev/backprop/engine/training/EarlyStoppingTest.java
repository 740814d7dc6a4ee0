package dev.backprop.engine.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.EarlyStoppingSpec;
import dev.backprop.engine.spec.Metric;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {

  private static EarlyStopping stopping(int patience, double minDelta) {
    return new EarlyStopping(new EarlyStoppingSpec.Patience(patience, minDelta, null), null, 1);
  }

  private static EarlyStopping by(Metric metric, EarlyStoppingSpec spec) {
    return new EarlyStopping(spec, new Selection(metric), 1);
  }

  @Test
  void withoutASelectionTheFirstOfEquallyGoodEpochsIsTheBest() {
    EarlyStopping stopping = stopping(5, 0);
    stopping.onEpoch(1, 0.5, new float[] {1});
    stopping.onEpoch(2, 0.5, new float[] {2});
    assertThat(stopping.bestEpoch()).isEqualTo(1);
  }

  @Test
  void withASelectionTheLastOneIsAndBuysNoPatience() {
    EarlyStopping stopping = by(Metric.RMSE, new EarlyStoppingSpec.Patience(2, 0, null));
    assertThat(stopping.onEpoch(1, 0.5, new float[] {1})).isFalse();
    assertThat(stopping.onEpoch(2, 0.5, new float[] {2})).isFalse();
    assertThat(stopping.onEpoch(3, 0.5, new float[] {3})).isTrue();
    float[] parameters = new float[1];
    stopping.restore(parameters);
    assertThat(parameters).containsExactly(3);
    assertThat(stopping.bestEpoch()).isEqualTo(3);
  }

  @Test
  void ofSharesTheHighestIsTheBest() {
    EarlyStopping stopping = by(Metric.AUC, new EarlyStoppingSpec.Patience(2, 0.1, null));
    assertThat(stopping.onEpoch(1, 0.5, new float[] {1})).isFalse();
    assertThat(stopping.onEpoch(2, 0.7, new float[] {2})).isFalse();
    assertThat(stopping.onEpoch(3, 0.75, new float[] {3})).isFalse();
    assertThat(stopping.onEpoch(4, 0.6, new float[] {4})).isTrue();
    assertThat(stopping.bestEpoch()).isEqualTo(3);
  }

  @Test
  void withoutPatienceAllEpochsRunAndTheBestIsServed() {
    EarlyStopping stopping = by(Metric.ACCURACY, new EarlyStoppingSpec.None());
    for (int epoch = 1; epoch <= 100; epoch++) {
      assertThat(stopping.onEpoch(epoch, epoch == 7 ? 0.9 : 0.8, new float[] {epoch})).isFalse();
    }
    assertThat(stopping.bestEpoch()).isEqualTo(7);
  }

  @Test
  void stopsWhenPatienceRunsOut() {
    EarlyStopping stopping = stopping(2, 0);
    assertThat(stopping.onEpoch(1, 1.0, new float[] {1})).isFalse();
    assertThat(stopping.onEpoch(2, 1.1, new float[] {2})).isFalse();
    assertThat(stopping.onEpoch(3, 1.0, new float[] {3})).isTrue();
  }

  @Test
  void restoresTheBestEpoch() {
    EarlyStopping stopping = stopping(5, 0);
    stopping.onEpoch(1, 1.0, new float[] {1});
    stopping.onEpoch(2, 0.5, new float[] {2});
    stopping.onEpoch(3, 0.7, new float[] {3});
    float[] parameters = {9};
    stopping.restore(parameters);
    assertThat(parameters).containsExactly(2);
    assertThat(stopping.bestEpoch()).isEqualTo(2);
  }

  @Test
  void aFallBelowMinDeltaBuysNoPatienceButIsTheBest() {
    EarlyStopping stopping = stopping(2, 0.1);
    assertThat(stopping.onEpoch(1, 1.0, new float[] {1})).isFalse();
    assertThat(stopping.onEpoch(2, 0.95, new float[] {2})).isFalse();
    assertThat(stopping.onEpoch(3, 0.91, new float[] {3})).isTrue();
    assertThat(stopping.bestEpoch()).isEqualTo(3);
  }
}
