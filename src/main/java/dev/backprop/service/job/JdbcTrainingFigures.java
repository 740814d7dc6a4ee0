package dev.backprop.service.job;

import dev.backprop.engine.plan.Standing;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Sort;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.StoredJson;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What lists of trainings are sorted by: a row for each figure of a training that has succeeded.
final class JdbcTrainingFigures {

  private static final int AT_ONCE = 100;

  private JdbcTrainingFigures() {}

  /// Writes how good the model of a training is, in the caller's transaction.
  static void add(JdbcClient jdbc, String training, Standing standing) {
    for (String figure : standing.figures().keySet()) {
      jdbc.sql(
              """
              INSERT INTO training_figures (training, figure, place)
              VALUES (:training, :figure, :place) ON CONFLICT (training, figure) DO NOTHING""")
          .param("training", training)
          .param("figure", figure)
          .param("place", standing.place(figure))
          .update();
    }
  }

  /// A training that a former version has ended.
  private record Unknown(String id, String ending) {}

  /// As [TrainingStore#completeStandings], of some trainings in the caller's transaction.
  ///
  /// @return whether there may be more that can be completed now
  static boolean complete(
      JdbcClient jdbc, StoredJson json, Function<ModelReference, Optional<Standing>> standings) {
    List<Unknown> some =
        jdbc.sql(
                """
                SELECT id, ending FROM trainings WHERE state = 'succeeded' AND standing IS NULL
                ORDER BY id DESC LIMIT :some""")
            .param("some", AT_ONCE)
            .query((row, _) -> new Unknown(row.getString(1), row.getString(2)))
            .list();
    int completed = 0;
    for (Unknown training : some) {
      Standing standing = standing(json, training, standings).orElse(null);
      if (standing != null) {
        jdbc.sql(
                "UPDATE trainings SET standing = :standing, revision = revision + 1 WHERE id = :id")
            .param("standing", json.write(standing))
            .param("id", training.id())
            .update();
        add(jdbc, training.id(), standing);
        completed++;
      }
    }
    return completed == AT_ONCE;
  }

  private static Optional<Standing> standing(
      StoredJson json, Unknown training, Function<ModelReference, Optional<Standing>> standings) {
    try {
      String what = JdbcTrainingReader.what(training.id());
      JobResult result = json.read(training.ending(), StoredEnding.class, what).result();
      return result == null
          ? Optional.of(Standing.NONE)
          : standings.apply(new ModelReference(result.model(), result.version()));
    } catch (ProblemException _) {
      return Optional.of(Standing.NONE); // the log tells that it cannot be read
    }
  }

  static void remove(JdbcClient jdbc, List<String> trainings) {
    jdbc.sql("DELETE FROM training_figures WHERE training IN (:old)")
        .param("old", trainings)
        .update();
  }

  private record Row(Sort.Place place, long size) {}

  /// The ids of a page of trainings, in the order of a figure.
  ///
  /// @param after null for the first page
  static Page<String> page(
      JdbcClient jdbc,
      JdbcTrainingConditions conditions,
      Sort sort,
      Sort.@Nullable Place after,
      Listed listed) {
    if (after != null && after.of() == null) {
      conditions.add("place IS NULL AND id < :before", "before", after.key());
    } else if (after != null) {
      conditions.add(
          "(place IS NULL OR place > :place OR place = :place AND id < :before)",
          "before",
          after.key());
      conditions.params().put("place", after.of());
    }
    List<Row> rows =
        jdbc.sql(
                "SELECT id, place, "
                    + listed.size()
                    + " AS size FROM trainings LEFT JOIN training_figures ON training = id AND figure = :figure"
                    + conditions.where()
                    + " ORDER BY CASE WHEN place IS NULL THEN 1 ELSE 0 END, place, id DESC LIMIT :limit")
            .params(conditions.params())
            .param("figure", sort.figure())
            .param("limit", listed.limit() + 1)
            .query(
                (row, _) ->
                    new Row(
                        new Sort.Place(
                            JdbcDatabase.value(row, "place", Double.class), row.getString("id")),
                        row.getLong("size")))
            .list();
    return Page.of(rows, listed.limit(), row -> sort.cursor(row.place()), Row::size)
        .map(row -> row.place().key());
  }

  /// @param size what the bytes of a training in a list are read from
  /// @param limit at least 1
  record Listed(String size, int limit) {}
}
