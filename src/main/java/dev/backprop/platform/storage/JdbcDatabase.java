package dev.backprop.platform.storage;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Every access to the database goes through here.
///
/// Statements run on platform threads of their own, as many as there are connections. SQLite waits
/// for its disk and its lock inside native code: a virtual thread would keep a carrier there from
/// those that answer predictions. Faults that the outside world causes become problems; whether
/// they go on is told by the log once, and by [#isReachable].
public final class JdbcDatabase implements UnitOfWork, AutoCloseable {

  /// Which database it is.
  public enum Kind {
    SQLITE,
    POSTGRESQL
  }

  private static final Logger log = LoggerFactory.getLogger(JdbcDatabase.class);

  /// A transaction that lost a race is tried again at once.
  private static final int RETRIES = 4;

  private final Kind kind;
  private final JdbcClient client;
  private final TransactionTemplate transactions;
  private final RetryTemplate races =
      new RetryTemplate(
          RetryPolicy.builder()
              .maxRetries(RETRIES)
              .delay(Duration.ZERO)
              .predicate(JdbcFaults::isLostRace)
              .build());
  private final ExecutorService threads;
  private final Semaphore free;
  private final Duration patience;
  private volatile boolean reachable = true;
  private volatile long lastAnswer = System.nanoTime();
  private final StorageFaults faults;

  /// @param connections statements that may run at once
  /// @param patience how long to wait for one of them
  record Limits(int connections, Duration patience) {}

  /// @param faults told of what goes wrong
  JdbcDatabase(
      Kind kind,
      JdbcClient client,
      PlatformTransactionManager transactions,
      Limits limits,
      StorageFaults faults) {
    this.kind = kind;
    this.client = client;
    this.transactions = new TransactionTemplate(transactions);
    this.threads =
        Executors.newFixedThreadPool(
            limits.connections(),
            Thread.ofPlatform().name("backprop-database-", 1).daemon().factory());
    this.free = new Semaphore(limits.connections(), true);
    this.patience = limits.patience();
    this.faults = faults;
  }

  public Kind kind() {
    return kind;
  }

  /// Looks things up. Each statement sees what has been committed before it, and what the unit of
  /// work that the calling thread is in has changed.
  ///
  /// @throws ProblemException 503 if the database cannot be reached, 500 if it is damaged
  public <T extends @Nullable Object> T read(Function<JdbcClient, T> work) {
    return isInUnit() ? work.apply(client) : answer(() -> work.apply(client));
  }

  /// Changes things, as [#perform].
  public <T extends @Nullable Object> T write(Function<JdbcClient, T> work) {
    return perform(() -> work.apply(client));
  }

  /// As [#write], without an answer.
  public void change(Consumer<JdbcClient> work) {
    perform(() -> work.accept(client));
  }

  /// Changes rows by one statement.
  ///
  /// @param values of its parameters, by their names
  /// @return how many rows it has changed
  public int update(String sql, Map<String, ?> values) {
    return write(jdbc -> jdbc.sql(sql).params(values).update());
  }

  /// What a row has in a column; null if it has nothing there.
  public static <T> @Nullable T value(ResultSet row, String column, Class<T> type)
      throws SQLException {
    return type.cast(JdbcUtils.getResultSetValue(row, row.findColumn(column), type));
  }

  /// Performs the work in one transaction.
  ///
  /// @throws ProblemException 503 if the database cannot be reached, 507 if it is full. Nothing has
  ///   changed then, unless the connection broke while the transaction was being committed
  @Override
  public <T extends @Nullable Object> T perform(Supplier<T> work) {
    if (isInUnit()) {
      return work.get();
    }
    Kept<T> kept =
        answer(() -> races.invoke(() -> transactions.execute(_ -> new Kept<>(work.get()))));
    kept.afterwards.forEach(JdbcDatabase::runAnyway);
    return kept.result;
  }

  /// The unit is kept: if something breaks down that follows it, neither the rest nor whoever waits
  /// for the unit must suffer.
  private static void runAnyway(Runnable then) {
    try {
      then.run();
    } catch (RuntimeException e) {
      log.error("What follows a unit of work broke down; the unit is kept", e);
    }
  }

  @Override
  public void takeTurn(String of) {
    switch (kind) {
      case SQLITE -> {} // has one writer at a time, from the beginning of its unit on
      case POSTGRESQL ->
          client
              .sql("SELECT pg_advisory_xact_lock(hashtextextended(:of, 0))")
              .param("of", of)
              .query((_, _) -> true)
              .single();
    }
  }

  @Override
  public void afterwards(Runnable then) {
    if (isInUnit()) {
      TransactionSynchronizationManager.registerSynchronization(new Afterwards(then));
    } else {
      then.run();
    }
  }

  private static boolean isInUnit() {
    return TransactionSynchronizationManager.isActualTransactionActive();
  }

  /// Something to run on the thread that waits for a unit: a thread of the database would keep its
  /// connection meanwhile.
  private record Afterwards(Runnable then) implements TransactionSynchronization {}

  /// What a unit has come to.
  private static final class Kept<T extends @Nullable Object> {

    private final T result;
    private final List<Runnable> afterwards =
        TransactionSynchronizationManager.getSynchronizations().stream()
            .filter(Afterwards.class::isInstance)
            .map(registered -> ((Afterwards) registered).then())
            .toList();

    Kept(T result) {
      this.result = result;
    }
  }

  /// A statement is waited for to its end: what became of it must be known.
  private <T extends @Nullable Object> T answer(Supplier<T> work) {
    if (!acquire()) {
      throw JdbcFaults.unavailable();
    }
    try {
      T result =
          CompletableFuture.supplyAsync(
                  () -> {
                    try {
                      return work.get();
                    } finally {
                      free.release();
                    }
                  },
                  threads)
              .join();
      note(true);
      return result;
    } catch (RejectedExecutionException _) {
      free.release();
      throw new ProblemException(ProblemCode.SERVICE_STOPPING, "the service is stopping")
          .withRetryAfter(Duration.ofSeconds(30));
    } catch (CompletionException e) {
      throw told(e.getCause());
    }
  }

  private boolean acquire() {
    boolean interrupted = false;
    // If there is no answer now, waiting for others to get none does not help.
    long deadline = System.nanoTime() + (reachable ? patience.toNanos() : 0);
    try {
      while (true) {
        try {
          return free.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private RuntimeException told(@Nullable Throwable told) {
    // SQLite has rolled back by itself if its disk is full: what went wrong first is told.
    Throwable fault =
        told instanceof TransactionSystemException failed
                && failed.getApplicationException() != null
            ? failed.getApplicationException()
            : told;
    if (fault == null) {
      return new IllegalStateException("a fault without a cause");
    }
    ProblemException problem = JdbcFaults.problem(fault);
    StorageFaults.Kind kind = JdbcFaults.kind(fault);
    if (kind != null) {
      faults.note(
          kind,
          String.valueOf(NestedExceptionUtils.getMostSpecificCause(fault).getMessage())
              .strip()
              .replaceAll("\\s+", " "));
    }
    // What is read-only answers.
    note(
        problem == null
            || problem.code() != ProblemCode.STORAGE_UNAVAILABLE
            || (kind != null && kind != StorageFaults.Kind.UNAVAILABLE));
    if (problem != null) {
      log.debug("{}", problem.getMessage(), fault);
      return problem;
    }
    return switch (fault) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(fault);
    };
  }

  private void note(boolean answered) {
    if (answered) {
      lastAnswer = System.nanoTime();
    }
    if (answered != reachable) {
      reachable = answered;
      if (answered) {
        log.info("The database answers again");
      } else {
        log.warn(
            "The database cannot be reached or is too busy; live models answer, what needs the database is told to come again");
      }
    }
  }

  /// Asks for nothing, to learn whether there is an answer.
  void probe() {
    read(jdbc -> jdbc.sql("SELECT 1").query(Integer.class).single());
  }

  /// Whether the last statement was answered, and not too long ago.
  boolean isReachable(Duration within) {
    return reachable && System.nanoTime() - lastAnswer < within.toNanos();
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
