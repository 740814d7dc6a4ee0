package dev.backprop.service.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.Pulse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which trainings wait for a worker, and which process runs which. This is db-scheduler's table,
/// and all processes that share the database poll it.
///
/// The name of a training's task has the number of its format ([JdbcTrainingStore#FORMAT]). A
/// process of a former version does not know that name, and leaves the training alone.
///
/// A process that runs a training sends heartbeats; if these are missed, another process takes the
/// training over. The first one may still live, so the schedule gives no right to write: only a
/// claim of [JdbcTrainingStore] does.
final class JdbcTrainingSchedule {

  /// How soon processes notice waiting trainings and dead processes.
  ///
  /// @param poll how often each process looks for trainings that wait
  /// @param heartbeat how often a process says that it still runs a training; after four missed
  ///   heartbeats it counts as dead
  record Pace(Duration poll, Duration heartbeat) {

    static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(5));
  }

  private static final Logger log = LoggerFactory.getLogger(JdbcTrainingSchedule.class);

  private static final int MISSED_HEARTBEATS = 4;
  private static final Duration AFTER_A_FAULT = Duration.ofSeconds(5);

  /// How often the database is asked whether a clock was set back.
  private static final Duration FOLLOW_CLOCK = Duration.ofSeconds(1);

  private static final Duration FOREVER = Duration.ofDays(36_500);

  /// Nobody plans further ahead than this, even with a clock that differs by some seconds.
  private static final Duration AHEAD = Duration.ofMinutes(1);

  /// How long to wait for workers that do not notice that the service stops.
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final JdbcDatabase database;
  private final InstantSource clock;
  private final ScheduleTime time;
  private final Pulse pulse = new Pulse(1);
  private volatile TrainingStore.@Nullable Worker worker; // null until it starts
  private final JdbcPatientSource connections;
  private final List<CustomTask<Void>> tasks; // those of format 1 come first
  private final Scheduler scheduler;

  /// @param workers trainings at once
  JdbcTrainingSchedule(
      JdbcDatabase database, DataSource source, InstantSource clock, int workers, Pace pace) {
    this.database = database;
    this.clock = clock;
    this.time = new ScheduleTime(clock);
    this.connections = new JdbcPatientSource(source);
    this.tasks = IntStream.rangeClosed(1, JdbcTrainingStore.FORMAT).mapToObj(this::task).toList();
    this.scheduler =
        Scheduler.create(connections, List.<Task<?>>copyOf(tasks))
            // A task that this version does not know belongs to another version.
            .deleteUnresolvedAfter(FOREVER)
            .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
            .jdbcCustomization(JdbcScheduleDialect.of(database.kind(), time))
            .serializer(new NoData())
            .clock(time::now)
            .threads(workers)
            .executorService(Executors.newFixedThreadPool(workers, threads("training")))
            .dueExecutor(Executors.newSingleThreadExecutor(threads("schedule")))
            .housekeeperExecutor(Executors.newScheduledThreadPool(2, threads("heartbeat")))
            // No training is taken before a worker is free, and a worker that becomes free looks at
            // once.
            .pollUsingLockAndFetch(0.99, 1.0)
            .pollingInterval(pace.poll())
            .heartbeatInterval(pace.heartbeat())
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .shutdownMaxWait(PATIENCE)
            .addSchedulerListener(new Faults())
            .build();
  }

  /// @param format the format of the task's trainings
  private CustomTask<Void> task(int format) {
    return Tasks.custom(format == 1 ? "training" : "training-" + format, Void.class)
        .onDeadExecution(this::revive)
        .onFailure(
            (complete, operations) ->
                operations.reschedule(complete, time.now().plus(AFTER_A_FAULT)))
        .execute((instance, _) -> look(instance));
  }

  private static ThreadFactory threads(String name) {
    return Thread.ofPlatform().name("backprop-" + name + "-", 1).daemon().factory();
  }

  /// Logs each of the scheduler's faults in one line. The usual fault is a database that goes away
  /// in the middle of a statement. The scheduler itself would log stack traces; its log level
  /// silences it.
  private static final class Faults extends AbstractSchedulerListener {

    @Override
    public void onSchedulerEvent(SchedulerEventType event) {
      switch (event) {
        case UNEXPECTED_ERROR, COMPLETIONHANDLER_ERROR, FAILUREHANDLER_ERROR ->
            log.warn("The schedule met a fault ({}) and tries again", event);
        case FAILED_HEARTBEAT,
            FAILED_MULTIPLE_HEARTBEATS,
            DEAD_EXECUTION,
            RAN_UPDATE_HEARTBEATS,
            RAN_DETECT_DEAD,
            RAN_EXECUTE_DUE,
            UNRESOLVED_TASK -> {}
      }
    }
  }

  /// The schedule has no data of a training: its row has them.
  private static final class NoData implements Serializer {

    @Override
    public byte @Nullable [] serialize(@Nullable Object data) {
      return null;
    }

    @Override
    public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] data) {
      return null;
    }
  }

  /// Schedules a training, in the transaction of the calling thread.
  ///
  /// @param format of the training
  /// @param at the training with the earliest time comes first
  void add(String id, int format, Instant at) {
    TaskInstance<Void> instance = tasks.get(format - 1).instance(id);
    if (!scheduler.scheduleIfNotExists(instance, time.toSteady(at))) {
      throw new IllegalStateException("training " + id + " has been scheduled before");
    }
  }

  /// Corrects times that a clock wrote before it was set back; they are further ahead than anybody
  /// plans. A waiting training gets its turn now. A process that runs one counts as dead if no
  /// heartbeat comes from now on.
  void followClock() {
    Instant now = clock.instant();
    Object horizon = stamp(now.plus(AHEAD));
    int stamps =
        database.read(
            jdbc ->
                jdbc.sql(
                        """
                        SELECT count(*) FROM scheduled_tasks
                        WHERE (picked = :no AND execution_time > :horizon)
                          OR (picked = :yes AND last_heartbeat > :horizon)""")
                    .param("no", false)
                    .param("yes", true)
                    .param("horizon", horizon)
                    .query(Integer.class)
                    .single());
    if (stamps > 0) {
      log.warn("A clock was set back: {} trainings go by the new time", stamps);
      database.change(jdbc -> bringBack(jdbc, now, horizon));
      check();
    }
  }

  private void bringBack(JdbcClient jdbc, Instant now, Object horizon) {
    List<String> waiting =
        jdbc.sql(
                """
                SELECT task_instance FROM scheduled_tasks
                WHERE picked = :no AND execution_time > :horizon ORDER BY execution_time""")
            .param("no", false)
            .param("horizon", horizon)
            .query((row, _) -> row.getString(1))
            .list();
    for (int i = 0; i < waiting.size(); i++) {
      jdbc.sql(
              """
              UPDATE scheduled_tasks SET execution_time = :at
              WHERE task_instance = :id AND picked = :no AND execution_time > :horizon""")
          .param("at", stamp(now.minusMillis(waiting.size() - i))) // they keep their order
          .param("id", waiting.get(i))
          .param("no", false)
          .param("horizon", horizon)
          .update();
    }
    jdbc.sql(
            """
            UPDATE scheduled_tasks SET last_heartbeat = :now
            WHERE picked = :yes AND last_heartbeat > :horizon""")
        .param("now", stamp(now))
        .param("yes", true)
        .param("horizon", horizon)
        .update();
  }

  private Object stamp(Instant instant) {
    return switch (database.kind()) {
      case POSTGRESQL -> instant.atOffset(ZoneOffset.UTC);
      case SQLITE -> instant.toEpochMilli();
    };
  }

  /// Looks for waiting trainings at once.
  void check() {
    scheduler.triggerCheckForDueExecutions();
  }

  /// Frees every training that another process seems to run. To be called only if there can be no
  /// other process.
  void endThoseOfOthers() {
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    UPDATE scheduled_tasks SET picked = :no, picked_by = NULL, last_heartbeat = NULL,
                      version = version + 1 WHERE picked = :yes""")
                .param("no", false)
                .param("yes", true)
                .update());
  }

  void start(TrainingStore.Worker given) {
    worker = given;
    scheduler.start();
    pulse.every(FOLLOW_CLOCK, this::followClock);
  }

  void stop() {
    pulse.close();
    connections.stop();
    scheduler.stop();
  }

  private CompletionHandler<Void> look(TaskInstance<Void> instance) {
    Turn turn;
    try {
      turn =
          Objects.requireNonNull(worker)
              .admit(instance.getId())
              .orElse(() -> new Turn.Later(TrainingRunner.FITS_WITHIN))
              .get();
    } catch (InterruptedException _) {
      turn = new Turn.Back(); // an interrupted worker still has to give its training back
    }
    Turn next = turn;
    return (complete, operations) -> complete(next, complete, operations);
  }

  private void complete(
      Turn turn, ExecutionComplete complete, ExecutionOperations<Void> operations) {
    switch (turn) {
      case Turn.Done _ -> operations.remove();
      case Turn.Back _ -> operations.reschedule(complete, complete.getExecution().executionTime);
      case Turn.Later(Duration pause) -> operations.reschedule(complete, time.now().plus(pause));
      case Turn.Left _ -> {}
    }
  }

  private void revive(ExecutionComplete complete, ExecutionOperations<Void> operations) {
    log.warn(
        "The process that looked after training {} is silent: another takes over",
        complete.getExecution().taskInstance.getId());
    operations.reschedule(complete, complete.getExecution().executionTime);
  }
}
