package dev.backprop.platform.storage;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/// Transactions whose first fault is told. If a connection breaks while it commits, the pool closes
/// it, and nothing is left to roll back: the attempt would fail, and hide why.
final class JdbcTransactions extends JdbcTransactionManager {

  private static final long serialVersionUID = 1;

  JdbcTransactions(DataSource source) {
    super(source);
  }

  @Override
  protected void doRollback(DefaultTransactionStatus status) {
    if (!isClosed((JdbcTransactionObjectSupport) status.getTransaction())) {
      super.doRollback(status);
    }
  }

  private boolean isClosed(JdbcTransactionObjectSupport transaction) {
    try {
      return transaction.getConnectionHolder().getConnection().isClosed();
    } catch (SQLException e) {
      throw translateException("JDBC rollback", e);
    }
  }
}
