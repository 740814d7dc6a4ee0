package dev.backprop.service.job;

import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Pulse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/// The processes that run trainings of the database, and how much memory each has for them. A
/// training that none of them can hold is ended, instead of waiting for a process that never comes.
///
/// Each process writes again and again that it lives, and decides nothing before it has watched the
/// others for a while. If there can be no other process, it neither writes nor waits.
final class JdbcTrainingProcesses {

  /// How often each process writes that it lives.
  private static final Duration TELL = Duration.ofSeconds(5);

  /// After this silence a process counts as dead.
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /// How long a training waits for a larger process, such as one that is being replaced.
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Pulse pulse = new Pulse(1);
  private final JdbcDatabase database;
  private final InstantSource clock;
  private final long budget;
  private final Duration patience;
  private final String id = UUID.randomUUID().toString();

  /// The largest budget of the processes that lived within the patience, in bytes.
  private long largest;

  private int seen = 1;

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

  /// The budget of the largest process, as far as is known. A training that needs more can never
  /// run.
  synchronized long largestBudget() {
    return largest;
  }

  /// How many processes were heard lately, this one included.
  synchronized int seen() {
    return seen;
  }

  /// Begins to write that this process lives.
  void start() {
    try {
      tell();
    } catch (ProblemException _) {
      // The pulse tries it again.
    }
    pulse.every(TELL, this::tell);
  }

  /// Writes that this process lives, and reads which others do.
  void tell() {
    if (patience.isZero()) {
      return;
    }
    long now = clock.millis();
    Found found =
        database.write(
            jdbc -> {
              // A clock that was set back later wrote those times that are still to come.
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
              return jdbc.sql("SELECT max(bytes), count(*) FROM training_processes")
                  .query((row, _) -> new Found(row.getLong(1), row.getInt(2)))
                  .single();
            });
    heard(found);
  }

  /// @param largest budget of them, in bytes
  private record Found(long largest, int processes) {}

  private synchronized void heard(Found found) {
    seen = found.processes();
    long now = System.nanoTime();
    if (found.largest() >= largest || now - largestAt >= patience.toNanos()) {
      largest = found.largest();
      largestAt = now;
    }
  }

  /// Removes this process from those that live.
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
      // The others will notice the silence of this process.
    }
  }
}
