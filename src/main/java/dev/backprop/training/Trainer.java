package dev.backprop.training;

import dev.backprop.data.Batches;
import dev.backprop.linalg.Team;
import dev.backprop.nn.Network;
import dev.backprop.nn.Workspace;
import dev.backprop.optim.LearningRateSchedule;
import dev.backprop.optim.WeightAverage;
import dev.backprop.scoring.Evaluation;
import dev.backprop.scoring.Scorer;
import dev.backprop.spec.EarlyStoppingSpec;
import dev.backprop.spec.TrainingSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Trains one network: epochs of mini-batches, each a forward pass, a backward pass and an
/// optimizer step, then a look at the validation rows. Everything it draws follows from the seed,
/// and nothing from how many threads the team has.
public final class Trainer {

  /// The parameters that learn.
  private final float[] learning;

  /// Those that are validated and served: the same, or their average.
  private final float[] served;

  private final Scorer scorer;
  private final TrainingSpec spec;
  private final Part validation;
  private final InstantSource clock;

  /// The sum of the weights of the training rows; how many there are where all weigh the same.
  private final double trainingWeight;

  private final Batches batches;
  private final Step step;
  private final Workspace scoringWorkspace;
  private final LearningRateSchedule schedule;
  private final @Nullable EarlyStopping earlyStopping;

  /// @param network the one that learns
  /// @param scorer of the same network, or where the spec asks for an average of a copy, which will
  ///   hold it
  /// @param spec resolved
  /// @param training at least one row
  /// @param validation empty for none
  /// @param team shares the work of every step
  public Trainer(
      Network network,
      Scorer scorer,
      TrainingSpec spec,
      Part training,
      Part validation,
      Team team,
      InstantSource clock) {
    this.learning = network.parameters().values();
    this.served = scorer.network().parameters().values();
    this.scorer = scorer;
    this.spec = spec;
    this.validation = validation;
    this.clock = clock;
    int smallest = network.spec().smallestBatch();
    batches = new Batches(training.rows(), spec.resolvedBatchSize(), smallest, spec.seed());
    RowWeights weights = RowWeights.of(training, scorer.target(), spec.classWeights());
    trainingWeight = weights == null ? training.rows().length : weights.sum(training.rows());
    WeightAverage average =
        spec.averaging() == null
            ? null
            : new WeightAverage(
                spec.averaging(), network.parameters(), scorer.network().parameters());
    step = new Step(network, training.examples(), weights, average, batches.largest(), spec, team);
    scoringWorkspace = scorer.workspace();
    schedule =
        new LearningRateSchedule(
            spec.schedule(), spec.optimizer().learningRate(), spec.epochs(), batches.perEpoch());
    earlyStopping =
        switch (spec.resolvedEarlyStopping()) {
          case EarlyStoppingSpec.None _ -> null;
          case EarlyStoppingSpec.Patience patience -> new EarlyStopping(patience, served.length);
        };
  }

  /// Trains to the end.
  ///
  /// @param epochs at most those of the spec, which the schedule goes by
  /// @param cancelled asked before every batch
  public TrainingOutcome train(int epochs, TrainingListener listener, BooleanSupplier cancelled) {
    Instant begun = clock.instant();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      Instant start = clock.instant();
      Double lossSum = learn(epoch, cancelled);
      if (lossSum == null) {
        return new TrainingOutcome.Cancelled(epoch);
      }
      double trainLoss = lossSum / trainingWeight;
      if (!Double.isFinite(trainLoss)) {
        return new TrainingOutcome.Diverged(epoch, "the training loss is not finite");
      }
      if (!allFinite(learning) || !allFinite(served)) {
        return new TrainingOutcome.Diverged(epoch, "a parameter is not finite");
      }
      Evaluation evaluation =
          validation.isEmpty()
              ? null
              : scorer.evaluate(validation.examples(), validation.rows(), scoringWorkspace);
      if (evaluation != null && !Double.isFinite(evaluation.loss())) {
        return new TrainingOutcome.Diverged(epoch, "the validation loss is not finite");
      }
      listener.onEpoch(report(epoch, trainLoss, evaluation, secondsSince(start)));
      if (evaluation != null) {
        schedule.onEpoch(evaluation.loss());
      }
      if (earlyStopping != null
          && evaluation != null
          && earlyStopping.onEpoch(epoch, evaluation.loss(), served)
          && epoch < epochs) {
        return completed(epoch, true, false);
      }
      if (epoch < epochs && isOver(begun)) {
        return completed(epoch, false, true);
      }
    }
    return completed(epochs, false, false);
  }

  private boolean isOver(Instant begun) {
    return spec.maxSeconds() != null && secondsSince(begun) >= spec.maxSeconds();
  }

  private TrainingOutcome completed(int epochs, boolean stoppedEarly, boolean stoppedByTime) {
    int bestEpoch = epochs;
    if (earlyStopping != null) {
      earlyStopping.restore(served);
      bestEpoch = earlyStopping.bestEpoch();
    }
    return new TrainingOutcome.Completed(epochs, bestEpoch, stoppedEarly, stoppedByTime);
  }

  /// One pass over the training rows in the order of this epoch.
  ///
  /// @return the sum of the losses, not finite as soon as one batch's was not; null when cancelled
  private @Nullable Double learn(int epoch, BooleanSupplier cancelled) {
    int[] order = batches.order(epoch);
    double lossSum = 0;
    for (int batch = 0; batch < batches.perEpoch(); batch++) {
      if (cancelled.getAsBoolean()) {
        return null;
      }
      lossSum +=
          step.run(
              order,
              epoch,
              batches.from(batch),
              batches.size(batch),
              schedule.rate(epoch - 1, batch));
      if (!Double.isFinite(lossSum)) {
        return lossSum;
      }
    }
    return lossSum;
  }

  private EpochReport report(
      int epoch, double trainLoss, @Nullable Evaluation evaluation, double seconds) {
    Double accuracy = null;
    Double rmse = null;
    switch (evaluation) {
      case null -> {}
      case Evaluation.Classification classification -> accuracy = classification.accuracy();
      case Evaluation.MultiLabel multiLabel -> accuracy = multiLabel.accuracy();
      case Evaluation.Regression regression -> rmse = regression.rmse();
      case Evaluation.Quantiles quantiles -> rmse = quantiles.rmse();
    }
    return new EpochReport(
        epoch,
        trainLoss,
        evaluation == null ? null : Double.valueOf(evaluation.loss()),
        accuracy,
        rmse,
        schedule.rate(epoch - 1, 0),
        seconds);
  }

  private double secondsSince(Instant start) {
    return Duration.between(start, clock.instant()).toNanos() / 1e9;
  }

  private static boolean allFinite(float[] values) {
    for (float x : values) {
      if (!Float.isFinite(x)) {
        return false;
      }
    }
    return true;
  }
}
