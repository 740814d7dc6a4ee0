package dev.backprop.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TypeNameTest {

  @Test
  void typesAreCalledAsInRequests() {
    assertThat(TypeName.of(new OptimizerSpec.AdamW(0.1, 0.9, 0.99, 1e-8, 0))).isEqualTo("adamw");
    assertThat(TypeName.of(new OptimizerSpec.RmsProp(0.1, 0.9, 1e-8, 0))).isEqualTo("rmsprop");
    assertThat(TypeName.of(new OptimizerSpec.AdaDelta(1, 0.9, 1e-8))).isEqualTo("adadelta");
    assertThat(TypeName.of(new Activation.LeakyRelu(0.1))).isEqualTo("leaky-relu");
    assertThat(TypeName.of(new LossSpec.CrossEntropy(0.1))).isEqualTo("cross-entropy");
    assertThat(TypeName.of(new ScheduleSpec.OneCycle(0.3, 25, 1e4))).isEqualTo("one-cycle");
    assertThat(TypeName.of(new AveragingSpec.Ema(0.9))).isEqualTo("ema");
  }

  @Test
  void constantsAreCalledAsInRequests() {
    assertThat(TypeName.of(FactorSchedule.FLAT_COS)).isEqualTo("flat-cos");
    assertThat(Scaling.NTK).hasToString("ntk");
    assertThat(Monitor.WEIGHTED_VALIDATION_LOSS).hasToString("weightedValidationLoss");
  }

  @Test
  void whatHasNoNameSaysSo() {
    assertThatIllegalArgumentException().isThrownBy(() -> TypeName.of("text"));
  }
}
