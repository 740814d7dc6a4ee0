package dev.backprop.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backprop.http.ProblemCode;
import dev.backprop.http.ProblemException;
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

  @ParameterizedTest
  @CsvSource({
    "53100, STORAGE_FULL",
    "53300, STORAGE_UNAVAILABLE",
    "08006, STORAGE_UNAVAILABLE",
    "57P01, STORAGE_UNAVAILABLE",
    "57P03, STORAGE_UNAVAILABLE",
    "25006, STORAGE_UNAVAILABLE",
    "58030, STORAGE_UNAVAILABLE"
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
