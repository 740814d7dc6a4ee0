package dev.backprop.storage;

class SqliteIdempotencyKeysTest extends StoredIdempotencyKeysContract {

  @Override
  JdbcDatabase database() {
    return Databases.sqlite();
  }
}
