package dev.backprop.service.job;

import dev.backprop.engine.plan.ExpectedEpochs;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.service.intake.Acceptance;
import java.util.Arrays;
import java.util.List;

/// How fast the network that will be kept learns, and how many epochs it is expected to have left.
/// Guarded by the training that it belongs to.
final class EpochPace {

  /// The first epochs are slower than all others, so the latest ones tell the pace.
  private static final int RECENT = 9;

  private final Acceptance acceptance;
  private final double[] seconds = new double[RECENT];
  private ExpectedEpochs expected;

  EpochPace(Acceptance acceptance) {
    this.acceptance = acceptance;
    this.expected = expected(acceptance);
  }

  private static ExpectedEpochs expected(Acceptance acceptance) {
    return new ExpectedEpochs(acceptance.spec().training(), acceptance.epochs());
  }

  void onEpoch(EpochReport report) {
    seconds[expected.run() % RECENT] = report.seconds();
    expected.onEpoch(report);
  }

  /// Takes over the epochs of another one.
  void show(List<EpochReport> history) {
    expected = expected(acceptance);
    history.forEach(this::onEpoch);
  }

  State state() {
    return new State(
        lowerQuartile(Arrays.copyOf(seconds, Math.min(RECENT, expected.run()))), expected.left());
  }

  /// Of three or fewer the least: the first of them were not compiled yet.
  private static double lowerQuartile(double[] some) {
    Arrays.sort(some);
    return some.length == 0 ? 0 : some[some.length / 4];
  }

  /// The same of a training whose epochs are not at hand.
  static State of(Acceptance acceptance, TrainingProgress progress) {
    ExpectedEpochs expected = expected(acceptance);
    expected.show(progress.epochs());
    return new State(
        progress.epochs() == 0 ? 0 : progress.epochSeconds() / progress.epochs(), expected.left());
  }

  /// @param seconds of an epoch; 0 before the first
  /// @param left epochs that are expected to follow
  record State(double seconds, double left) {}
}
