package dev.backprop.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class UnitOfWorkTest {

  private final List<String> told = new ArrayList<>();

  private static void insert(JdbcDatabase database, String id) {
    database.change(
        jdbc ->
            jdbc.sql("INSERT INTO blobs (id, adopted, written_at) VALUES (:id, 1, 1)")
                .param("id", id)
                .update());
  }

  private static List<String> kept(JdbcDatabase database) {
    return database.read(
        jdbc -> jdbc.sql("SELECT id FROM blobs ORDER BY id").query(String.class).list());
  }

  @ParameterizedTest
  @EnumSource
  void changesAreKeptTogetherAndSeenWithinTheUnit(JdbcDatabase.Kind kind) {
    JdbcDatabase database = Databases.empty(kind);

    List<String> within =
        database.perform(
            () -> {
              insert(database, "a");
              database.perform(() -> insert(database, "b"));
              database.afterwards(() -> told.addAll(kept(database)));
              assertThat(told).isEmpty();
              return kept(database);
            });

    assertThat(within).containsExactly("a", "b");
    assertThat(told).containsExactly("a", "b");
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void aConnectionThatBreaksBeforeItsCommitIsAnOutage(CapturedOutput output) {
    JdbcDatabase database = Databases.empty(JdbcDatabase.Kind.POSTGRESQL);

    assertThatThrownBy(
            () ->
                database.change(
                    jdbc -> {
                      insert(database, "a");
                      int session =
                          jdbc.sql("SELECT pg_backend_pid()").query(Integer.class).single();
                      end(session);
                    }))
        .isInstanceOfSatisfying(
            ProblemException.class,
            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.STORAGE_UNAVAILABLE));

    assertThat(kept(database)).isEmpty();
    assertThat(output).doesNotContain("\tat ");
  }

  /// Ends a session of PostgreSQL from outside, and waits for its end.
  private static void end(int session) {
    DataSource server = new DriverManagerDataSource(Databases.postgresqlUrl(), "postgres", "");
    assertThat(
            JdbcClient.create(server)
                .sql("SELECT pg_terminate_backend(:session, 10000)")
                .param("session", session)
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aFaultOfWhatFollowsAUnitChangesNothing(JdbcDatabase.Kind kind) {
    JdbcDatabase database = Databases.empty(kind);

    database.perform(
        () -> {
          insert(database, "a");
          database.afterwards(
              () -> {
                throw new IllegalStateException("planted");
              });
          database.afterwards(() -> told.add("the next"));
        });

    assertThat(kept(database)).containsExactly("a");
    assertThat(told).containsExactly("the next");
  }

  @ParameterizedTest
  @EnumSource
  void aUnitThatFailsKeepsNothingAndNothingFollowsIt(JdbcDatabase.Kind kind) {
    JdbcDatabase database = Databases.empty(kind);

    assertThatThrownBy(
            () ->
                database.perform(
                    () -> {
                      insert(database, "a");
                      database.afterwards(() -> told.add("afterwards"));
                      database.perform(
                          () -> {
                            throw new IllegalStateException("after all not");
                          });
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("after all not");

    assertThat(kept(database)).isEmpty();
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aUnitThatLostARaceIsPerformedAgainAsAWhole(JdbcDatabase.Kind kind) {
    JdbcDatabase database = Databases.empty(kind);
    List<String> attempts = new ArrayList<>();

    database.perform(
        () -> {
          insert(database, "a");
          database.afterwards(() -> told.add("afterwards"));
          database.perform(() -> loseARace(attempts, 3));
        });

    assertThat(attempts).hasSize(3);
    assertThat(kept(database)).containsExactly("a");
    assertThat(told).containsExactly("afterwards");
  }

  @Test
  void racesAreNotRunForever() {
    JdbcDatabase database = Databases.sqlite();
    List<String> attempts = new ArrayList<>();

    assertThatThrownBy(() -> database.perform(() -> loseARace(attempts, 100)))
        .hasMessageContaining("the database cannot be reached or is too busy right now");

    assertThat(attempts).hasSize(5);
  }

  private static void loseARace(List<String> attempts, int until) {
    attempts.add("attempt");
    if (attempts.size() < until) {
      throw new UncategorizedSQLException("task", "sql", new SQLException("race", "40001"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAUnitWhatIsToFollowRunsAtOnce(JdbcDatabase.Kind kind) {
    Databases.empty(kind).afterwards(() -> told.add("database"));
    UnitOfWork.DIRECT.afterwards(() -> told.add("memory"));

    assertThat(told).containsExactly("database", "memory");
  }

  /// SQLite needs nothing for that: it has one writer at a time.
  @Test
  void unitsThatNameTheSameTakeTurnsAndSeeWhatTheOthersHaveKept() throws Exception {
    JdbcDatabase database = Databases.empty(JdbcDatabase.Kind.POSTGRESQL);
    CountDownLatch hasTurn = new CountDownLatch(1);
    FutureTask<List<String>> second =
        new FutureTask<>(
            () -> {
              hasTurn.await();
              return database.perform(
                  () -> {
                    database.takeTurn("a");
                    return kept(database);
                  });
            });
    Thread.startVirtualThread(second);

    database.perform(
        () -> {
          database.takeTurn("a");
          hasTurn.countDown();
          while (!second.isDone() && waiting(database) == 0) {}
          insert(database, "of the first");
        });

    assertThat(second.get()).containsExactly("of the first");
  }

  /// Locks of the whole server that somebody waits for, as [JdbcDatabase#takeTurn] takes them.
  private static int waiting(JdbcDatabase database) {
    return database.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""")
                .query(Integer.class)
                .single());
  }

  @Test
  void unitsThatNameOthersDoNotWait() throws Exception {
    JdbcDatabase database = Databases.empty(JdbcDatabase.Kind.POSTGRESQL);
    FutureTask<String> other =
        new FutureTask<>(
            () ->
                database.perform(
                    () -> {
                      database.takeTurn("b");
                      return "other";
                    }));

    database.perform(
        () -> {
          database.takeTurn("a");
          Thread.startVirtualThread(other);
          try {
            told.add(other.get());
          } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
          }
        });

    assertThat(told).containsExactly("other");
  }

  @Test
  void inMemoryUnitsTakeTurns() throws Exception {
    UnitOfWork unit = UnitOfWork.inTurns();
    List<String> done = Collections.synchronizedList(new ArrayList<>());
    Thread second = Thread.ofPlatform().unstarted(() -> unit.perform(() -> done.add("second")));

    unit.perform(
        () -> {
          second.start();
          while (second.isAlive() && second.getState() != Thread.State.WAITING) {}
          unit.perform(() -> done.add("first"));
        });
    second.join();

    assertThat(done).containsExactly("first", "second");
  }

  @Test
  void inMemoryTheWorkIsJustDone() {
    assertThat(UnitOfWork.DIRECT.perform(() -> "result")).isEqualTo("result");
    UnitOfWork.DIRECT.perform(
        () -> {
          told.add("work");
        });

    assertThat(told).containsExactly("work");
  }
}
