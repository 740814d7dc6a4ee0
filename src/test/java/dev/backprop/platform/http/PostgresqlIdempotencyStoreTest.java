package dev.backprop.platform.http;

import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;

class PostgresqlIdempotencyStoreTest extends JdbcIdempotencyStoreContract {

  @Override
  JdbcDatabase database() {
    return Databases.postgresql();
  }
}
