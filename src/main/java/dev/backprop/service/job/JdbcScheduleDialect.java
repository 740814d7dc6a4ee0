package dev.backprop.service.job;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import dev.backprop.platform.storage.JdbcDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How the scheduler speaks to each database. It writes the time of day into the database, and
/// waits by a steady time.
final class JdbcScheduleDialect {

  private JdbcScheduleDialect() {}

  static JdbcCustomization of(JdbcDatabase.Kind kind, ScheduleTime time) {
    return switch (kind) {
      case POSTGRESQL -> new Postgresql(time);
      case SQLITE -> new Sqlite(time);
    };
  }

  /// Uses a query of its own for due trainings, so that it does not touch those of another version.
  private static final class Postgresql extends PostgreSqlJdbcCustomization {

    private final ScheduleTime time;

    Postgresql(ScheduleTime time) {
      super(true, false);
      this.time = time;
    }

    @Override
    public void setInstant(PreparedStatement statement, int index, @Nullable Instant instant)
        throws SQLException {
      super.setInstant(statement, index, instant == null ? null : time.toTimeOfDay(instant));
    }

    @Override
    public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
      Instant instant = super.getInstant(row, column);
      return instant == null ? null : time.toSteady(instant);
    }
  }

  /// A transaction of SQLite has the database to itself from its beginning. So the rows that it
  /// reads need no lock.
  private static final class Sqlite extends SqliteJdbcCustomization {

    private final ScheduleTime time;

    Sqlite(ScheduleTime time) {
      this.time = time;
    }

    @Override
    public void setInstant(PreparedStatement statement, int index, @Nullable Instant instant)
        throws SQLException {
      super.setInstant(statement, index, instant == null ? null : time.toTimeOfDay(instant));
    }

    @Override
    public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
      Instant instant = super.getInstant(row, column);
      return instant == null ? null : time.toSteady(instant);
    }

    @Override
    public boolean supportsGenericLockAndFetch() {
      return true;
    }

    @Override
    public String createGenericSelectForUpdateQuery(
        String table, int limit, String condition, boolean byPriority) {
      return createSelectDueQuery(table, limit, condition, byPriority);
    }
  }
}
