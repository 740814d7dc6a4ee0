package dev.backprop.service.job;

import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Pulse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/// The processes that run trainings of the database, and how much memory each has for them. So a
/// training that none of them can hold any more does not wait for one that never comes.
///
/// Each says again and again that it is there, and nobody decides before it has listened for a
/// while. If there can be no other process, nothing is said and nobody waited for.
final class JdbcTrainingProcesses {

  /// How often each says that it is there.
  private static final Duration TELL = Duration.ofSeconds(5);

  /// After which it is not there any more.
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /// How long a larger process than there are is waited for, such as one that is being replaced.
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Pulse pulse = new Pulse(1);
  private final JdbcDatabase database;
  private final InstantSource clock;
  private final long budget;
  private final Duration patience;
  private final String id = UUID.randomUUID().toString();

  /// Of the processes that have been there within the patience.
  private long largest;

  private long largestAt = System.nanoTime();

  /// @param budget of this process, in bytes
  /// @param patience [#PATIENCE]; zero if there can be no other process
  JdbcTrainingProcesses(
      JdbcDatabase database, InstantSource clock, long budget, Duration patience) {
    this.database = database;
    this.clock = clock;
    this.budget = budget;
    this.patience = patience;
    this.largest = patience.isZero() ? budget : Long.MAX_VALUE;
  }

  /// What the largest process can hold, as far as is known: more than that can never be run.
  synchronized long largestBudget() {
    return largest;
  }

  /// Says from now on that this process is there.
  void start() {
    pulse.every(TELL, this::tell);
  }

  /// Says that this process is there, and looks which others are.
  void tell() {
    if (patience.isZero()) {
      return;
    }
    long now = clock.millis();
    long found =
        database.write(
            jdbc -> {
              // A time to come was told by a clock that has been set back since.
              jdbc.sql("DELETE FROM training_processes WHERE seen_at NOT BETWEEN :from AND :to")
                  .param("from", now - SILENCE.toMillis())
                  .param("to", now + SILENCE.toMillis())
                  .update();
              jdbc.sql(
                      """
                      INSERT INTO training_processes (id, bytes, seen_at) VALUES (:id, :bytes, :now)
                      ON CONFLICT (id) DO UPDATE SET seen_at = :now""")
                  .param("id", id)
                  .param("bytes", budget)
                  .param("now", now)
                  .update();
              return jdbc.sql("SELECT max(bytes) FROM training_processes")
                  .query(Long.class)
                  .single();
            });
    heard(found);
  }

  private synchronized void heard(long found) {
    long now = System.nanoTime();
    if (found >= largest || now - largestAt >= patience.toNanos()) {
      largest = found;
      largestAt = now;
    }
  }

  /// Says that this process is not there any more.
  void leave() {
    pulse.close();
    if (patience.isZero()) {
      return;
    }
    try {
      database.change(
          jdbc ->
              jdbc.sql("DELETE FROM training_processes WHERE id = :id").param("id", id).update());
    } catch (ProblemException _) {
      // The others notice that nothing is heard of this process any more.
    }
  }
}
