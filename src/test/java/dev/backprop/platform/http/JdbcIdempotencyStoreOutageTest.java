package dev.backprop.platform.http;

import static dev.backprop.platform.http.IdempotencyStoreContract.DAY;
import static dev.backprop.platform.http.IdempotencyStoreContract.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.SteppedClock;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.Databases.Breakable;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What a process does that cannot tell its database how a request has ended.
class JdbcIdempotencyStoreOutageTest {

  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T12:00:00Z"));

  private JdbcIdempotencyStore process(Breakable database) {
    return new JdbcIdempotencyStore(
        database.database(), new HttpProperties.Idempotency(DAY, 3), clock);
  }

  private IdempotencyStore.Remembered remembered(String body) {
    return IdempotencyStoreContract.remembered(body, clock);
  }

  @Test
  void tellsLaterHowARequestEndedWhileTheDatabaseWasAway() throws SQLException {
    try (Breakable database = Databases.breakable()) {
      JdbcIdempotencyStore keys = process(database);
      assertThat(keys.begin("accepted")).isNull();
      assertThat(keys.begin("refused")).isNull();
      try (Breakable.Lock _ = database.lock()) {
        keys.end("accepted", remembered("answer"));
        keys.end("refused", null);
      }
      assertThatThrownBy(() -> keys.begin("accepted")).isInstanceOf(ProblemException.class);

      keys.renew();

      assertThat(answer(keys, "accepted")).isEqualTo("answer");
      assertThat(keys.begin("refused")).isNull();
    }
  }

  @Test
  void anAnswerIsKeptThoughItsKeyWasGivenUpMeanwhile() throws SQLException {
    try (Breakable database = Databases.breakable()) {
      JdbcIdempotencyStore keys = process(database);
      assertThat(keys.begin("a")).isNull();
      try (Breakable.Lock _ = database.lock()) {
        keys.end("a", remembered("answer"));
      }
      clock.step(Duration.ofMinutes(2));
      process(database).forgetOld();

      keys.renew();

      assertThat(answer(keys, "a")).isEqualTo("answer");
    }
  }
}
