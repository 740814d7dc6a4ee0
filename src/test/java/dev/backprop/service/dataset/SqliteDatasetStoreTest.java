package dev.backprop.service.dataset;

import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

class SqliteDatasetStoreTest extends DatasetStoreContract {

  private @Nullable JdbcDatabase database;

  @Override
  Datasets datasets() {
    if (database == null) {
      database = Databases.sqlite();
    }
    return JdbcDatasetStoreTest.datasets(database, Clock.systemUTC());
  }
}
