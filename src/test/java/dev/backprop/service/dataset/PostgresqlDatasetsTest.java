package dev.backprop.service.dataset;

import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;

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
