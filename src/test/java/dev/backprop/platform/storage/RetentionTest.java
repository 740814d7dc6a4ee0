package dev.backprop.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionTest {

  @Test
  void deletesWhatIsOlderThanItsAgeAndCountsIt() {
    List<Instant> asked = new ArrayList<>();
    Instant now = Instant.parse("2030-01-31T00:00:00Z");
    try (Retention retention =
        new Retention(
            "versions",
            Duration.ofDays(30),
            InstantSource.fixed(now),
            (until, most) -> {
              asked.add(until);
              assertThat(most).isEqualTo(Retention.MOST);
              return List.of("Model a version 1", "Model a version 2");
            })) {
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      new RetentionMeters(List.of(retention)).bindTo(registry);

      retention.run();
      retention.run();

      assertThat(asked)
          .containsExactly(now.minus(Duration.ofDays(30)), now.minus(Duration.ofDays(30)));
      assertThat(
              registry
                  .get("backprop.retention.deleted")
                  .tag("kind", "versions")
                  .functionCounter()
                  .count())
          .isEqualTo(4);
    }
  }
}
