package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

/// A property that cannot be refuses the start, and the refusal names property, value and bound.
class PropertiesTest {

  private final ApplicationContextRunner service =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(AllOfThem.class);

  // No @Configuration: the service's own scan shall not find it.
  @ConfigurationPropertiesScan
  static class AllOfThem {}

  @Test
  void theDefaultsStart() {
    service.run(context -> assertThat(context).hasNotFailed());
  }

  @ParameterizedTest
  @CsvSource({
    "backprop.http.in-flight-bytes, 0B, inFlightBytes, greater than or equal to 1",
    "backprop.http.max-body.json, 0B, maxBody.json, greater than or equal to 1",
    "backprop.http.max-body.upload, -1B, maxBody.upload, greater than or equal to 1",
    "backprop.http.idempotency.kept, 0, idempotency.kept, longer than or equal to 1 nano",
    "backprop.http.idempotency.max-keys, 0, idempotency.maxKeys, greater than or equal to 1",
    "backprop.spool.max-bytes, 0B, maxBytes, greater than or equal to 1",
    "backprop.dataset.max-bytes, 0B, maxBytes, greater than or equal to 1",
    "backprop.model.max-bytes, 0B, maxBytes, greater than or equal to 1",
    "backprop.retention.versions, -1d, versions, longer than or equal to 0",
    "backprop.retention.datasets, -1s, datasets, longer than or equal to 0",
    "backprop.model.keep-versions, -1, keepVersions, greater than or equal to 0",
    "backprop.training.workers, 0, workers, greater than or equal to 1",
    "backprop.training.threads, 0, threads, greater than or equal to 1",
    "backprop.training.queue-capacity, 0, queueCapacity, greater than or equal to 1",
    "backprop.training.memory-budget, 0B, memoryBudget, greater than or equal to 1",
    "backprop.training.keep-finished, 0, keepFinished, greater than or equal to 1",
    "backprop.training.keep-finished-for, -1s, keepFinishedFor, longer than or equal to 0",
    "backprop.training.checkpoint-interval, 0s, checkpointInterval, longer than or equal to 1 nano",
    "backprop.training.max-deaths, 0, maxDeaths, greater than or equal to 1",
    "backprop.training.max-streams, 0, maxStreams, greater than or equal to 1",
    "backprop.training.heartbeat, 0s, heartbeat, longer than or equal to 1 nano",
    "backprop.training.shutdown-timeout, -1s, shutdownTimeout, longer than or equal to 0"
  })
  void aPropertyOutOfItsBoundRefusesTheStart(
      String property, String value, String field, String bound) {
    service
        .withPropertyValues(property + "=" + value)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("on field '" + field + "': rejected value [")
                    .hasMessageContaining("must be " + bound));
  }
}
