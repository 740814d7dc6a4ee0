package dev.backprop.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.SteppedClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/// What is wrong with the storage shows in the log, the health and the metrics.
@ExtendWith(OutputCaptureExtension.class)
class StorageFaultsTest {

  private final SteppedClock clock = new SteppedClock(Instant.parse("2025-03-01T12:00:00Z"));
  private final StorageFaults faults = new StorageFaults(clock);

  private static List<String> warnings(CapturedOutput output) {
    return output
        .getAll()
        .lines()
        .filter(line -> line.contains(" WARN ") && line.contains("The storage "))
        .toList();
  }

  @Test
  void theLogTellsOneOfAKindInAnHourWithThoseLeftOut(CapturedOutput output) {
    for (int i = 0; i < 5; i++) {
      faults.note(StorageFaults.Kind.FULL, "no room for " + i);
      clock.step(Duration.ofMinutes(11));
    }
    faults.note(StorageFaults.Kind.READ_ONLY, "no writing");
    assertThat(warnings(output)).hasSize(2);
    clock.step(Duration.ofMinutes(5));

    faults.note(StorageFaults.Kind.FULL, "no room again");

    assertThat(warnings(output))
        .satisfiesExactly(
            line -> assertThat(line).contains("is full: no room for 0 (0 such faults"),
            line -> assertThat(line).contains("cannot be written: no writing (0 such faults"),
            line -> assertThat(line).contains("is full: no room again (4 such faults"));
    assertThat(faults.count(StorageFaults.Kind.FULL)).isEqualTo(6);
  }

  @Test
  void theHealthForgetsAfterAWhile() {
    faults.note(StorageFaults.Kind.FULL, "no room");
    faults.note(StorageFaults.Kind.UNAVAILABLE, "busy");
    Instant last = clock.instant();

    assertThat(faults.shown()).isEqualTo(Map.of("full", new StorageFaults.Shown(1, last)));
    clock.step(StorageFaults.SHOWN_FOR);
    assertThat(faults.shown()).isEmpty();
  }

  private static ConfigurableApplicationContext start(Path directory) {
    return Databases.start(
        "--backprop.data-directory=" + directory, "--spring.datasource.hikari.maximum-pool-size=1");
  }

  private static Health health(ConfigurableApplicationContext context) {
    return context.getBean(StorageHealth.class).health();
  }

  private static double counted(ConfigurableApplicationContext context, String kind) {
    MeterRegistry registry = new SimpleMeterRegistry();
    new StorageMeters(context.getBean(StorageFaults.class)).bindTo(registry);
    return registry.get("backprop.storage.faults").tag("kind", kind).functionCounter().count();
  }

  private static void write(ConfigurableApplicationContext context) {
    context
        .getBean(JdbcDatabase.class)
        .change(
            jdbc ->
                jdbc.sql("INSERT INTO blobs (id, adopted, written_at) VALUES ('a', 1, 1)")
                    .update());
  }

  @Test
  void aReadOnlyDatabaseAnswersAndIsDegraded(@TempDir Path directory, CapturedOutput output) {
    try (ConfigurableApplicationContext context = start(directory)) {
      assertThat(health(context).getStatus().getCode()).isEqualTo("UP");
      JdbcDatabase database = context.getBean(JdbcDatabase.class);
      database.read(jdbc -> jdbc.sql("PRAGMA query_only = true").update());

      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> write(context)).hasMessageContaining("cannot be reached");
      }

      assertThat(health(context).getStatus()).isEqualTo(StorageHealth.DEGRADED);
      assertThat(health(context).getDetails().toString()).contains("faults={read-only=");
      assertThat(counted(context, "read-only")).isGreaterThanOrEqualTo(3);
      assertThat(warnings(output)).hasSize(1);
      assertThat(output.getAll()).doesNotContain("The database cannot be reached");
    }
  }

  @Test
  void aFullDatabaseIsDegraded(@TempDir Path directory) {
    try (ConfigurableApplicationContext context = start(directory)) {
      JdbcDatabase database = context.getBean(JdbcDatabase.class);
      write(context);
      database.read(jdbc -> jdbc.sql("PRAGMA max_page_count = 1").query().singleValue());

      assertThatThrownBy(
              () ->
                  database.change(
                      jdbc ->
                          jdbc.sql("INSERT INTO blob_chunks VALUES ('a', 0, zeroblob(9000000), 1)")
                              .update()))
          .hasMessageContaining("no room left");

      assertThat(health(context).getStatus()).isEqualTo(StorageHealth.DEGRADED);
      assertThat(counted(context, "full")).isEqualTo(1);
      assertThat(counted(context, "corrupt")).isZero();
    }
  }

  @Test
  void damageIsDegradedWhoeverFindsIt(@TempDir Path directory, CapturedOutput output) {
    try (ConfigurableApplicationContext context = start(directory)) {
      for (int i = 0; i < 3; i++) {
        throwAway(Corruption.of("model a version 1", new IllegalStateException("a part is gone")));
      }

      assertThat(health(context).getStatus()).isEqualTo(StorageHealth.DEGRADED);
      assertThat(counted(context, "corrupt")).isEqualTo(3);
      // Another service in this process may tell it as well.
      assertThat(warnings(output)).isNotEmpty();
      assertThat(output.getAll()).contains("model a version 1", "a part is gone");
    }
  }

  private static void throwAway(Exception e) {
    assertThat(e).isNotNull();
  }
}
