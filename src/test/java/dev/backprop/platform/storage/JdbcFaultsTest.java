package dev.backprop.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

class JdbcFaultsTest {

  private static void assertProblem(Throwable fault, ProblemCode code) {
    assertThat(fault)
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.code()).isEqualTo(code));
  }

  @Test
  void aFullDiskIsTold(@TempDir Path directory) throws IOException {
    try (ConfigurableApplicationContext context =
        Databases.start(
            "--backprop.data-directory=" + directory,
            "--spring.datasource.hikari.maximum-pool-size=1")) {
      JdbcDatabase database = context.getBean(JdbcDatabase.class);
      JdbcBlobs blobs = context.getBean(JdbcBlobs.class);
      // Of 4,096 bytes each: as if the disk ended there.
      database.read(jdbc -> jdbc.sql("PRAGMA max_page_count = 300").query().singleValue());

      assertThatThrownBy(
              () -> {
                try (JdbcBlobs.Writer writer = blobs.writer()) {
                  writer.write(new byte[3_000_000]);
                  writer.finish();
                }
              })
          .satisfies(fault -> assertProblem(fault, ProblemCode.STORAGE_FULL));

      assertThat(database.isReachable(Duration.ofMinutes(1))).isTrue();
      try (JdbcBlobs.Writer writer = blobs.writer()) {
        writer.write(new byte[100_000]);
        writer.finish();
      }
    }
  }

  @Test
  void aDatabaseThatIsGoneIsToldAndHealthKnows(@TempDir Path directory) {
    try (ConfigurableApplicationContext context =
        Databases.start("--backprop.data-directory=" + directory)) {
      JdbcDatabase database = context.getBean(JdbcDatabase.class);
      StorageHealth health = context.getBean(StorageHealth.class);
      assertThat(health.health().getStatus().getCode()).isEqualTo("UP");
      context.getBean(com.zaxxer.hikari.HikariDataSource.class).close();

      assertThatThrownBy(database::probe)
          .satisfies(fault -> assertProblem(fault, ProblemCode.STORAGE_UNAVAILABLE))
          .satisfies(
              fault ->
                  assertThat(((ProblemException) fault).retryAfter())
                      .isEqualTo(JdbcFaults.RETRY_AFTER));
      assertThatThrownBy(() -> database.change(jdbc -> jdbc.sql("DELETE FROM blobs").update()))
          .satisfies(fault -> assertProblem(fault, ProblemCode.STORAGE_UNAVAILABLE));
      assertThat(health.health().getStatus().getCode()).isEqualTo("DOWN");
    }
  }

  @Test
  void whoDidNotGetItsTurnToWriteChangesAllOrNothingTheNextTime() throws SQLException {
    try (Databases.Breakable breakable = Databases.breakable()) {
      JdbcDatabase database = breakable.database();
      try (Databases.Breakable.Lock _ = breakable.lock()) {
        for (int i = 0; i < 8; i++) {
          assertThatThrownBy(() -> database.change(jdbc -> insert(jdbc, "locked")))
              .satisfies(fault -> assertProblem(fault, ProblemCode.STORAGE_UNAVAILABLE));
        }
      }
      for (int i = 0; i < 8; i++) {
        String id = "blob " + i;
        assertThatThrownBy(
                () ->
                    database.change(
                        jdbc -> {
                          insert(jdbc, id);
                          throw new IllegalStateException("after all not");
                        }))
            .hasMessage("after all not");
        database.change(jdbc -> insert(jdbc, id));
      }
      assertThat(
              database.<Integer>read(
                  jdbc -> jdbc.sql("SELECT count(*) FROM blobs").query(Integer.class).single()))
          .isEqualTo(8);
    }
  }

  private static void insert(JdbcClient jdbc, String id) {
    jdbc.sql("INSERT INTO blobs (id, adopted, written_at) VALUES (:id, 1, 1)")
        .param("id", id)
        .update();
  }

  @Test
  void aTextThatPostgresqlCannotKeepIsTheClientsFault() {
    JdbcDatabase database = Databases.postgresql();

    assertThatThrownBy(
            () ->
                database.read(
                    jdbc ->
                        jdbc.sql("SELECT id FROM datasets WHERE id = :id")
                            .param("id", "a\u0000")
                            .query(String.class)
                            .list()))
        .satisfies(fault -> assertProblem(fault, ProblemCode.INVALID_DATA));
  }

  @ParameterizedTest
  @CsvSource({
    "53100, STORAGE_FULL",
    "53300, STORAGE_UNAVAILABLE",
    "08006, STORAGE_UNAVAILABLE",
    "57P01, STORAGE_UNAVAILABLE",
    "57P03, STORAGE_UNAVAILABLE",
    "25006, STORAGE_UNAVAILABLE",
    "58030, STORAGE_UNAVAILABLE",
    "XX001, STORAGE_CORRUPT",
    "XX002, STORAGE_CORRUPT"
  })
  void postgresqlStatesAreProblems(String state, ProblemCode code) {
    ProblemException problem =
        JdbcFaults.problem(
            new UncategorizedSQLException("task", "sql", new SQLException("reason", state)));

    assertThat(problem).extracting(ProblemException::code).isEqualTo(code);
  }

  @Test
  void faultsOfTheServiceStayFaults() {
    assertThat(
            JdbcFaults.problem(
                new DuplicateKeyException("twice", new SQLException("unique", "23505"))))
        .isNull();
    assertThat(JdbcFaults.problem(new IllegalStateException("other"))).isNull();
    JdbcDatabase database = Databases.sqlite();
    assertThatThrownBy(() -> database.change(jdbc -> jdbc.sql("DELETE FROM absent").update()))
        .isNotInstanceOf(ProblemException.class)
        .hasMessageContaining("no such table");
    assertThat(database.isReachable(Duration.ofMinutes(1))).isTrue();
  }
}
