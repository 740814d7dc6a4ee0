package dev.backprop.job;

import dev.backprop.http.Page;
import dev.backprop.http.ProblemCode;
import dev.backprop.http.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps trainings in memory. Ids sort by age, so their order is the order of everything here.
final class InMemoryTrainingJobs implements TrainingJobs {

  /// What the histories of ended trainings may come to together; some 100 bytes an epoch.
  static final int MAX_FINISHED_EPOCHS = 500_000;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final int queueCapacity;
  private final int keepFinished;

  private final NavigableMap<String, TrainingJob> jobs = new TreeMap<>();
  private final ArrayDeque<TrainingJob> queue = new ArrayDeque<>();
  private final ArrayDeque<TrainingJob> finished = new ArrayDeque<>();
  private long finishedEpochs;

  InMemoryTrainingJobs(int queueCapacity, int keepFinished) {
    this.queueCapacity = queueCapacity;
    this.keepFinished = keepFinished;
  }

  @Override
  public synchronized void add(TrainingJob job) {
    if (queue.size() >= queueCapacity) {
      throw new ProblemException(
              ProblemCode.QUEUE_FULL,
              "the queue holds at most %d trainings and is full".formatted(queueCapacity))
          .withRetryAfter(RETRY_AFTER);
    }
    jobs.put(job.id(), job);
    queue.add(job);
    notifyAll();
  }

  @Override
  public synchronized Optional<TrainingJob> find(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  @Override
  public synchronized Page<TrainingJob> list(
      @Nullable String model, @Nullable JobState state, @Nullable String before, int limit) {
    Stream<TrainingJob> newestFirst =
        (before == null ? jobs : jobs.headMap(before, false)).descendingMap().values().stream();
    List<TrainingJob> upToOneMore =
        newestFirst.filter(job -> matches(job, model, state)).limit(limit + 1L).toList();
    return Page.of(upToOneMore, limit, TrainingJob::id);
  }

  private static boolean matches(
      TrainingJob job, @Nullable String model, @Nullable JobState state) {
    return (model == null || model.equals(job.acceptance().model()))
        && (state == null || state == job.state());
  }

  @Override
  public synchronized List<TrainingJob> active() {
    return jobs.values().stream().filter(job -> !job.state().ended()).toList();
  }

  @Override
  public synchronized TrainingJob take(Predicate<TrainingJob> admitted)
      throws InterruptedException {
    while (queue.isEmpty() || !admitted.test(queue.getFirst())) {
      wait();
    }
    return queue.removeFirst();
  }

  @Override
  public synchronized void roomMade() {
    notifyAll();
  }

  @Override
  public synchronized void ended(TrainingJob job) {
    queue.remove(job);
    finished.add(job);
    finishedEpochs += job.epochs();
    while (finished.size() > keepFinished
        || (finishedEpochs > MAX_FINISHED_EPOCHS && finished.size() > 1)) {
      TrainingJob oldest = finished.removeFirst();
      finishedEpochs -= oldest.epochs();
      jobs.remove(oldest.id());
    }
    notifyAll();
  }

  @Override
  public synchronized int queued() {
    return queue.size();
  }
}
