package dev.backprop.service.monitoring;

import dev.backprop.engine.drift.Counts;
import dev.backprop.platform.storage.JdbcDatabase;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// Counts in the table `drift_counts`: a row for each version and process.
final class JdbcDriftStore implements DriftStore {

  private final JdbcDatabase database;
  private final String process = UUID.randomUUID().toString();

  JdbcDriftStore(JdbcDatabase database) {
    this.database = database;
  }

  @Override
  public void write(Written written) {
    String bins =
        Arrays.stream(written.counts().bins())
            .mapToObj(Long::toString)
            .collect(Collectors.joining(","));
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    INSERT INTO drift_counts (model, version, process, counted, bins, counted_at)
                    VALUES (:model, :version, :process, :counted, :bins, :at)
                    ON CONFLICT (model, version, process)
                      DO UPDATE SET counted = :counted, bins = :bins, counted_at = :at""")
                .param("model", written.model())
                .param("version", written.version())
                .param("process", process)
                .param("counted", written.counts().rows())
                .param("bins", bins)
                .param("at", written.at().toEpochMilli())
                .update());
  }

  @Override
  public List<Counts> others(String model, int version, Instant since) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT counted, bins FROM drift_counts
                    WHERE model = :model AND version = :version AND process <> :process
                      AND counted_at >= :since
                    ORDER BY process""")
                .param("model", model)
                .param("version", version)
                .param("process", process)
                .param("since", since.toEpochMilli())
                .query(
                    (row, _) ->
                        new Counts(
                            row.getLong(1),
                            Arrays.stream(row.getString(2).split(",", -1))
                                .mapToLong(Long::parseLong)
                                .toArray()))
                .list());
  }

  @Override
  public void forget(Instant before, Instant after) {
    database.change(
        jdbc ->
            jdbc.sql("DELETE FROM drift_counts WHERE counted_at NOT BETWEEN :from AND :to")
                .param("from", before.toEpochMilli())
                .param("to", after.toEpochMilli())
                .update());
  }
}
