package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.Draws;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.FactorSchedule;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {

  private static final Parameters NONE = new Parameters(new float[0], List.of(), List.of());

  private static final Draw FIRST = new Draw(1, 3, 1, 0);

  /// Which mask.
  record Draw(int rows, long seed, int epoch, long position) {

    Draw withRows(int other) {
      return new Draw(other, seed, epoch, position);
    }

    Draw withSeed(long other) {
      return new Draw(rows, other, epoch, position);
    }

    Draw withEpoch(int other) {
      return new Draw(rows, seed, other, position);
    }

    Draw withPosition(long other) {
      return new Draw(rows, seed, epoch, other);
    }
  }

  /// The mask of rows of 200 units.
  private static float[] mask(double rate, int layer, Draw draw) {
    return mask(new LayerSpec.Dropout(rate), 0, layer, draw);
  }

  /// @param progress of the training
  private static float[] mask(LayerSpec.Dropout spec, double progress, int layer, Draw draw) {
    Matrix ones = Matrix.allocate(draw.rows(), 200);
    Arrays.fill(ones.values(), 1);
    Dropout dropout = new Dropout(200, spec, layer, 1);
    Pass pass = dropout.trainingPass(ones, Matrix.allocate(draw.rows(), 200), List.of());
    Mask mask = Objects.requireNonNull(pass.mask());
    mask.progress = progress;
    dropout.forwardTraining(
        pass, NONE, new JavaKernels(), draw.seed(), draw.epoch(), draw.position());
    assertThat(pass.a().values()).isEqualTo(mask.factors(draw.rows()).values());
    return pass.a().values();
  }

  /// Within five standard errors of the share.
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void dropsTheShareAndScalesTheRest(double rate) {
    float[] mask = mask(rate, 0, FIRST.withRows(500));
    float scale = (float) (1 / (1 - rate));
    int dropped = 0;
    for (float m : mask) {
      assertThat(m == 0 || m == scale).isTrue();
      dropped += m == 0 ? 1 : 0;
    }
    double error = 5 * Math.sqrt(rate * (1 - rate) / mask.length);
    assertThat(dropped / (double) mask.length).isCloseTo(rate, within(error));
  }

  @Test
  void rateZeroKeepsEverything() {
    assertThat(mask(0, 0, FIRST.withRows(10))).containsOnly(1);
  }

  @Test
  void theMaskOfAnExampleDoesNotDependOnItsBatch() {
    float[] together = mask(0.5, 2, FIRST.withRows(8).withPosition(100));
    float[] first = mask(0.5, 2, FIRST.withRows(3).withPosition(100));
    float[] second = mask(0.5, 2, FIRST.withRows(5).withPosition(103));
    assertThat(Arrays.copyOfRange(together, 0, 3 * 200)).isEqualTo(first);
    assertThat(Arrays.copyOfRange(together, 3 * 200, 8 * 200)).isEqualTo(second);
  }

  @Test
  void seedEpochPositionAndLayerEachGiveAnotherMask() {
    float[] mask = mask(0.5, 0, FIRST);
    assertThat(mask(0.5, 0, FIRST)).isEqualTo(mask);
    assertThat(mask(0.5, 0, FIRST.withSeed(4))).isNotEqualTo(mask);
    assertThat(mask(0.5, 0, FIRST.withEpoch(2))).isNotEqualTo(mask);
    assertThat(mask(0.5, 0, FIRST.withPosition(1))).isNotEqualTo(mask);
    assertThat(mask(0.5, 1, FIRST)).isNotEqualTo(mask);
  }

  /// Trainings go on from checkpoints of former versions, which drew element by element.
  @Test
  void everyElementIsDrawnFromItsExampleAndUnit() {
    float[] mask = mask(0.3, 2, FIRST.withRows(690).withPosition(7));
    for (int i = 0; i < 690; i++) {
      long key = Draws.bits(3, Draws.Purpose.DROPOUT, 1, (2L << 40) + 7 + i);
      for (int j = 0; j < 200; j++) {
        int draw = Draws.hash((int) (key >>> 32), (int) key, j) >>> 8;
        float expected = draw >= Math.round(0.3 * (1 << 24)) ? (float) (1 / 0.7) : 0;
        assertThat(mask[i * 200 + j]).isEqualTo(expected);
      }
    }
  }

  /// Whatever the progress of a constant one.
  @Test
  void aRateThatFallsGivesTheMaskOfTheRateOfTheStep() {
    Draw draw = FIRST.withRows(10);
    LayerSpec.Dropout falling = new LayerSpec.Dropout(0.4, FactorSchedule.FLAT_COS);
    assertThat(mask(falling, 0.5, 1, draw)).isEqualTo(mask(0.4, 1, draw));
    double rate = 0.4 * 0.5 * (1 + Math.cos(Math.PI * 0.6));
    assertThat(mask(falling, 0.8, 1, draw)).isEqualTo(mask(rate, 1, draw));
    assertThat(mask(falling, 1, 1, draw)).containsOnly(1);
    assertThat(mask(new LayerSpec.Dropout(0.4), 0.8, 1, draw)).isEqualTo(mask(0.4, 1, draw));
  }

  /// Between two of its batches the rate of a training moves.
  @Test
  void aWorkspaceSaysHowFarTheTrainingIs() {
    NetworkSpec spec =
        NetworkSpec.of(List.of(new LayerSpec.Dropout(0.5, FactorSchedule.FLAT_COS)), null, null)
            .resolve(Task.REGRESSION);
    Network network = Network.initialize(spec, 200, 1, new int[0], 0, new JavaKernels());
    Workspace w = network.trainingWorkspace(1);
    w.rows(1);
    Arrays.fill(w.x().values(), 1);
    w.progress(1);
    network.forwardTraining(w, 3, 1, 0);
    assertThat(w.pass(0).a().values()).containsOnly(1);
    w.progress(0);
    network.forwardTraining(w, 3, 1, 0);
    assertThat(w.pass(0).a().values()).isEqualTo(mask(0.5, 0, FIRST));
  }
}
