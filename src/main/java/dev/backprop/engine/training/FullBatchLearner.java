package dev.backprop.engine.training;

import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.optim.State;
import dev.backprop.engine.optim.WeightAverage;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes one step an epoch, by the gradient over all training rows.
final class FullBatchLearner implements Learner {

  private final FullBatch batch;
  private final Parameters gradient;
  private final Update update;
  private final double learningRate;

  /// @param average of the parameters; null for none
  /// @param training resolved
  FullBatchLearner(
      FullBatch batch,
      Parameters parameters,
      @Nullable WeightAverage average,
      TrainingSpec training,
      Team team) {
    this.batch = batch;
    gradient = parameters.like();
    update = new Update(parameters, new Sum(gradient), average, training, team);
    learningRate = training.optimizer().learningRate();
  }

  /// Added up before the update begins.
  private record Sum(Parameters sum) implements Update.Gradient {

    @Override
    public void addUp(int begin, int end) {}
  }

  @Override
  public @Nullable Lesson step(int epoch, Supplier<Signal> signals) {
    batch.until(signals);
    double loss = batch.evaluate(gradient);
    if (batch.interrupted()) {
      return null;
    }
    if (!Double.isFinite(loss)) {
      return Lesson.Diverged.LOSS;
    }
    update.run(learningRate, 1);
    return new Lesson.Learned(loss, learningRate);
  }

  @Override
  public void exchange(State state) {
    update.exchange(state);
  }
}
