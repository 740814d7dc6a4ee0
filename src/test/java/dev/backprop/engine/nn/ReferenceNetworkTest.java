package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.nn.GradientCases.Ending;
import dev.backprop.engine.nn.ReferenceNetwork.Batch;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.NetworkSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The reference's gradients against central differences of its own loss.
class ReferenceNetworkTest {

  private static final double H = 1e-5;

  /// A rounding of losses near 1, divided by 2 H, twice: if terms cancel each other, nothing else
  /// is left.
  private static final double ROUNDOFF = 0x1p-52 / H;

  @ParameterizedTest
  @MethodSource("dev.backprop.engine.nn.GradientCases#hiddenActivations")
  void gradientIsTheSlopeOfTheLoss(Activation f) {
    for (Ending ending : GradientCases.endings()) {
      for (NetworkSpec spec : GradientCases.networks(f, ending)) {
        check(spec, new double[] {1, 1, 1});
      }
    }
  }

  @Test
  void weightedGradientIsTheSlopeOfTheWeightedLoss() {
    for (Ending ending : GradientCases.endings()) {
      for (NetworkSpec spec : GradientCases.networks(new Activation.Silu(), ending)) {
        check(spec, new double[] {2, 0, 0.25});
      }
    }
  }

  @Test
  void gradientOfMembersIsTheSlopeOfTheirMeanLoss() {
    for (Ending ending : GradientCases.everyLoss()) {
      for (NetworkSpec spec : GradientCases.networks(new Activation.Silu(), ending)) {
        check(spec.withMembers(2), new double[] {2, 0, 0.25});
      }
    }
  }

  private static void check(NetworkSpec spec, double[] weights) {
    GradientCases.Example example = GradientCases.example(spec, weights.length);
    double[] theta = example.theta();
    double[] gradient = example.reference().gradient(theta, example.batch(), weights);
    double roundoff = ROUNDOFF * (1 + example.reference().loss(theta, example.batch(), weights));
    double[] slope = centralDifferences(example.reference(), theta, example.batch(), weights);
    for (Parameters.View block : GradientCases.blocks(spec)) {
      double size = GradientCases.norm(gradient, block) + GradientCases.norm(slope, block);
      assertThat(GradientCases.distance(gradient, slope, block))
          .as("%s of %s", block.name(), spec)
          .isLessThanOrEqualTo(1e-7 * size + roundoff * Math.sqrt(block.size()));
    }
  }

  private static double[] centralDifferences(
      ReferenceNetwork reference, double[] theta, Batch batch, double[] weights) {
    double[] slope = new double[theta.length];
    for (int p = 0; p < theta.length; p++) {
      double here = theta[p];
      theta[p] = here + H;
      double above = reference.loss(theta, batch, weights);
      theta[p] = here - H;
      double below = reference.loss(theta, batch, weights);
      theta[p] = here;
      slope[p] = (above - below) / (2 * H);
    }
    return slope;
  }
}
