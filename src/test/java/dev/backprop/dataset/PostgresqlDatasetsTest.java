package dev.backprop.dataset;

import dev.backprop.storage.Databases;
import dev.backprop.storage.JdbcDatabase;

class PostgresqlDatasetsTest extends StoredDatasetsContract {

  @Override
  JdbcDatabase database() {
    return Databases.postgresql();
  }

  @Override
  JdbcDatabase.Kind databaseKind() {
    return JdbcDatabase.Kind.POSTGRESQL;
  }
}
