package dev.backprop.service.model;

import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;

class SqliteModelsTest extends JdbcModelsContract {

  @Override
  JdbcDatabase database() {
    return Databases.sqlite();
  }
}
