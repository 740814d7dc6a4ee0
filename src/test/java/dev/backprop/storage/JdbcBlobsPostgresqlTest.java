package dev.backprop.storage;

class JdbcBlobsPostgresqlTest extends JdbcBlobsContract {

  @Override
  JdbcDatabase database() {
    return Databases.postgresql();
  }
}
