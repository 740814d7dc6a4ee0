package dev.backprop.service.job;

import dev.backprop.platform.http.Page;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.job.TrainingJob.CancelAnswer;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Trainings, from their acceptance until they are forgotten.
interface Trainings {

  /// Begins to accept one.
  ///
  /// @throws ProblemException 503 where the service stops
  Submission submission();

  /// Looks at a training, until the watch is closed.
  ///
  /// @return empty where there is none of that id
  Optional<Watch> watch(String id);

  /// @param model null for all
  /// @param state null for all
  /// @param before the id that the page before ended with; null for the first page
  /// @param limit at least 1
  /// @return newest first, without their histories
  Page<TrainingJob.Snapshot> list(
      @Nullable String model, @Nullable JobState state, @Nullable String before, int limit);

  /// Cancels a training: a queued one at once, a running one before its next batch.
  CancelAnswer cancel(String id);

  /// How many wait, in all processes that share them; with a database, as of some seconds ago.
  int queued();

  /// How many run in this process.
  int running();

  /// Begins to run them.
  void start();

  /// Accepts and begins no more, and ends or hands over what runs.
  ///
  /// @param patience how long to wait for what runs to notice
  void stop(Duration patience) throws InterruptedException;

  /// A training on its way to be accepted. Closing it gives back what it holds, unless it was
  /// accepted.
  interface Submission extends AutoCloseable {

    /// Take what the data of the training hold.
    Leases leases();

    /// The body of the request, of which as much is remembered as it takes to run the training.
    InputStream remembered(InputStream body);

    /// Accepts the training: from here on it will run, and end in a version or with a reason.
    ///
    /// @param together told of the training that is being accepted, with a database in the
    ///   transaction that accepts it, on whatever thread: there, what it throws leaves the training
    ///   out
    /// @throws ProblemException 507 where there is no room for its model, 429 where the queue is
    ///   full, 503 where the service stops
    Watch accept(TrainingIntake.Planned planned, Consumer<TrainingJob.Snapshot> together);

    @Override
    void close();
  }

  /// A training as somebody looks at it.
  interface Watch extends AutoCloseable {

    /// Kept up to date until the watch is closed.
    TrainingJob job();

    @Override
    void close();
  }
}
