package dev.backprop.storage;

import dev.backprop.http.IdempotencyKeys;
import dev.backprop.http.IdempotencyProperties;
import dev.backprop.http.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Remembers answers in the database, for every process that shares it. A key whose request is
/// being answered is free again when the process that answers has died.
final class JdbcIdempotencyKeys implements IdempotencyKeys {

  private static final Logger log = LoggerFactory.getLogger(JdbcIdempotencyKeys.class);

  /// What a key is taken for unless that is renewed: whoever does not renew it has died.
  static final Duration TAKEN = Duration.ofMinutes(1);

  private static final Duration CLEANING = Duration.ofMinutes(1);

  private final JdbcDatabase database;
  private final IdempotencyProperties properties;
  private final InstantSource clock;
  private final String process = UUID.randomUUID().toString();

  JdbcIdempotencyKeys(
      JdbcDatabase database, IdempotencyProperties properties, InstantSource clock) {
    this.database = database;
    this.properties = properties;
    this.clock = clock;
  }

  /// Begins to renew and to forget.
  JdbcIdempotencyKeys keptBy(Pulse pulse) {
    if (database.kind() == JdbcDatabase.Kind.SQLITE) {
      // There is no other process: whose keys are taken is dead.
      database.change(
          jdbc -> jdbc.sql("DELETE FROM idempotency_keys WHERE accepted_at IS NULL").update());
    }
    pulse.every(TAKEN.dividedBy(6), this::renew);
    pulse.every(CLEANING, this::forgetOld);
    return this;
  }

  @Override
  public @Nullable Remembered begin(String key) {
    Optional<Remembered> before = database.write(jdbc -> begin(jdbc, key));
    return before.orElse(null);
  }

  private Optional<Remembered> begin(JdbcClient jdbc, String key) {
    Instant now = clock.instant();
    int taken =
        jdbc.sql(
                """
                INSERT INTO idempotency_keys (id, process, taken_until) VALUES (:id, :process, :until)
                ON CONFLICT (id) DO UPDATE SET process = :process, taken_until = :until,
                  accepted_at = NULL, fingerprint = NULL, status = NULL, content_type = NULL,
                  location = NULL, body = NULL
                WHERE idempotency_keys.taken_until < :now
                  OR idempotency_keys.accepted_at <= :horizon""")
            .param("id", key)
            .param("process", process)
            .param("until", now.plus(TAKEN).toEpochMilli())
            .param("now", now.toEpochMilli())
            .param("horizon", micros(now.minus(properties.kept())))
            .update();
    if (taken == 1) {
      return Optional.empty();
    }
    return Optional.of(
        jdbc.sql("SELECT * FROM idempotency_keys WHERE id = :id AND accepted_at IS NOT NULL")
            .param("id", key)
            .query(JdbcIdempotencyKeys::remembered)
            .optional()
            .orElseThrow(IdempotencyKeys::inUse));
  }

  private static Remembered remembered(ResultSet row, int number) throws SQLException {
    return new Remembered(
        row.getString("fingerprint"),
        row.getInt("status"),
        row.getString("content_type"),
        row.getString("location"),
        row.getBytes("body"),
        Instant.EPOCH.plus(row.getLong("accepted_at"), ChronoUnit.MICROS));
  }

  /// What was accepted stays accepted where the database cannot be told now.
  @Override
  public void end(String key, @Nullable Remembered accepted) {
    try {
      if (accepted == null) {
        free(key);
      } else {
        remember(key, accepted);
      }
    } catch (ProblemException e) {
      log.warn("The answer to a request with an Idempotency-Key is not kept: {}", e.detail());
    }
  }

  private void free(String key) {
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    DELETE FROM idempotency_keys
                    WHERE id = :id AND process = :process AND accepted_at IS NULL""")
                .param("id", key)
                .param("process", process)
                .update());
  }

  private void remember(String key, Remembered accepted) {
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    UPDATE idempotency_keys SET taken_until = :forever, accepted_at = :at,
                      fingerprint = :fingerprint, status = :status, content_type = :type,
                      location = :location, body = :body
                    WHERE id = :id AND process = :process""")
                .param("id", key)
                .param("process", process)
                .param("forever", Long.MAX_VALUE)
                .param("at", micros(accepted.at()))
                .param("fingerprint", accepted.fingerprint())
                .param("status", accepted.status())
                .param("type", accepted.contentType(), Types.VARCHAR)
                .param("location", accepted.location(), Types.VARCHAR)
                .param("body", accepted.body())
                .update());
  }

  void renew() {
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    UPDATE idempotency_keys SET taken_until = :until
                    WHERE process = :process AND accepted_at IS NULL""")
                .param("until", clock.instant().plus(TAKEN).toEpochMilli())
                .param("process", process)
                .update());
  }

  void forgetOld() {
    Instant now = clock.instant();
    database.change(
        jdbc -> {
          jdbc.sql(
                  "DELETE FROM idempotency_keys WHERE accepted_at <= :horizon OR taken_until < :now")
              .param("horizon", micros(now.minus(properties.kept())))
              .param("now", now.toEpochMilli())
              .update();
          jdbc.sql(
                  """
                  DELETE FROM idempotency_keys WHERE accepted_at <= (SELECT accepted_at
                    FROM idempotency_keys WHERE accepted_at IS NOT NULL
                    ORDER BY accepted_at DESC LIMIT 1 OFFSET :kept)""")
              .param("kept", properties.maxKeys())
              .update();
        });
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
