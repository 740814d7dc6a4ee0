package dev.backprop.model;

import dev.backprop.storage.Databases;
import dev.backprop.storage.JdbcDatabase;

class PostgresqlModelsTest extends StoredModelsContract {

  @Override
  JdbcDatabase database() {
    return Databases.postgresql();
  }
}
