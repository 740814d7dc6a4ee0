package dev.backprop.service.monitoring;

import dev.backprop.engine.drift.AnswerCells;
import dev.backprop.engine.drift.Comparison;
import dev.backprop.engine.drift.Counts;
import dev.backprop.engine.drift.Drift;
import dev.backprop.engine.drift.Window;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Pulse;
import dev.backprop.service.model.Model;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.model.Models;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Whether models are asked the rows that they were trained for. What they are asked is counted
/// where they live; once a minute it is written, so that all processes see what all have counted.
public final class Drifts implements AutoCloseable {

  private static final Duration TELL = Duration.ofMinutes(1);

  /// What has not changed is written again before it is [#SILENCE] old.
  private static final Duration AGAIN = Duration.ofMinutes(10);

  /// What a process has not written for so long does not count any more: it has probably ended.
  private static final Duration SILENCE = Duration.ofMinutes(30);

  private final DriftStore store;
  private final Models models;
  private final DriftMeters meters;
  private final InstantSource clock;
  private final @Nullable Pulse pulse;
  private final Map<Key, Watched> watched = new ConcurrentHashMap<>();

  private record Key(String model, int version) {}

  /// A version that was asked.
  private static final class Watched {

    final WeakReference<Window> window;
    final Comparison comparison;
    @Nullable Instant writtenAt;
    long[] written = new long[0];

    Watched(Window window) {
      this.window = new WeakReference<>(window);
      this.comparison = new Comparison(window.reference());
    }
  }

  /// @param enabled whether rows are counted
  Drifts(
      DriftStore store, Models models, DriftMeters meters, InstantSource clock, boolean enabled) {
    this.store = store;
    this.models = models;
    this.meters = meters;
    this.clock = clock;
    this.pulse = enabled ? new Pulse(1) : null;
    models.whenGone(meters::forget);
    if (pulse != null) {
      pulse.every(TELL, this::tell);
    }
  }

  /// Counts a row and its answer.
  public void count(ModelVersion version, double[] cells, Prediction prediction) {
    Window window = version.window();
    if (window != null && pulse != null && window.count(cells, AnswerCells.of(prediction))) {
      watch(new Key(version.name(), version.version()), window);
    }
  }

  /// Whether rows of a version are counted.
  public boolean counts(ModelVersion version) {
    return pulse != null && version.window() != null;
  }

  private Watched watch(Key key, Window window) {
    return Objects.requireNonNull(
        watched.compute(
            key,
            (_, known) ->
                known != null && known.window.refersTo(window) ? known : new Watched(window)));
  }

  /// Compares what all processes have counted with what the version was trained on.
  ///
  /// @param histograms whether the shares that are compared are told, too
  /// @throws ProblemException 422 if it has nothing to be compared with, 409 if nothing is counted
  DriftView of(ModelVersion version, boolean histograms) {
    if (pulse == null) {
      throw new ProblemException(
          ProblemCode.CONFLICT, "no rows are counted: backprop.drift.enabled is false");
    }
    Window window = version.window();
    if (window == null) {
      if (version.insights().reference() == null) {
        throw new ProblemException(
            ProblemCode.INVALID_DATA, "this model takes bare numbers, it has no columns");
      }
      throw new IllegalStateException(version + " has a reference, but no window");
    }
    Key key = new Key(version.name(), version.version());
    Drift drift = watch(key, window).comparison.of(counts(key, window));
    return DriftView.of(version, drift, histograms);
  }

  private Counts counts(Key key, Window window) {
    Counts counts = window.counts();
    Instant since = clock.instant().minus(SILENCE);
    for (Counts other : store.others(key.model, key.version, since)) {
      if (other.bins().length == counts.bins().length) { // else it was damaged
        counts = counts.plus(other);
      }
    }
    return counts;
  }

  /// Writes what was counted here since, and measures it for the meters.
  public void tell() {
    Instant now = clock.instant();
    store.forget(now.minus(SILENCE), now.plus(SILENCE));
    watched.forEach(
        (key, each) -> {
          Window window = each.window.get();
          if (window == null) { // the version has been put away or deleted
            watched.remove(key, each);
          } else {
            tell(key, window, each, now);
          }
        });
  }

  private void tell(Key key, Window window, Watched each, Instant now) {
    Counts counts = window.counts();
    if (counts.rows() > 0
        && (!Arrays.equals(each.written, counts.bins())
            || each.writtenAt == null
            || !now.isBefore(each.writtenAt.plus(AGAIN)))) {
      store.write(new DriftStore.Written(key.model, key.version, counts, now));
      each.written = counts.bins();
      each.writtenAt = now;
    }
    Integer current = models.find(key.model).map(Model::currentVersion).orElse(null);
    if (current != null && current == key.version) {
      meters.show(key.model, each.comparison.of(counts(key, window)));
    }
  }

  @Override
  public void close() {
    if (pulse != null) {
      pulse.close();
    }
  }
}
