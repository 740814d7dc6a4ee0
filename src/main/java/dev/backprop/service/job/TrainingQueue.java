package dev.backprop.service.job;

import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps trainings in memory, and hands the queued ones to workers: first come, first served. Ids
/// sort by age, so their order is the order of everything here.
final class TrainingQueue {

  /// What the histories of ended trainings may come to together; some 100 bytes an epoch.
  static final int MAX_FINISHED_EPOCHS = 500_000;

  /// What ended trainings may take together beside their histories: what was asked of them, what
  /// they answer, warnings.
  static final long MAX_FINISHED_BYTES = 1 << 24;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final int queueCapacity;
  private final int keepFinished;

  private final NavigableMap<String, TrainingJob> jobs = new TreeMap<>();
  private final ArrayDeque<TrainingJob> queue = new ArrayDeque<>();
  private final ArrayDeque<TrainingJob> finished = new ArrayDeque<>();
  private long finishedEpochs;
  private long finishedBytes;

  TrainingQueue(int queueCapacity, int keepFinished) {
    this.queueCapacity = queueCapacity;
    this.keepFinished = keepFinished;
  }

  /// Queues a training.
  ///
  /// @throws ProblemException 429 where the queue is full; nothing is kept then
  synchronized void add(TrainingJob job) {
    if (queue.size() >= queueCapacity) {
      throw full(queueCapacity);
    }
    jobs.put(job.id(), job);
    queue.add(job);
    notifyAll();
  }

  static ProblemException full(int capacity) {
    return new ProblemException(
            ProblemCode.QUEUE_FULL,
            "the queue holds at most %d trainings and is full".formatted(capacity))
        .withRetryAfter(RETRY_AFTER);
  }

  synchronized Optional<TrainingJob> find(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  /// As [Trainings#list] has it.
  synchronized Page<TrainingJob> list(
      @Nullable String model, @Nullable JobState state, @Nullable String before, int limit) {
    Stream<TrainingJob> newestFirst =
        (before == null ? jobs : jobs.headMap(before, false)).descendingMap().values().stream();
    List<TrainingJob> upToOneMore =
        newestFirst.filter(job -> matches(job, model, state)).limit(limit + 1L).toList();
    return Page.of(upToOneMore, limit, TrainingJob::id, job -> job.acceptance().shownBytes());
  }

  private static boolean matches(
      TrainingJob job, @Nullable String model, @Nullable JobState state) {
    return (model == null || model.equals(job.acceptance().model()))
        && (state == null || state == job.state());
  }

  /// Those that have not ended, oldest first.
  synchronized List<TrainingJob> active() {
    return jobs.values().stream().filter(job -> !job.state().ended()).toList();
  }

  /// Waits for the training at the head of the queue to be admitted and takes it from there. A head
  /// that is not admitted keeps its place, and nothing passes it.
  ///
  /// @param admitted asked again after every [#roomMade]; what it takes for the one that it admits
  ///   is the caller's
  synchronized TrainingJob take(Predicate<TrainingJob> admitted) throws InterruptedException {
    while (queue.isEmpty() || !admitted.test(queue.getFirst())) {
      wait();
    }
    return queue.removeFirst();
  }

  /// Tells the workers that a head which was not admitted may fit now.
  synchronized void roomMade() {
    notifyAll();
  }

  /// Notes that a training has ended: it leaves the queue, and the oldest ended ones are forgotten.
  synchronized void ended(TrainingJob job) {
    queue.remove(job);
    finished.add(job);
    finishedEpochs += job.epochs();
    finishedBytes += job.acceptance().shownBytes();
    while (finished.size() > keepFinished
        || (finished.size() > 1
            && (finishedEpochs > MAX_FINISHED_EPOCHS || finishedBytes > MAX_FINISHED_BYTES))) {
      TrainingJob oldest = finished.removeFirst();
      finishedEpochs -= oldest.epochs();
      finishedBytes -= oldest.acceptance().shownBytes();
      jobs.remove(oldest.id());
    }
    notifyAll();
  }

  /// How many wait.
  synchronized int queued() {
    return queue.size();
  }
}
