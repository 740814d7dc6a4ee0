package dev.backprop.platform.storage;

class JdbcBlobsPostgresqlTest extends JdbcBlobsContract {

  @Override
  JdbcDatabase database() {
    return Databases.postgresql();
  }
}
