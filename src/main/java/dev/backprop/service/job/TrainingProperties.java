package dev.backprop.service.job;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How trainings are run.
///
/// @param workers trainings at once
/// @param threads that share the work of a training, its worker's own included. The trained model
///   does not depend on their number. Unless given, one less than there are cores
/// @param queueCapacity trainings that wait at most
/// @param memoryBudget what running trainings may take together by their estimates; a share of the
///   heap unless given
/// @param keepFinished ended trainings that are remembered; unless given 1,000 in memory and
///   100,000 with a database; in memory fewer if their histories together exceed 500,000 epochs
/// @param keepFinishedFor how long a database remembers them; 0 means forever
/// @param checkpointInterval between two checkpoints of a training that a database keeps: the least
///   time
/// @param maxDeaths how many deaths of processes that ran a training end it. Three without a newer
///   checkpoint between them always do
/// @param maxStreams event streams open at once
/// @param heartbeat how often a stream without news sends a sign of life
/// @param shutdownTimeout how long a stopping service waits for its running trainings to notice
@Validated
@ConfigurationProperties("backprop.training")
record TrainingProperties(
    @Min(1) @DefaultValue("1") int workers,
    @Min(1) @Nullable Integer threads,
    @Min(1) @DefaultValue("100") int queueCapacity,
    @Min(1) @Nullable DataSize memoryBudget,
    @Min(1) @Nullable Integer keepFinished,
    @DurationMin @DefaultValue("0s") Duration keepFinishedFor,
    @DurationMin(nanos = 1) @DefaultValue("30s") Duration checkpointInterval,
    @Min(1) @DefaultValue("20") int maxDeaths,
    @Min(1) @DefaultValue("200") int maxStreams,
    @DurationMin(nanos = 1) @DefaultValue("15s") Duration heartbeat,
    @DurationMin @DefaultValue("8s") Duration shutdownTimeout) {

  int computeThreads() {
    return threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() - 1) : threads;
  }

  int keepFinishedInMemory() {
    return keepFinished == null ? 1_000 : keepFinished;
  }

  int keepFinishedInDatabase() {
    return keepFinished == null ? 100_000 : keepFinished;
  }
}
