package dev.backprop.service.job;

import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;

class SqliteTrainingsTest extends ClaimedTrainingsContract {

  @Override
  JdbcDatabase database() {
    return Databases.sqlite();
  }
}
