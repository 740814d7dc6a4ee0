package dev.backprop.engine.spec;

import static dev.backprop.engine.spec.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SpecCopyTest {

  private static final OptimizerSpec.Sgd SGD = new OptimizerSpec.Sgd(0.5, 0.9, true);

  @Test
  void hasWhatIsNotSaidFromTheOriginal() {
    assertThat(SpecCopy.of(SGD).spec()).isEqualTo(SGD);
    assertThat(SpecCopy.of(SGD).with("momentum", 0.8).with("learningRate", 0.25).spec())
        .isEqualTo(new OptimizerSpec.Sgd(0.25, 0.8, true));
    assertThat(SGD.momentum()).isEqualTo(0.9);
  }

  @Test
  void nullIsTheDefault() {
    assertThat(SpecCopy.of(SGD).with("learningRate", null).spec().learningRate()).isEqualTo(0.001);
    TrainingSpec training = TrainingSpecs.training().batchSize(7).spec();
    assertThat(SpecCopy.of(training).with("batchSize", null).spec())
        .isEqualTo(TrainingSpec.defaults());
  }

  @Test
  void isValidatedAsTheOriginalWas() {
    refused(
        () -> SpecCopy.of(SGD).with("momentum", 1.0).spec(),
        "/momentum",
        "must be at least 0 and below 1, was 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SpecCopy.of(SGD).with("speed", 1))
        .withMessage("Sgd has no speed");
  }
}
