package dev.backprop.platform.http;

import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Micros;
import dev.backprop.platform.storage.Pulse;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Remembers answers in the database, for every process that shares it. A key whose request is
/// being answered is free again when the process that answers has died. It stays taken if the
/// request has been accepted: the answer is there together with what was accepted.
final class JdbcIdempotencyStore implements IdempotencyStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcIdempotencyStore.class);

  /// What a key is taken for unless that is renewed: whoever does not renew it has died.
  static final Duration TAKEN = Duration.ofMinutes(1);

  private static final Duration CLEANING = Duration.ofMinutes(1);

  /// Unless another process has taken the key since, because this one was not heard of for too
  /// long.
  private static final String REMEMBER =
      """
      INSERT INTO idempotency_keys (id, caller, process, taken_until, accepted_at, fingerprint,
        status, content_type, location, body)
      VALUES (:id, :caller, :process, :forever, :at, :fingerprint, :status, :type, :location, :body)
      ON CONFLICT (id) DO UPDATE SET taken_until = :forever, accepted_at = :at,
        fingerprint = :fingerprint, status = :status, content_type = :type,
        location = :location, body = :body
      WHERE idempotency_keys.process = :process""";

  /// Nor has another request to this very process been accepted under it.
  private static final String REMEMBER_FIRST =
      REMEMBER + " AND idempotency_keys.accepted_at IS NULL";

  private final JdbcDatabase database;
  private final HttpProperties.Idempotency properties;
  private final InstantSource clock;
  private final String process = UUID.randomUUID().toString();

  /// Keys whose requests are being answered here.
  private final Set<String> answering = ConcurrentHashMap.newKeySet();

  /// Ends that the database could not be told; empty if the request was not accepted.
  private final Map<String, Optional<Remembered>> untold = new ConcurrentHashMap<>();

  JdbcIdempotencyStore(
      JdbcDatabase database, HttpProperties.Idempotency properties, InstantSource clock) {
    this.database = database;
    this.properties = properties;
    this.clock = clock;
  }

  /// Begins to renew and to forget.
  JdbcIdempotencyStore keptBy(Pulse pulse) {
    if (database.kind() == JdbcDatabase.Kind.SQLITE) {
      // There is no other process: whose keys are taken is dead.
      database.update("DELETE FROM idempotency_keys WHERE accepted_at IS NULL", Map.of());
    }
    pulse.every(TAKEN.dividedBy(6), this::renew);
    pulse.every(CLEANING, this::forgetOld);
    return this;
  }

  @Override
  public @Nullable Remembered begin(String key) {
    Optional<Remembered> before = database.write(jdbc -> begin(jdbc, key));
    if (before.isEmpty()) {
      untold.remove(key);
      answering.add(key);
    }
    return before.orElse(null);
  }

  private Optional<Remembered> begin(JdbcClient jdbc, String key) {
    Instant now = clock.instant();
    int taken =
        jdbc.sql(
                """
                INSERT INTO idempotency_keys (id, caller, process, taken_until)
                VALUES (:id, :caller, :process, :until)
                ON CONFLICT (id) DO UPDATE SET process = :process, taken_until = :until,
                  accepted_at = NULL, fingerprint = NULL, status = NULL, content_type = NULL,
                  location = NULL, body = NULL
                WHERE idempotency_keys.taken_until < :now
                  OR idempotency_keys.accepted_at <= :horizon""")
            .param("id", key)
            .param("caller", CallersKey.caller(key))
            .param("process", process)
            .param("until", now.plus(TAKEN).toEpochMilli())
            .param("now", now.toEpochMilli())
            .param("horizon", Micros.of(now.minus(properties.kept())))
            .update();
    if (taken == 1) {
      return Optional.empty();
    }
    return Optional.of(
        jdbc.sql("SELECT * FROM idempotency_keys WHERE id = :id AND accepted_at IS NOT NULL")
            .param("id", key)
            .query(JdbcIdempotencyStore::remembered)
            .optional()
            .orElseThrow(IdempotencyStore::inUse));
  }

  private static Remembered remembered(ResultSet row, int number) throws SQLException {
    return new Remembered(
        row.getString("fingerprint"),
        row.getInt("status"),
        row.getString("content_type"),
        row.getString("location"),
        row.getBytes("body"),
        Micros.instant(row.getLong("accepted_at")));
  }

  @Override
  public void accept(String key, Remembered answer) {
    if (database.write(jdbc -> remember(jdbc, REMEMBER_FIRST, key, answer)) != 1) {
      throw IdempotencyStore.inUse();
    }
  }

  /// What was accepted stays accepted if the database cannot be told now: it is told later.
  @Override
  public void end(String key, @Nullable Remembered accepted) {
    answering.remove(key);
    try {
      tell(key, accepted);
    } catch (ProblemException e) {
      log.debug("How a request with an Idempotency-Key ended is told later: {}", e.detail());
      untold.put(key, Optional.ofNullable(accepted));
    }
  }

  private void tell(String key, @Nullable Remembered accepted) {
    if (accepted == null) {
      database.update(
          """
          DELETE FROM idempotency_keys
          WHERE id = :id AND process = :process AND accepted_at IS NULL""",
          Map.of("id", key, "process", process));
    } else {
      database.change(jdbc -> remember(jdbc, REMEMBER, key, accepted));
    }
  }

  private int remember(JdbcClient jdbc, String sql, String key, Remembered answer) {
    return jdbc.sql(sql)
        .param("id", key)
        .param("caller", CallersKey.caller(key))
        .param("process", process)
        .param("forever", Long.MAX_VALUE)
        .param("at", Micros.of(answer.at()))
        .param("fingerprint", answer.fingerprint())
        .param("status", answer.status())
        .param("type", answer.contentType(), Types.VARCHAR)
        .param("location", answer.location(), Types.VARCHAR)
        .param("body", answer.body())
        .update();
  }

  /// Tells what could not be told, and takes the keys for longer whose requests are being answered.
  /// A key that was taken without this process hearing of it becomes free by itself, also if it was
  /// taken before a clock was set back.
  void renew() {
    Instant until = clock.instant().plus(TAKEN);
    // Keys that are taken for much longer than any that is taken now.
    database.update(
        """
        UPDATE idempotency_keys SET taken_until = :until
        WHERE accepted_at IS NULL AND taken_until > :late""",
        Map.of("until", until.toEpochMilli(), "late", until.plus(TAKEN).toEpochMilli()));
    untold.forEach(
        (key, end) -> {
          tell(key, end.orElse(null));
          untold.remove(key, end);
        });
    List<String> keys = List.copyOf(answering);
    if (!keys.isEmpty()) {
      database.update(
          """
          UPDATE idempotency_keys SET taken_until = :until
          WHERE process = :process AND accepted_at IS NULL AND id IN (:keys)""",
          Map.of("until", until.toEpochMilli(), "process", process, "keys", keys));
    }
  }

  void forgetOld() {
    Instant now = clock.instant();
    database.update(
        "DELETE FROM idempotency_keys WHERE accepted_at <= :horizon OR taken_until < :now",
        Map.of("horizon", Micros.of(now.minus(properties.kept())), "now", now.toEpochMilli()));
    database.update(
        """
        DELETE FROM idempotency_keys WHERE id IN (
          SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY caller ORDER BY accepted_at DESC) AS place
            FROM idempotency_keys WHERE accepted_at IS NOT NULL) AS placed
          WHERE place > :kept)""",
        Map.of("kept", properties.maxKeys()));
    database.update(
        """
        DELETE FROM idempotency_keys WHERE accepted_at <= (SELECT accepted_at
          FROM idempotency_keys WHERE accepted_at IS NOT NULL
          ORDER BY accepted_at DESC LIMIT 1 OFFSET :kept)""",
        Map.of("kept", (long) CALLERS * properties.maxKeys()));
  }
}
