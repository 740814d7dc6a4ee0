package dev.backprop.service.job;

import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.webhook.Callback;
import dev.backprop.service.webhook.CallbackStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The callbacks of trainings that live as long as the process.
final class InMemoryTrainingCallbacks implements CallbackStore {

  /// The callback of a training. Guarded by all of them.
  static final class Call {

    private final String training;
    private Callback callback;
    private Instant due = Instant.EPOCH;
    private long changes;

    private Call(String training, Callback callback) {
      this.training = training;
      this.callback = callback;
    }

    /// @return null if the training has none
    static @Nullable Call of(Acceptance acceptance) {
      Callback callback = Callback.of(acceptance.callback());
      return callback == null ? null : new Call(acceptance.id(), callback);
    }
  }

  /// What is known of a callback.
  ///
  /// @param callback null if the training has none
  /// @param changes how often it has changed
  record Known(@Nullable Callback callback, long changes) {}

  /// Those that are still to be delivered of trainings that have ended, by these. Guarded by this.
  private final Map<String, Call> pending = new HashMap<>();

  /// A training has ended.
  ///
  /// @param call null if it has none
  synchronized void add(@Nullable Call call) {
    if (call != null) {
      pending.put(call.training, call);
    }
  }

  /// Nobody is told of a training any more.
  synchronized void remove(String training) {
    pending.remove(training);
  }

  /// @param call null if the training has none
  synchronized Known known(@Nullable Call call) {
    return call == null ? new Known(null, 0) : new Known(call.callback, call.changes);
  }

  /// Whether a training has ended and is still to be told of.
  synchronized boolean isPending(String training) {
    return pending.containsKey(training);
  }

  @Override
  public boolean isLasting() {
    return false;
  }

  @Override
  public synchronized List<Due> due(Instant now, Instant horizon, int most) {
    return pending.values().stream()
        .filter(call -> !call.due.isAfter(now) || call.due.isAfter(horizon))
        .sorted(Comparator.comparing((Call call) -> call.due).thenComparing(call -> call.training))
        .limit(most)
        .map(call -> new Due(call.training, call.callback.url(), call.callback.attempts()))
        .toList();
  }

  @Override
  public synchronized boolean claim(Due due, Instant until) {
    Call call = pending.get(due.training());
    if (call == null || call.callback.attempts() != due.attempts()) {
      return false;
    }
    call.callback = call.callback.begun();
    call.due = until;
    call.changes++;
    return true;
  }

  @Override
  public synchronized boolean note(
      String training, int attempt, Callback.Tried tried, @Nullable Instant next) {
    Call call = pending.get(training);
    if (call == null
        || (call.callback.attempts() != attempt && tried.state() != Callback.State.DELIVERED)) {
      return false;
    }
    call.callback = call.callback.after(tried);
    call.changes++;
    if (tried.state() == Callback.State.PENDING) {
      call.due = Objects.requireNonNull(next);
    } else {
      pending.remove(training);
    }
    return true;
  }
}
