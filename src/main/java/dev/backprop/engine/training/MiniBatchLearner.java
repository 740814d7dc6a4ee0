package dev.backprop.engine.training;

import dev.backprop.engine.data.Batches;
import dev.backprop.engine.optim.LearningRateSchedule;
import dev.backprop.engine.optim.State;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes a step for each mini-batch of an epoch, in the order of that epoch.
final class MiniBatchLearner implements Learner {

  private final Batches batches;
  private final Step step;
  private final LearningRateSchedule schedule;

  /// The sum of the weights of the training rows; how many there are if all weigh the same.
  private final double trainingWeight;

  /// The rows of an epoch.
  private int[] order = {};

  /// The epoch that has this order.
  private int orderedFor;

  /// The next of the epoch.
  private int batch;

  /// Over the batches before it.
  private double lossSum;

  MiniBatchLearner(
      Batches batches, Step step, LearningRateSchedule schedule, double trainingWeight) {
    this.batches = batches;
    this.step = step;
    this.schedule = schedule;
    this.trainingWeight = trainingWeight;
  }

  @Override
  public @Nullable Lesson step(int epoch, Supplier<Signal> signals) {
    if (orderedFor != epoch) {
      order = batches.order(epoch);
      orderedFor = epoch;
    }
    step.begin(schedule.rate(epoch - 1, batch), schedule.progress(epoch - 1, batch));
    boolean told = batch == batches.lastWhole();
    lossSum += step.run(order, epoch, batches.from(batch), batches.size(batch), told);
    if (!Double.isFinite(lossSum)) {
      return Lesson.Diverged.LOSS;
    }
    batch++;
    if (batch < batches.perEpoch()) {
      return null;
    }
    double loss = lossSum / trainingWeight;
    batch = 0;
    lossSum = 0;
    return new Lesson.Learned(loss, schedule.rate(epoch - 1, 0)).with(step.layers());
  }

  @Override
  public void exchange(State state) {
    batch = state.integer(batch, 0, batches.perEpoch() - 1);
    lossSum = state.number(lossSum);
    step.exchange(state);
  }
}
