package dev.backprop.service.job;

import dev.backprop.engine.plan.Standing;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Sort;
import dev.backprop.platform.storage.JdbcDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What lists of trainings are sorted by: a row for each figure of a training that has succeeded.
final class JdbcTrainingFigures {

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
