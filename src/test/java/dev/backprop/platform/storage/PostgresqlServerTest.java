package dev.backprop.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PostgresqlServerTest {

  @Test
  void isTheOneThatTheEnvironmentAsksFor() {
    String directory =
        Databases.postgresql()
            .read(jdbc -> jdbc.sql("SHOW data_directory").query(String.class).single());

    if (Databases.inContainer()) {
      assertThat(directory).isEqualTo("/var/lib/postgresql/data");
    } else {
      assertThat(directory).startsWith(System.getProperty("java.io.tmpdir"));
    }
  }
}
