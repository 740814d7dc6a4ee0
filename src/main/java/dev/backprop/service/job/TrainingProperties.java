package dev.backprop.service.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/// How trainings are run.
///
/// @param workers trainings at once, at least 1
/// @param threads that share the work of a training, its worker's own included, at least 1; what
///   comes of a training does not depend on it; a thread less than there are cores unless given
/// @param queueCapacity trainings that wait at most, at least 1
/// @param memoryBudget what running trainings may take together by their estimates; a share of the
///   heap where it is not given
/// @param keepFinished ended trainings that are remembered, at least 1; where it is not given so
///   many as there is room for, in memory 1,000, with a database 100,000; in memory fewer where
///   their histories together exceed 500,000 epochs
/// @param keepFinishedFor for how long a database remembers them; 0 for however long
/// @param checkpointInterval between two checkpoints of a training that a database keeps, at least;
///   more than 0
/// @param maxDeaths of processes that ran a training, in all, that end it, at least 1; three
///   without a newer checkpoint between them always do
/// @param maxStreams event streams open at once, at least 1
/// @param heartbeat how often a stream without news says that it lives
/// @param shutdownTimeout how long a stopping service waits for its running trainings to notice
@ConfigurationProperties("backprop.training")
record TrainingProperties(
    @DefaultValue("1") int workers,
    @Nullable Integer threads,
    @DefaultValue("100") int queueCapacity,
    @Nullable DataSize memoryBudget,
    @Nullable Integer keepFinished,
    @DefaultValue("0s") Duration keepFinishedFor,
    @DefaultValue("30s") Duration checkpointInterval,
    @DefaultValue("20") int maxDeaths,
    @DefaultValue("200") int maxStreams,
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("8s") Duration shutdownTimeout) {

  TrainingProperties {
    Assert.isTrue(workers >= 1, () -> atLeastOne("workers", workers));
    Assert.isTrue(
        threads == null || threads >= 1,
        () -> "backprop.training.threads must be at least 1, was " + threads);
    Assert.isTrue(queueCapacity >= 1, () -> atLeastOne("queue-capacity", queueCapacity));
    Assert.isTrue(
        keepFinished == null || keepFinished >= 1,
        () -> "backprop.training.keep-finished must be at least 1, was " + keepFinished);
    Assert.isTrue(
        !keepFinishedFor.isNegative(),
        () -> "backprop.training.keep-finished-for must be at least 0, was " + keepFinishedFor);
    Assert.isTrue(
        checkpointInterval.isPositive(),
        () ->
            "backprop.training.checkpoint-interval must be more than 0, was " + checkpointInterval);
    Assert.isTrue(maxDeaths >= 1, () -> atLeastOne("max-deaths", maxDeaths));
    Assert.isTrue(maxStreams >= 1, () -> atLeastOne("max-streams", maxStreams));
  }

  int computeThreads() {
    return threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() - 1) : threads;
  }

  int keepFinishedInMemory() {
    return keepFinished == null ? 1_000 : keepFinished;
  }

  int keepFinishedInDatabase() {
    return keepFinished == null ? 100_000 : keepFinished;
  }

  private static String atLeastOne(String property, int value) {
    return "backprop.training.%s must be at least 1, was %d".formatted(property, value);
  }
}
