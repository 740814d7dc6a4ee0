package dev.backprop.engine.training;

import dev.backprop.engine.data.Batches;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.optim.Lbfgs;
import dev.backprop.engine.optim.LearningRateSchedule;
import dev.backprop.engine.optim.State;
import dev.backprop.engine.optim.WeightAverage;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.OptimizerSpec;
import dev.backprop.engine.spec.ScheduleSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.Learner.Lesson;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Trains one network: epochs of mini-batches or one full batch, each a forward pass, a backward
/// pass and an optimizer step, then a look at the validation rows. Everything it draws follows from
/// the seed, and nothing from how many threads the team has. Trains once.
public final class Trainer {

  /// The parameters that learn.
  private final float[] learning;

  /// Those that are validated and served: the same, or their average.
  private final float[] served;

  private final Scorer scorer;
  private final TrainingSpec spec;
  private final Validation validation;
  private final InstantSource clock;
  private final Learner learner;
  private final LearningRateSchedule schedule;
  private final @Nullable EarlyStopping earlyStopping;

  /// Of the epochs that have ended.
  private final List<EpochReport> history = new ArrayList<>();

  /// Whether it has made a step.
  private boolean moved;

  /// From the interruption on, as if that time had not been.
  private Instant begun = Instant.EPOCH;

  private Instant epochBegun = begun;

  /// @param network the one that learns
  /// @param scorer of the same network; if the spec asks for an average, of a copy, which will hold
  ///   it
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
    this.clock = clock;
    RowWeights weights = RowWeights.of(training, scorer.target(), spec.classWeights());
    int smallest = network.spec().smallestBatch();
    Batches batches = new Batches(training.rows(), spec.resolvedBatchSize(), smallest, spec.seed());
    schedule =
        new LearningRateSchedule(
            spec.schedule(), spec.optimizer().learningRate(), spec.epochs(), batches.perEpoch());
    learner = learner(network, training, batches, weights, team);
    this.validation = new Validation(scorer, validation, weights, spec);
    earlyStopping = EarlyStopping.of(spec, served.length);
  }

  private Learner learner(
      Network network, Part training, Batches batches, @Nullable RowWeights weights, Team team) {
    WeightAverage average =
        spec.averaging() == null
            ? null
            : new WeightAverage(
                spec.averaging(), network.parameters(), scorer.network().parameters());
    if (!spec.optimizer().fullBatch()) {
      Step step =
          new Step(network, training.examples(), weights, average, batches.largest(), spec, team);
      double sum = weights == null ? training.rows().length : weights.sum(training.rows());
      return new MiniBatchLearner(batches, step, schedule, sum);
    }
    FullBatch all = new FullBatch(network, training, weights, spec, team);
    Parameters parameters = network.parameters().learningBy(spec.learningRateFactors());
    if (spec.optimizer() instanceof OptimizerSpec.Lbfgs lbfgs) {
      return new LbfgsLearner(
          all, new Lbfgs(lbfgs, spec.regularization(), parameters, all, team), lbfgs);
    }
    return new FullBatchLearner(all, parameters, average, spec, team);
  }

  /// Trains to the end.
  ///
  /// @param epochs at most those of the spec, which the schedule goes by
  /// @param start state of the same training, to go on from; null to begin
  /// @throws InvalidCheckpointException if the start is another training's
  public TrainingOutcome train(int epochs, @Nullable Snapshot start, FitSupervisor supervisor) {
    begun = clock.instant();
    epochBegun = clock.instant();
    if (start != null) {
      resume(start, epochs);
    }
    Supplier<Signal> signals = supervisor::signal;
    for (int epoch = history.size() + 1; epoch <= epochs; epoch++) {
      Lesson lesson = null;
      while (lesson == null) {
        switch (mayGoOn(supervisor)) {
          case GO_ON, SAVE -> lesson = learner.step(epoch, signals);
          case SUSPEND -> {
            return new TrainingOutcome.Suspended();
          }
          case CANCEL -> {
            return new TrainingOutcome.Cancelled(epoch);
          }
        }
      }
      Lesson.Learned learned;
      switch (lesson) {
        case Lesson.Diverged(String detail) -> {
          return new TrainingOutcome.Diverged(epoch, detail);
        }
        case Lesson.Learned done -> learned = done;
      }
      if (!allFinite(learning) || (spec.averaging() != null && !allFinite(served))) {
        return new TrainingOutcome.Diverged(epoch, "a parameter is not finite");
      }
      EpochReport report;
      switch (validation.look()) {
        case Validation.Seen.NotFinite(String detail) -> {
          return new TrainingOutcome.Diverged(epoch, detail);
        }
        case Validation.Seen.Nothing _ -> report = report(epoch, learned, null);
        case Validation.Seen.Figures figures -> report = report(epoch, learned, figures);
      }
      history.add(report);
      supervisor.onEpoch(report);
      if (spec.schedule() instanceof ScheduleSpec.ReduceOnPlateau plateau) {
        schedule.onEpoch(Objects.requireNonNull(report.monitored(plateau.monitor())));
      }
      boolean isOver = epoch == epochs || learned.isLast();
      boolean worse = earlyStopping != null && earlyStopping.onEpoch(report, served);
      boolean late = isLate() || supervisor.finishes();
      if (isOver || worse || late) {
        return completed(
            learned.converged()
                ? Ending.CONVERGED
                : isOver ? Ending.COMPLETE : worse ? Ending.STOPPED_EARLY : Ending.STOPPED_BY_TIME,
            learned);
      }
      epochBegun = clock.instant();
    }
    throw new IllegalStateException("no epoch was the last one");
  }

  /// The one place that asks. Whoever wants the state gets it here, between two steps.
  private Signal mayGoOn(FitSupervisor supervisor) {
    Signal signal = supervisor.signal();
    // State before the first step would be newer than the one that it began from, but no further.
    if (signal == Signal.SUSPEND || (signal == Signal.SAVE && moved)) {
      supervisor.keep(signal, () -> Snapshot.of(history, this::exchange));
    }
    moved = true;
    return signal;
  }

  private void resume(Snapshot start, int epochs) {
    if (start.history().size() >= epochs) {
      throw new InvalidCheckpointException(
          "must have fewer than %d epochs, has %d".formatted(epochs, start.history().size()));
    }
    history.addAll(start.history());
    start.restore(this::exchange);
  }

  /// Between two steps.
  private void exchange(State state) {
    Instant now = clock.instant();
    begun = now.minusNanos(state.integer(nanos(begun, now), 0, Long.MAX_VALUE));
    epochBegun = now.minusNanos(state.integer(nanos(epochBegun, now), 0, Long.MAX_VALUE));
    state.floats(learning);
    if (spec.averaging() != null) {
      state.floats(served);
    }
    schedule.exchange(state);
    if (earlyStopping != null) {
      earlyStopping.exchange(state);
    }
    learner.exchange(state);
  }

  private static long nanos(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toNanos());
  }

  private boolean isLate() {
    return spec.maxSeconds() != null && secondsSince(begun) >= spec.maxSeconds();
  }

  private TrainingOutcome completed(Ending ending, Lesson.Learned last) {
    int bestEpoch = history.size();
    if (earlyStopping != null) {
      earlyStopping.restore(served);
      bestEpoch = earlyStopping.bestEpoch();
    }
    return new TrainingOutcome.Completed(
        List.copyOf(history),
        bestEpoch,
        ending,
        last.stalled() == null ? List.of() : List.of(last.stalled()));
  }

  private EpochReport report(
      int epoch, Lesson.Learned learned, Validation.Seen.@Nullable Figures seen) {
    Evaluation evaluation = seen == null ? null : seen.evaluation();
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
        learned.trainLoss(),
        evaluation == null ? null : Double.valueOf(evaluation.loss()),
        seen == null ? null : seen.weightedLoss(),
        accuracy,
        rmse,
        seen == null ? null : seen.selected(),
        learned.layers(),
        learned.learningRate(),
        secondsSince(epochBegun));
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
