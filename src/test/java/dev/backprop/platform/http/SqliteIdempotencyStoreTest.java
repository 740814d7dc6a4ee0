package dev.backprop.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.Databases.Breakable;
import dev.backprop.platform.storage.JdbcDatabase;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SqliteIdempotencyStoreTest extends JdbcIdempotencyStoreContract {

  @Override
  JdbcDatabase database() {
    return Databases.sqlite();
  }

  @Test
  void tellsLaterHowARequestEndedWhileTheDatabaseWasAway() throws SQLException {
    try (Breakable database = Databases.breakable()) {
      JdbcIdempotencyStore keys = process(database.database());
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
      JdbcIdempotencyStore keys = process(database.database());
      assertThat(keys.begin("a")).isNull();
      try (Breakable.Lock _ = database.lock()) {
        keys.end("a", remembered("answer"));
      }
      clock.step(Duration.ofMinutes(2));
      process(database.database()).forgetOld();

      keys.renew();

      assertThat(answer(keys, "a")).isEqualTo("answer");
    }
  }
}
