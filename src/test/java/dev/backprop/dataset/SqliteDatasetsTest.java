package dev.backprop.dataset;

import dev.backprop.storage.Databases;
import dev.backprop.storage.JdbcDatabase;

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
