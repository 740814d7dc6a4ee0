package dev.backprop.engine.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.spec.EarlyStoppingSpec;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {

  @Test
  void stopsWhenPatienceRunsOut() {
    EarlyStopping stopping = new EarlyStopping(new EarlyStoppingSpec.Patience(2, 0, null), 1);
    assertThat(stopping.onEpoch(1, 1.0, new float[] {1})).isFalse();
    assertThat(stopping.onEpoch(2, 1.1, new float[] {2})).isFalse();
    assertThat(stopping.onEpoch(3, 1.0, new float[] {3})).isTrue();
  }

  @Test
  void restoresTheBestEpoch() {
    EarlyStopping stopping = new EarlyStopping(new EarlyStoppingSpec.Patience(5, 0, null), 1);
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
    EarlyStopping stopping = new EarlyStopping(new EarlyStoppingSpec.Patience(2, 0.1, null), 1);
    assertThat(stopping.onEpoch(1, 1.0, new float[] {1})).isFalse();
    assertThat(stopping.onEpoch(2, 0.95, new float[] {2})).isFalse();
    assertThat(stopping.onEpoch(3, 0.91, new float[] {3})).isTrue();
    assertThat(stopping.bestEpoch()).isEqualTo(3);
  }
}
