package dev.backprop.platform.http;

import dev.backprop.platform.storage.Databases;
import dev.backprop.platform.storage.JdbcDatabase;

class PostgresqlIdempotencyKeysTest extends StoredIdempotencyKeysContract {

  @Override
  JdbcDatabase database() {
    return Databases.postgresql();
  }
}
