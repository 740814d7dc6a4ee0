package dev.backprop.platform.storage;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.StorageFaults.Kind;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;

/// What databases say went wrong, as problems.
final class JdbcFaults {

  static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  // Primary result codes, https://www.sqlite.org/rescode.html
  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_LOCKED = 6;
  private static final int SQLITE_READONLY = 8;
  private static final int SQLITE_IOERR = 10;
  private static final int SQLITE_CORRUPT = 11;
  private static final int SQLITE_FULL = 13;
  private static final int SQLITE_CANTOPEN = 14;
  private static final int SQLITE_NOTADB = 26;

  private JdbcFaults() {}

  /// @return null for a fault of the service, such as a constraint that was broken
  static @Nullable ProblemException problem(Throwable fault) {
    if (!(fault instanceof DataAccessException
        || fault instanceof TransactionException
        || fault instanceof SQLException)) {
      return null;
    }
    boolean noConnection =
        fault instanceof CannotGetJdbcConnectionException
            || fault instanceof CannotCreateTransactionException;
    ProblemException problem =
        causes(fault).flatMap(cause -> Stream.ofNullable(ofSql(cause))).findFirst().orElse(null);
    return problem == null && noConnection ? unavailable() : problem;
  }

  private static Stream<SQLException> causes(Throwable fault) {
    Stream.Builder<SQLException> causes = Stream.builder();
    for (Throwable t = fault; t != null; t = t.getCause()) {
      if (t instanceof SQLException e) {
        causes.add(e);
      }
    }
    return causes.build();
  }

  /// What went wrong with the storage; null for a fault of the service or of a client.
  static @Nullable Kind kind(Throwable fault) {
    if (fault instanceof ProblemException problem) {
      return problem.code() == ProblemCode.STORAGE_FULL ? Kind.FULL : null;
    }
    if (problem(fault) == null) {
      return null;
    }
    return causes(fault)
        .flatMap(cause -> Stream.ofNullable(kindOf(cause)))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable ProblemException ofSql(SQLException e) {
    if (!isSqlite(e) && state(e).equals("22021")) { // character not in repertoire
      return new ProblemException(
          ProblemCode.INVALID_DATA,
          "a text has a character that the database cannot keep, such as \\u0000");
    }
    return switch (kindOf(e)) {
      case FULL -> full();
      case CORRUPT -> damaged();
      case READ_ONLY, IO, UNAVAILABLE -> unavailable();
      case null -> null;
    };
  }

  private static @Nullable Kind kindOf(SQLException e) {
    if (isSqlite(e)) {
      return switch (e.getErrorCode()) {
        case SQLITE_FULL -> Kind.FULL;
        case SQLITE_CORRUPT, SQLITE_NOTADB -> Kind.CORRUPT;
        case SQLITE_READONLY -> Kind.READ_ONLY;
        case SQLITE_IOERR, SQLITE_CANTOPEN -> Kind.IO;
        case SQLITE_BUSY, SQLITE_LOCKED -> Kind.UNAVAILABLE;
        default -> null;
      };
    }
    if (e instanceof SQLTransientConnectionException
        || e instanceof SQLNonTransientConnectionException) {
      return Kind.UNAVAILABLE;
    }
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    return switch (state(e)) {
      case "53100" -> Kind.FULL; // disk full
      case "XX001", "XX002" -> Kind.CORRUPT; // of a table, of an index
      case "25006" -> Kind.READ_ONLY; // after a failover
      case "58030" -> Kind.IO;
      // Shutdown, crash and start of the server; a lost race.
      case "57P01", "57P02", "57P03", "40001", "40P01", "55P03" -> Kind.UNAVAILABLE;
      // 08: connection, 53: resources, 58: system.
      case String state
          when state.startsWith("08") || state.startsWith("53") || state.startsWith("58") ->
          Kind.UNAVAILABLE;
      default -> null;
    };
  }

  /// Whether the same transaction may succeed when it is tried again at once: it was the victim of
  /// a deadlock or of a conflict with another.
  static boolean isLostRace(Throwable fault) {
    return causes(fault).map(JdbcFaults::state).anyMatch(Set.of("40001", "40P01")::contains);
  }

  /// Whether a part of the database cannot be read any more.
  static boolean isDamage(Throwable fault) {
    return causes(fault)
        .map(JdbcFaults::ofSql)
        .anyMatch(problem -> problem != null && problem.code() == ProblemCode.STORAGE_CORRUPT);
  }

  /// Whether another connection of SQLite is writing.
  static boolean isBusy(SQLException e) {
    return isSqlite(e) && e.getErrorCode() == SQLITE_BUSY;
  }

  private static boolean isSqlite(SQLException e) {
    return e.getClass().getName().startsWith("org.sqlite.");
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  static ProblemException full() {
    return new ProblemException(
        ProblemCode.STORAGE_FULL,
        "the disk or the database has no room left: nothing was kept of this request; free some space or delete models, versions or data sets");
  }

  private static ProblemException damaged() {
    return new ProblemException(
        ProblemCode.STORAGE_CORRUPT,
        "a part of the database is damaged and cannot be read; the log tells more");
  }

  static ProblemException unavailable() {
    return new ProblemException(
            ProblemCode.STORAGE_UNAVAILABLE,
            "the database cannot be reached or is too busy right now")
        .withRetryAfter(RETRY_AFTER);
  }
}
