package dev.backprop.service.job;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Connections for the schedule. It waits while the database cannot be reached, so that the
/// schedule neither fails nor takes anybody for dead meanwhile.
final class JdbcPatientSource extends DelegatingDataSource {

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final DataSource joining;
  private final CountDownLatch stopped = new CountDownLatch(1);

  JdbcPatientSource(DataSource source) {
    super(source);
    this.joining = new TransactionAwareDataSourceProxy(source);
  }

  /// Waits no longer.
  void stop() {
    stopped.countDown();
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      return joining.getConnection();
    }
    while (true) {
      try {
        return super.getConnection();
      } catch (SQLException e) {
        if (isStoppedAfter(PAUSE)) {
          throw e;
        }
      }
    }
  }

  private boolean isStoppedAfter(Duration pause) {
    try {
      return stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
