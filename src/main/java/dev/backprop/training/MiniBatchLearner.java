package dev.backprop.training;

import dev.backprop.data.Batches;
import dev.backprop.optim.LearningRateSchedule;
import java.util.function.BooleanSupplier;

/// Makes a step for every mini-batch of an epoch, in the order of that epoch.
final class MiniBatchLearner implements Learner {

  private final Batches batches;
  private final Step step;
  private final LearningRateSchedule schedule;

  /// The sum of the weights of the training rows; how many there are where all weigh the same.
  private final double trainingWeight;

  MiniBatchLearner(
      Batches batches, Step step, LearningRateSchedule schedule, double trainingWeight) {
    this.batches = batches;
    this.step = step;
    this.schedule = schedule;
    this.trainingWeight = trainingWeight;
  }

  @Override
  public Lesson learn(int epoch, BooleanSupplier cancelled) {
    int[] order = batches.order(epoch);
    double lossSum = 0;
    for (int batch = 0; batch < batches.perEpoch(); batch++) {
      if (cancelled.getAsBoolean()) {
        return new Lesson.Cancelled();
      }
      double rate = schedule.rate(epoch - 1, batch);
      lossSum += step.run(order, epoch, batches.from(batch), batches.size(batch), rate);
      if (!Double.isFinite(lossSum)) {
        return Lesson.Diverged.LOSS;
      }
    }
    return new Lesson.Learned(lossSum / trainingWeight, schedule.rate(epoch - 1, 0));
  }
}
