package dev.backprop.engine.plan;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says which tasks of a training may begin. A task is a fit of one candidate to one fold, and
/// those of a candidate follow each other. Once a candidate has begun, all its tasks run to their
/// ends.
///
/// If there is a limit of time, a further candidate begins only if it is expected to end within it.
/// What ended before tells how many seconds an estimated one takes. The first candidate is always
/// trained.
final class Admission {

  /// @param seconds null for no limit
  /// @param threads tasks that run at the same time
  record Limits(@Nullable Double seconds, int threads) {}

  private final double[] costs;
  private final int folds;
  private final Limits limits;
  private final InstantSource clock;
  private final Instant start;
  private final double secondsBefore;

  private int begun;
  private boolean last;
  private boolean stopped;

  /// When those began that have not ended.
  private final Map<Integer, Instant> underWay = new HashMap<>();

  /// How many tasks have ended or will not.
  private int settled;

  private double measured;
  private double estimated;

  /// @param costs estimated seconds of a task, by candidate
  /// @param folds tasks of a candidate
  /// @param from what is known already
  Admission(double[] costs, int folds, Limits limits, Begun from, InstantSource clock) {
    this.costs = costs.clone();
    this.folds = folds;
    this.limits = limits;
    this.clock = clock;
    this.start = clock.instant();
    this.secondsBefore = from.seconds();
    this.begun = from.candidates();
    this.last = from.last() || begun == costs.length;
  }

  /// All tasks of all candidates.
  static Admission of(List<Candidate> candidates, int folds, InstantSource clock) {
    double[] costs = candidates.stream().mapToDouble(Candidate::cost).toArray();
    return new Admission(
        costs, folds, new Limits(null, 1), new Begun(costs.length, true, 0), clock);
  }

  /// Whether a task may begin. May wait until another one has ended.
  ///
  /// @param task from 0; tasks are asked for in their order
  synchronized boolean mayBegin(int task) {
    int candidate = task / folds;
    boolean interrupted = false;
    while (!stopped && !last && candidate >= begun) {
      Boolean fits = endsInTime(begun);
      if (fits == null) {
        try {
          wait();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      } else {
        begin(fits);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (stopped || candidate >= begun) {
      return false;
    }
    underWay.put(task, clock.instant());
    return true;
  }

  private void begin(boolean next) {
    begun += next ? 1 : 0;
    last = !next || begun == costs.length;
  }

  /// @return null if that is not known before another task has ended
  private @Nullable Boolean endsInTime(int candidate) {
    if (limits.seconds() == null) {
      return true;
    }
    if (estimated == 0) {
      // If all have failed so far, the next one is what is to be served.
      return settled == begun * folds ? true : null;
    }
    double pace = measured / estimated;
    Instant now = clock.instant();
    double left = folds * pace * costs[candidate];
    for (Map.Entry<Integer, Instant> task : underWay.entrySet()) {
      double ran = seconds(Duration.between(task.getValue(), now));
      left += Math.max(0, pace * costs[task.getKey() / folds] - ran);
    }
    double alone = Math.ceilDiv(folds, limits.threads()) * pace * costs[candidate];
    return elapsed(now) + Math.max(left / limits.threads(), alone) <= limits.seconds();
  }

  /// A task ends without a network, or is not fitted though it might be.
  synchronized void left(int task) {
    underWay.remove(task);
    settled++;
    notifyAll();
  }

  /// @param seconds that it took
  synchronized void ended(int task, double seconds) {
    underWay.remove(task);
    settled++;
    measured += seconds;
    estimated += costs[task / folds];
    notifyAll();
  }

  /// No further task begins, because one has failed or the training ends.
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /// What a checkpoint has to know.
  synchronized Begun known() {
    return new Begun(begun, last, elapsed(clock.instant()));
  }

  private double elapsed(Instant now) {
    return secondsBefore + seconds(Duration.between(start, now));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
