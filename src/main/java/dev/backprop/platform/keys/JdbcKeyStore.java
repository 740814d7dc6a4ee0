package dev.backprop.platform.keys;

import dev.backprop.platform.caller.CallerLimits;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Corruption;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Micros;
import dev.backprop.platform.storage.StoredJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Keys in the database. Changes take turns at one row that counts them.
final class JdbcKeyStore implements KeyStore {

  private final JdbcDatabase database;
  private final StoredJson json;

  /// @param json the service's
  JdbcKeyStore(JdbcDatabase database, JsonMapper json) {
    this.database = database;
    this.json = new StoredJson(json);
  }

  @Override
  public <T> T change(LongFunction<T> work) {
    return database.write(
        jdbc -> {
          jdbc.sql("UPDATE key_changes SET last = last + 1 WHERE id = 1").update();
          return work.apply(
              jdbc.sql("SELECT last FROM key_changes WHERE id = 1").query(Long.class).single());
        });
  }

  @Override
  public Optional<KeptKey> find(String id) {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT * FROM api_keys WHERE id = :id")
                .param("id", id)
                .query((row, _) -> key(row))
                .optional());
  }

  @Override
  public int count() {
    return database.read(
        jdbc -> jdbc.sql("SELECT count(*) FROM api_keys").query(Integer.class).single());
  }

  @Override
  public void put(KeptKey key, long change) {
    database.change(jdbc -> put(jdbc, key, change));
  }

  private void put(JdbcClient jdbc, KeptKey key, long change) {
    jdbc.sql(
            """
            INSERT INTO api_keys (id, age, change, name, role, model_prefixes, requests_per_second,
              concurrent_trainings, stored_bytes, created_at, created_by, expires_at, revoked_at,
              hash, former_hash, former_until)
            VALUES (:id, :age, :change, :name, :role, :prefixes, :requests, :trainings, :bytes,
              :createdAt, :createdBy, :expiresAt, :revokedAt, :hash, :former, :formerUntil)
            ON CONFLICT (id) DO UPDATE SET change = :change, revoked_at = :revokedAt, hash = :hash,
              former_hash = :former, former_until = :formerUntil""")
        .param("id", key.id())
        .param("age", key.age())
        .param("change", change)
        .param("name", key.name() == null ? null : json.write(key.name()), Types.VARCHAR)
        .param("role", key.role().json())
        .param("prefixes", json.write(key.modelPrefixes()))
        .param("requests", key.limits().requestsPerSecond(), Types.INTEGER)
        .param("trainings", key.limits().concurrentTrainings(), Types.INTEGER)
        .param("bytes", key.limits().storedBytes(), Types.BIGINT)
        .param("createdAt", Micros.of(key.createdAt()))
        .param(
            "createdBy",
            key.createdBy() == null ? null : json.write(key.createdBy()),
            Types.VARCHAR)
        .param("expiresAt", micros(key.expiresAt()), Types.BIGINT)
        .param("revokedAt", micros(key.revokedAt()), Types.BIGINT)
        .param("hash", key.secrets().hash())
        .param("former", key.secrets().former(), Types.VARCHAR)
        .param("formerUntil", micros(key.secrets().formerUntil()), Types.BIGINT)
        .update();
  }

  @Override
  public void remember(String id, String hash, long change, int most) {
    database.change(
        jdbc -> {
          jdbc.sql("INSERT INTO api_key_hashes (id, hash, change) VALUES (:id, :hash, :change)")
              .params(Map.of("id", id, "hash", hash, "change", change))
              .update();
          jdbc.sql(
                  """
                  DELETE FROM api_key_hashes WHERE id = :id AND change <= (SELECT change
                    FROM api_key_hashes WHERE id = :id ORDER BY change DESC LIMIT 1 OFFSET :most)""")
              .params(Map.of("id", id, "most", most))
              .update();
        });
  }

  @Override
  public boolean remembers(String id, String hash) {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT count(*) FROM api_key_hashes WHERE id = :id AND hash = :hash")
                    .params(Map.of("id", id, "hash", hash))
                    .query(Integer.class)
                    .single()
                > 0);
  }

  @Override
  public void use(Map<String, Instant> times) {
    change(
        change -> {
          times.forEach(
              (id, at) ->
                  database.update(
                      """
                      UPDATE api_keys SET last_used_at = :at, change = :change
                      WHERE id = :id AND coalesce(last_used_at, 0) < :at""",
                      Map.of("id", id, "at", Micros.of(at), "change", change)));
          return true;
        });
  }

  @Override
  public List<Changed> changedSince(long change) {
    return database.read(
        jdbc ->
            jdbc.sql("SELECT * FROM api_keys WHERE change > :change ORDER BY change")
                .param("change", change)
                .query(this::changed)
                .list());
  }

  /// One that cannot be read stands in nobody else's way, and lets nobody in.
  private Changed changed(ResultSet row, int number) throws SQLException {
    KeptKey key;
    try {
      key = key(row);
    } catch (ProblemException _) {
      key = null; // the log tells it
    }
    return new Changed(row.getString("id"), row.getLong("change"), key);
  }

  private KeptKey key(ResultSet row) throws SQLException {
    String what = "key " + row.getString("id");
    String role = row.getString("role");
    return new KeptKey(
        row.getString("id"),
        row.getLong("age"),
        text(row, "name", what),
        Role.ofJson(role)
            .orElseThrow(
                () -> Corruption.of(what, new IllegalStateException("there is no role " + role))),
        List.of(json.read(row.getString("model_prefixes"), String[].class, what)),
        new CallerLimits(
            JdbcDatabase.value(row, "requests_per_second", Integer.class),
            JdbcDatabase.value(row, "concurrent_trainings", Integer.class),
            JdbcDatabase.value(row, "stored_bytes", Long.class)),
        Micros.instant(row.getLong("created_at")),
        text(row, "created_by", what),
        instant(row, "expires_at"),
        instant(row, "revoked_at"),
        new KeptKey.Secrets(
            row.getString("hash"), row.getString("former_hash"), instant(row, "former_until")),
        instant(row, "last_used_at"));
  }

  private @Nullable String text(ResultSet row, String column, String what) throws SQLException {
    String stored = row.getString(column);
    return stored == null ? null : json.read(stored, String.class, what);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Long micros = JdbcDatabase.value(row, column, Long.class);
    return micros == null ? null : Micros.instant(micros);
  }

  private static @Nullable Long micros(@Nullable Instant instant) {
    return instant == null ? null : Micros.of(instant);
  }
}
