package dev.backprop.service.dataset;

import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

class PostgresqlDatasetStoreTest extends DatasetStoreContract {

  private @Nullable JdbcDatabase database;

  @Override
  Datasets datasets() {
    if (database == null) {
      database = Databases.postgresql();
    }
    return JdbcDatasetStoreTest.datasets(database, Clock.systemUTC());
  }
}
