package dev.backprop.job;

import dev.backprop.http.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps trainings from their acceptance until they are forgotten, and hands the queued ones to
/// workers: first come, first served.
interface TrainingJobs {

  /// Queues a training.
  ///
  /// @throws dev.backprop.http.ProblemException 429 where the queue is full; nothing is kept then
  void add(TrainingJob job);

  Optional<TrainingJob> find(String id);

  /// @param model null for all
  /// @param state null for all
  /// @param before the id that the page before ended with; null for the first page
  /// @param limit at least 1
  /// @return newest first
  Page<TrainingJob> list(
      @Nullable String model, @Nullable JobState state, @Nullable String before, int limit);

  /// Those that have not ended, oldest first.
  List<TrainingJob> active();

  /// Waits for the training at the head of the queue to be admitted and takes it from there. A head
  /// that is not admitted keeps its place, and nothing passes it.
  ///
  /// @param admitted asked again after every [#roomMade]; what it takes for the one that it admits
  ///   is the caller's
  TrainingJob take(Predicate<TrainingJob> admitted) throws InterruptedException;

  /// Tells the workers that a head which was not admitted may fit now.
  void roomMade();

  /// Notes that a training has ended: it leaves the queue, and the oldest ended ones are forgotten.
  void ended(TrainingJob job);

  /// How many wait.
  int queued();
}
