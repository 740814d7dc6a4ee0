package dev.backprop.storage;

class JdbcBlobsSqliteTest extends JdbcBlobsContract {

  @Override
  JdbcDatabase database() {
    return Databases.sqlite();
  }
}
