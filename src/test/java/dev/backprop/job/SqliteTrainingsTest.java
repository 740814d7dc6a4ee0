package dev.backprop.job;

import dev.backprop.storage.Databases;
import dev.backprop.storage.JdbcDatabase;

class SqliteTrainingsTest extends ClaimedTrainingsContract {

  @Override
  JdbcDatabase database() {
    return Databases.sqlite();
  }
}
