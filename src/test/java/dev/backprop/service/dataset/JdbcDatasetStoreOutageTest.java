package dev.backprop.service.dataset;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static dev.backprop.platform.problem.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.Databases.Breakable;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What goes on while the database cannot be reached, and what does not.
class JdbcDatasetStoreOutageTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2025-03-01T12:00:00Z"));
  private static final String HOLDER = "/api/v1/trainings/7";

  private static Datasets process(Breakable database) {
    return JdbcDatasetStoreTest.datasets(database.database(), CLOCK);
  }

  private static void add(Datasets datasets, String id) {
    DatasetFixtures.add(datasets, id, 400);
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThat(assertProblem(ProblemCode.STORAGE_UNAVAILABLE, call).retryAfter()).isNotNull();
  }

  @Test
  void whatIsHeldStaysAndNothingElseIsSaidToBeDone() {
    try (Breakable database = Databases.breakable()) {
      Datasets datasets = process(database);
      add(datasets, "one");
      Dataset held = datasets.hold("one", HOLDER);

      database.breakNow();

      assertThat(held.table().rows()).isEqualTo(2);
      assertUnavailable(() -> datasets.find("one", ANYBODY));
      assertUnavailable(() -> datasets.list(ANYBODY, null, 10, null));
      assertUnavailable(() -> datasets.hold("one", "another"));
      assertUnavailable(() -> datasets.firstRows("one", ANYBODY, 1, datasets.reserve()));
      assertUnavailable(() -> datasets.delete("one", ANYBODY));
      assertUnavailable(() -> add(datasets, "two"));
      assertUnavailable(datasets::renewHolds);
      assertThat(datasets.count()).isEqualTo(1);
      assertThat(datasets.bytesHeld()).isEqualTo(400);
      datasets.release("one", HOLDER);
      assertThat(datasets.bytesHeld()).isEqualTo(400);
    }
  }

  @Test
  void theEndOfAHoldIsToldWhenTheDatabaseIsBack() throws SQLException {
    try (Breakable database = Databases.breakable()) {
      Datasets datasets = process(database);
      add(datasets, "one");
      datasets.hold("one", HOLDER);
      try (Breakable.Lock _ = database.lock()) {
        datasets.release("one", HOLDER);
      }
      assertProblem(ProblemCode.IN_USE, () -> process(database).delete("one", ANYBODY));

      datasets.renewHolds();

      process(database).delete("one", ANYBODY);
      assertThat(datasets.find("one", ANYBODY)).isEmpty();
    }
  }
}
