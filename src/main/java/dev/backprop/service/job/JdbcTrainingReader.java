package dev.backprop.service.job;

import dev.backprop.engine.plan.Standing;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Sort;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.intake.Acceptance;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads trainings from the database: a row each, and rows of epochs.
final class JdbcTrainingReader {

  private static final int AT_ONCE = 100;

  private static final String HEAD =
      """
      id, revision, state, started_at, finished_at, acceptance, made_by, description, tags, progress, ending, \
      standing, callback, callback_state, callback_attempts, callback_status, callback_at""";

  /// About how many bytes a training takes in a list.
  private static final String SIZE =
      """
      500 + length(acceptance) + coalesce(length(description), 0) + coalesce(length(tags), 0) \
      + coalesce(length(ending), 0) + coalesce(length(progress), 0)""";

  private final JdbcDatabase database;
  private final StoredJson json;

  JdbcTrainingReader(JdbcDatabase database, StoredJson json) {
    this.database = database;
    this.json = json;
  }

  Optional<StoredTraining> find(String id) {
    return database.read(jdbc -> find(jdbc, id));
  }

  Optional<StoredTraining> find(JdbcClient jdbc, String id) {
    return jdbc.sql("SELECT " + HEAD + " FROM trainings WHERE id = :id")
        .param("id", id)
        .query(this::stored)
        .optional()
        .map(training -> shown(jdbc, training));
  }

  /// A training in a list.
  ///
  /// @param training null if it cannot be read; the others are listed all the same
  private record Listed(String id, @Nullable StoredTraining training) {}

  /// As [TrainingStore#list].
  Page<StoredTraining> list(TrainingStore.Filter filter, @Nullable String before, int limit) {
    int fitting = Page.fitting(sizes(filter, before, limit), limit);
    List<Listed> listed =
        newestFirst(
            HEAD,
            filter,
            before,
            fitting + 1,
            (jdbc, rows) ->
                rows.query(this::listed).list().stream().map(one -> shown(jdbc, one)).toList());
    Page<Listed> page = Page.of(listed, fitting, Listed::id);
    return new Page<>(
        page.items().stream().flatMap(one -> Stream.ofNullable(one.training())).toList(),
        page.nextCursor());
  }

  /// As [TrainingStore#list] in the order of a figure.
  Page<StoredTraining> list(
      TrainingStore.Filter filter, Sort sort, Sort.@Nullable Place after, int limit) {
    return database.read(
        jdbc -> {
          JdbcTrainingConditions conditions = JdbcTrainingConditions.of(filter);
          Page<String> ids =
              JdbcTrainingFigures.page(
                  jdbc, conditions, sort, after, new JdbcTrainingFigures.Listed(SIZE, limit));
          Map<String, StoredTraining> found =
              ids.items().isEmpty() ? Map.of() : all(jdbc, ids.items());
          return new Page<>(
              ids.items().stream().flatMap(id -> Stream.ofNullable(found.get(id))).toList(),
              ids.nextCursor());
        });
  }

  private Map<String, StoredTraining> all(JdbcClient jdbc, List<String> ids) {
    Map<String, StoredTraining> found = new HashMap<>();
    jdbc
        .sql("SELECT " + HEAD + " FROM trainings WHERE id IN (:ids)")
        .param("ids", ids)
        .query(this::listed)
        .list()
        .stream()
        .map(one -> shown(jdbc, one))
        .forEach(
            one -> {
              if (one.training() != null) {
                found.put(one.id(), one.training());
              }
            });
    return found;
  }

  private List<Long> sizes(TrainingStore.Filter filter, @Nullable String before, int limit) {
    return newestFirst(SIZE, filter, before, limit, (_, rows) -> rows.query(Long.class).list());
  }

  private <T> List<T> newestFirst(
      String what,
      TrainingStore.Filter filter,
      @Nullable String before,
      int limit,
      BiFunction<JdbcClient, JdbcClient.StatementSpec, List<T>> query) {
    JdbcTrainingConditions conditions = JdbcTrainingConditions.of(filter);
    conditions.add("id < :before", "before", before);
    return database.read(
        jdbc ->
            query.apply(
                jdbc,
                jdbc.sql(
                        "SELECT "
                            + what
                            + " FROM trainings"
                            + conditions.where()
                            + " ORDER BY id DESC LIMIT :limit")
                    .params(conditions.params())
                    .param("limit", limit)));
  }

  private Listed shown(JdbcClient jdbc, Listed listed) {
    try {
      return listed.training() == null
          ? listed
          : new Listed(listed.id(), shown(jdbc, listed.training()));
    } catch (ProblemException e) {
      if (e.code() != ProblemCode.STORAGE_CORRUPT) {
        throw e;
      }
      return new Listed(listed.id(), null);
    }
  }

  /// Corrects trainings of former versions. When a training succeeded, those stored the figures of
  /// the latest epoch, and not of the epoch whose parameters are served.
  private StoredTraining shown(JdbcClient jdbc, StoredTraining training) {
    TrainingProgress progress = training.progress();
    int epoch = JobEnd.shownEpoch(training.end(), progress.epochs());
    if (progress.latest() == null || progress.latest().epoch() == epoch) {
      return training;
    }
    String id = training.acceptance().id();
    return jdbc
        .sql(
            """
            SELECT reports FROM training_epochs
            WHERE training = :id AND first_epoch <= :epoch AND last_epoch >= :epoch""")
        .param("id", id)
        .param("epoch", epoch)
        .query((row, _) -> json.read(row.getString(1), EpochReport[].class, what(id)))
        .list()
        .stream()
        .flatMap(Arrays::stream)
        .filter(report -> report.epoch() == epoch)
        .findFirst()
        .map(report -> training.with(progress.showing(report)))
        .orElse(training);
  }

  private Listed listed(ResultSet row, int number) throws SQLException {
    String id = row.getString("id");
    try {
      return new Listed(id, stored(row, number));
    } catch (ProblemException _) {
      return new Listed(id, null);
    }
  }

  /// As [TrainingStore#revisions].
  Map<String, Long> revisions(Collection<String> ids) {
    Map<String, Long> revisions = new HashMap<>();
    List<String> rest = List.copyOf(ids);
    while (!rest.isEmpty()) {
      List<String> some = rest.subList(0, Math.min(AT_ONCE, rest.size()));
      database.read(
          jdbc -> {
            jdbc.sql("SELECT id, revision FROM trainings WHERE id IN (:ids)")
                .param("ids", some)
                .query(
                    row -> {
                      revisions.put(row.getString(1), row.getLong(2));
                    });
            return true;
          });
      rest = rest.subList(some.size(), rest.size());
    }
    return revisions;
  }

  /// As [TrainingStore#epochs].
  List<EpochReport> epochs(String id, int seen) {
    List<EpochReport> epochs = new ArrayList<>();
    database.read(
        jdbc -> {
          jdbc.sql(
                  """
                  SELECT reports FROM training_epochs
                  WHERE training = :id AND last_epoch > :seen ORDER BY first_epoch""")
              .param("id", id)
              .param("seen", seen)
              .query(
                  row -> {
                    addAfter(id, seen, row, epochs);
                  });
          return true;
        });
    return epochs;
  }

  private void addAfter(String id, int seen, ResultSet row, List<EpochReport> epochs)
      throws SQLException {
    for (EpochReport report : json.read(row.getString(1), EpochReport[].class, what(id))) {
      if (report.epoch() > seen + epochs.size()) {
        epochs.add(report);
      }
    }
  }

  private StoredTraining stored(ResultSet row, int number) throws SQLException {
    JobState state = JdbcTrainingRow.state(row);
    String ending = row.getString("ending");
    String what = what(row.getString("id"));
    return new StoredTraining(
        acceptance(row),
        row.getLong("revision"),
        state,
        JdbcTrainingRow.instant(row, "started_at"),
        JdbcTrainingRow.instant(row, "finished_at"),
        progress(row),
        ending == null
            ? null
            : json.read(ending, StoredEnding.class, what).end(state, standing(row)),
        JdbcTrainingCallbacks.of(row));
  }

  private @Nullable Standing standing(ResultSet row) throws SQLException {
    String standing = row.getString("standing");
    return standing == null ? null : json.read(standing, Standing.class, what(row.getString("id")));
  }

  TrainingProgress progress(ResultSet row) throws SQLException {
    String progress = row.getString("progress");
    return progress == null
        ? TrainingProgress.NONE
        : json.read(progress, TrainingProgress.class, what(row.getString("id")));
  }

  Acceptance acceptance(ResultSet row) throws SQLException {
    return json.read(row.getString("acceptance"), Acceptance.class, what(row.getString("id")))
        .ownedBy(row.getString("made_by"))
        .calling(row.getString("callback"))
        .noted(Notes.ofColumns(row.getString("description"), row.getString("tags")));
  }

  static String what(String id) {
    return "training " + id;
  }
}
