package dev.backprop.service.dataset;

import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;

class SqliteDatasetsTest extends StoredDatasetsContract {

  @Override
  JdbcDatabase database() {
    return Databases.sqlite();
  }

  @Override
  JdbcDatabase.Kind databaseKind() {
    return JdbcDatabase.Kind.SQLITE;
  }
}
