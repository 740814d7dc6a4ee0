package dev.backprop.storage;

class PostgresqlIdempotencyKeysTest extends StoredIdempotencyKeysContract {

  @Override
  JdbcDatabase database() {
    return Databases.postgresql();
  }
}
