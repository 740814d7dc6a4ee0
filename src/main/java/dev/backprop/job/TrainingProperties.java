package dev.backprop.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/// How trainings are run.
///
/// @param workers trainings at once, at least 1
/// @param queueCapacity trainings that wait at most, at least 1
/// @param memoryBudget what running trainings may take together by their estimates; a share of the
///   heap where it is not given
/// @param keepFinished ended trainings that are remembered, at least 1; fewer where their histories
///   together exceed 500,000 epochs
/// @param maxStreams event streams open at once, at least 1
/// @param heartbeat how often a stream without news says that it lives
/// @param shutdownTimeout how long a stopping service waits for its running trainings to notice
@ConfigurationProperties("backprop.training")
record TrainingProperties(
    @DefaultValue("1") int workers,
    @DefaultValue("100") int queueCapacity,
    @Nullable DataSize memoryBudget,
    @DefaultValue("1000") int keepFinished,
    @DefaultValue("200") int maxStreams,
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("8s") Duration shutdownTimeout) {

  TrainingProperties {
    Assert.isTrue(workers >= 1, () -> atLeastOne("workers", workers));
    Assert.isTrue(queueCapacity >= 1, () -> atLeastOne("queue-capacity", queueCapacity));
    Assert.isTrue(keepFinished >= 1, () -> atLeastOne("keep-finished", keepFinished));
    Assert.isTrue(maxStreams >= 1, () -> atLeastOne("max-streams", maxStreams));
  }

  private static String atLeastOne(String property, int value) {
    return "backprop.training.%s must be at least 1, was %d".formatted(property, value);
  }
}
