package dev.backprop.service.job;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.limits.Budget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// Counts and times trainings.
@Component
final class TrainingMeters implements JobListener {

  private final MeterRegistry registry;
  private final TrainingSpans spans;
  private final Counter epochs;
  private final Counter examples;
  private final Timer checkpoints;
  private final Counter resumed;
  private final Counter takeovers;
  private final Counter workersDied;
  private volatile double examplesPerSecond;

  TrainingMeters(
      MeterRegistry registry, TrainingSpans spans, Budget trainingMemory, ProgressStreams streams) {
    this.registry = registry;
    this.spans = spans;
    epochs =
        Counter.builder("backprop.training.epochs")
            .description("Epochs that trainings have run")
            .register(registry);
    examples =
        Counter.builder("backprop.training.examples")
            .description("Examples that trainings have learnt from, once an epoch")
            .register(registry);
    Gauge.builder("backprop.training.examples.rate", () -> examplesPerSecond)
        .description("Examples per second in the epoch that ended last")
        .register(registry);
    checkpoints =
        Timer.builder("backprop.training.checkpoint")
            .description(
                "Checkpoints of trainings that were kept, and the time it took to write them")
            .register(registry);
    resumed =
        Counter.builder("backprop.training.resumed")
            .description("Trainings that went on from a checkpoint")
            .register(registry);
    takeovers =
        Counter.builder("backprop.training.takeovers")
            .description("Trainings that were taken over from a process that died or fell silent")
            .register(registry);
    workersDied =
        Counter.builder("backprop.training.workers.died")
            .description("Trainings that were given up after too many deaths of their processes")
            .register(registry);
    for (JobState state : JobState.values()) {
      if (state.ended()) {
        duration(state);
      }
    }
    Gauge.builder("backprop.training.memory.used", trainingMemory, Budget::held)
        .description("Memory that running trainings take, by their estimates")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("backprop.training.memory.budget", trainingMemory, Budget::limit)
        .description("Memory that running trainings may take together")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("backprop.training.streams", streams, ProgressStreams::size)
        .description("Event streams that are open")
        .register(registry);
  }

  @Override
  public void onEpoch(int rows, EpochReport report) {
    epochs.increment();
    examples.increment(rows);
    if (report.seconds() > 0) {
      examplesPerSecond = rows / report.seconds();
    }
  }

  @Override
  public void onCheckpoint(Duration took) {
    checkpoints.record(took);
  }

  @Override
  public Running onRun(TrainingJob job, int attempt) {
    return spans.begin(job, attempt);
  }

  @Override
  public void onResume() {
    resumed.increment();
  }

  @Override
  public void onTakeover() {
    takeovers.increment();
  }

  @Override
  public void onWorkersDied() {
    workersDied.increment();
  }

  @Override
  public void onEnd(String id, JobState state, Duration ran) {
    duration(state).record(ran);
  }

  private Timer duration(JobState outcome) {
    return Timer.builder("backprop.training.duration")
        .description("Trainings and the time they ran, by outcome")
        .tag("outcome", outcome.json())
        .register(registry);
  }
}
