package dev.backprop.job;

import dev.backprop.storage.Databases;
import dev.backprop.storage.JdbcDatabase;

class PostgresqlTrainingsTest extends ClaimedTrainingsContract {

  @Override
  JdbcDatabase database() {
    return Databases.postgresql();
  }
}
