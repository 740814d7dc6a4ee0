package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.webhook.Callback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One training from its acceptance to its end. Its worker, its readers and whoever cancels it
/// share this object. Nobody holds its lock for longer than it takes to copy references, so a slow
/// reader never holds up the worker.
///
/// A training that runs elsewhere is updated by [#show] from the store.
final class TrainingJob {

  /// The most epochs that one call of [#await] returns. It bounds what a stream holds at a time.
  static final int EPOCHS_AT_A_TIME = 100;

  private final Acceptance acceptance;

  private JobState state = JobState.QUEUED;
  private @Nullable Instant startedAt;
  private @Nullable Instant finishedAt;
  private final List<EpochReport> history = new ArrayList<>();
  private double epochSeconds;
  private final EpochPace pace;
  private final FoldProgress folds;
  private @Nullable JobEnd end;
  private @Nullable Callback callback;
  private boolean left;
  private long revision;
  private volatile @Nullable CancelReason cancelReason;
  private volatile boolean finishes;

  TrainingJob(Acceptance acceptance) {
    this.acceptance = acceptance;
    this.pace = new EpochPace(acceptance);
    this.folds = new FoldProgress(acceptance);
    this.callback = Callback.of(acceptance.callback());
  }

  Acceptance acceptance() {
    return acceptance;
  }

  String id() {
    return acceptance.id();
  }

  synchronized JobState state() {
    return state;
  }

  /// Why the training has been asked to stop; null if nobody has asked. It is read before every
  /// batch, so it takes no lock.
  @Nullable CancelReason cancelReason() {
    return cancelReason;
  }

  /// Begins to run here, from its first epoch on. Epochs that it has run elsewhere are forgotten.
  ///
  /// @param first when it began for the first time
  synchronized void begin(Instant first) {
    state = JobState.RUNNING;
    startedAt = first;
    cancelReason = null;
    finishes = false;
    history.clear();
    epochSeconds = 0;
    pace.show(history);
    folds.reset();
    notifyAll();
  }

  /// Goes on from a checkpoint that it made elsewhere or before. It has begun to run here already.
  ///
  /// @param known how far the store says that it was: at least as far as the checkpoint
  synchronized void resume(Checkpoint from, TrainingProgress known) {
    history.addAll(from.history());
    epochSeconds = history.stream().mapToDouble(EpochReport::seconds).sum();
    pace.show(history);
    if (known.folds() != null) {
      folds.show(known.folds());
    }
    folds.resume(from.folds());
    notifyAll();
  }

  /// Takes over what the store says of the training. It does nothing if that is older than what is
  /// known.
  ///
  /// @param from how many epochs are kept, which come before the given ones
  /// @param epochs all later epochs, oldest first
  synchronized void show(StoredTraining shown, int from, List<EpochReport> epochs) {
    if (shown.revision() <= revision || from > history.size()) {
      return;
    }
    revision = shown.revision();
    state = shown.state();
    startedAt = shown.startedAt();
    finishedAt = shown.finishedAt();
    history.subList(from, history.size()).clear();
    history.addAll(epochs);
    epochSeconds = history.stream().mapToDouble(EpochReport::seconds).sum();
    pace.show(history);
    FoldProgress.State known = shown.progress().folds();
    if (known == null) {
      folds.reset();
    } else {
      folds.show(known);
    }
    end = shown.end();
    callback = shown.callback();
    notifyAll();
  }

  /// The revision of what was shown last; 0 if nothing was shown.
  synchronized long revision() {
    return revision;
  }

  synchronized void onEpoch(EpochReport report) {
    history.add(report);
    pace.onEpoch(report);
    epochSeconds += report.seconds();
    notifyAll();
  }

  /// @param fold from 1
  synchronized void onFoldEpoch(int fold, EpochReport report) {
    folds.onEpoch(fold, report);
    notifyAll();
  }

  synchronized void onFold(CrossValidationResult.Fold fold) {
    folds.onEnd(fold);
    notifyAll();
  }

  /// @param fold from 1
  synchronized void onFoldLeft(int fold) {
    folds.onLeft(fold);
  }

  /// Asks to stop before its next batch.
  synchronized void cancel(CancelReason reason) {
    if (cancelReason == null && !state.ended()) {
      cancelReason = reason;
    }
  }

  /// Asks to begin nothing further.
  void finish() {
    finishes = true;
  }

  /// Whether somebody has asked to begin nothing further. It takes no lock.
  boolean finishes() {
    return finishes;
  }

  /// Ends the training, and wakes whoever waits for it.
  synchronized void end(JobEnd how, Instant now) {
    end = how;
    state = how.state();
    finishedAt = now;
    notifyAll();
  }

  /// Everything about it at one moment.
  synchronized Snapshot snapshot(boolean withHistory) {
    return new Snapshot(
        acceptance,
        state,
        startedAt,
        finishedAt,
        history.size(),
        epochSeconds,
        pace.state(),
        folds.snapshot(),
        shown(end),
        withHistory ? List.copyOf(history) : null,
        end,
        callback);
  }

  private @Nullable EpochReport shown(@Nullable JobEnd how) {
    int epoch = JobEnd.shownEpoch(how, history.size());
    return epoch == 0 ? null : history.get(epoch - 1);
  }

  /// Every epoch so far, oldest first.
  synchronized List<EpochReport> history() {
    return List.copyOf(history);
  }

  /// All epochs but the first ones, which the caller has seen; oldest first.
  synchronized List<EpochReport> epochsAfter(int seen) {
    return List.copyOf(history.subList(Math.min(seen, history.size()), history.size()));
  }

  /// How far it is, to be written down.
  TrainingProgress progress() {
    return progress(null);
  }

  /// How far it is, to be written down.
  ///
  /// @param how the training is about to end; null if it goes on
  synchronized TrainingProgress progress(@Nullable JobEnd how) {
    return new TrainingProgress(
        history.size(), epochSeconds, shown(how), acceptance.folds() == 0 ? null : folds.state());
  }

  /// How it ends, to be written down.
  synchronized TrainingClaim.End ending(JobEnd how, Instant at) {
    return new TrainingClaim.End(how, List.copyOf(history), progress(how), at);
  }

  /// How many epochs it remembers.
  synchronized int epochs() {
    return history.size();
  }

  /// Waits for news: more epochs, of folds too, more ended folds, the end, or a reason of the
  /// caller to give up.
  ///
  /// @param seen what the caller knows
  /// @param givenUp asked after every [#wake]
  synchronized News await(Seen seen, Duration patience, BooleanSupplier givenUp)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (history.size() <= seen.epoch
        && folds.ended().size() <= seen.folds
        && folds.told() <= seen.foldEpochs
        && !state.ended()
        && !left
        && !givenUp.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      wait(left / 1_000_000 + 1);
    }
    List<CrossValidationResult.Fold> ended = folds.ended();
    int from = Math.min(seen.epoch, history.size());
    int upTo = Math.min(from + EPOCHS_AT_A_TIME, history.size());
    return new News(
        state.ended() ? List.of() : folds.since(seen.foldEpochs),
        List.copyOf(ended.subList(Math.min(seen.folds, ended.size()), ended.size())),
        List.copyOf(history.subList(from, upTo)),
        folds.told(),
        state.ended() && upTo == history.size());
  }

  /// Waits until the training has ended, patience has run out, or [#leave] was called.
  synchronized void awaitEnd(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!state.ended() && !left) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return;
      }
      wait(left / 1_000_000 + 1);
    }
  }

  /// Ends the waiting of everybody, because this process is about to stop.
  synchronized void leave() {
    left = true;
    notifyAll();
  }

  synchronized boolean isLeft() {
    return left;
  }

  /// Makes everybody who waits ask again whether to give up.
  synchronized void wake() {
    notifyAll();
  }

  /// What somebody who watches knows.
  ///
  /// @param epoch the last, 0 for none
  /// @param folds how many that have ended
  /// @param foldEpochs how many epochs of folds were told
  record Seen(int epoch, int folds, int foldEpochs) {}

  /// @param foldEpochs the latest of each fold that has run one since
  /// @param folds that have ended since
  /// @param epochs the next ones, in order; empty when patience ran out or the caller gave up
  /// @param told how many epochs of folds there were until now
  /// @param ended whether the training has ended and no epoch comes after these
  record News(
      List<FoldProgress.FoldEpoch> foldEpochs,
      List<CrossValidationResult.Fold> folds,
      List<EpochReport> epochs,
      int told,
      boolean ended) {}

  /// @param epochSeconds what the epochs so far took together
  /// @param shown the epoch whose figures are the training's, as [JobEnd#shownEpoch] chooses it;
  ///   null before the first epoch has ended
  /// @param history every epoch so far, oldest first; null if it was not asked for
  /// @param end null until the training has ended
  /// @param callback null if there is none
  record Snapshot(
      Acceptance acceptance,
      JobState state,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      int epochs,
      double epochSeconds,
      EpochPace.State pace,
      FoldProgress.Snapshot folds,
      @Nullable EpochReport shown,
      @Nullable List<EpochReport> history,
      @Nullable JobEnd end,
      @Nullable Callback callback) {

    Snapshot with(List<EpochReport> other) {
      return new Snapshot(
          acceptance,
          state,
          startedAt,
          finishedAt,
          epochs,
          epochSeconds,
          pace,
          folds,
          shown,
          other,
          end,
          callback);
    }
  }

  enum CancelReason {
    /// Somebody asked for it.
    REQUEST,
    /// The service stops.
    SERVICE_STOPPING,
    /// Another process runs it.
    CLAIM_LOST
  }

  enum FinishAnswer {
    REQUESTED,
    /// It has not begun.
    IS_QUEUED,
    /// It has nothing to serve before its last fit.
    IS_CROSS_VALIDATED,
    /// It has ended, or is about to.
    TOO_LATE,
    /// There is no such training.
    UNKNOWN;

    /// @param state it is there, and this is how far
    static FinishAnswer of(JobState state, Acceptance acceptance) {
      return state.ended()
          ? TOO_LATE
          : acceptance.spec().training().crossValidation() != null
              ? IS_CROSS_VALIDATED
              : state == JobState.QUEUED ? IS_QUEUED : REQUESTED;
    }
  }

  enum CancelAnswer {
    WAS_QUEUED,
    REQUESTED,
    TOO_LATE,
    /// There is no such training.
    UNKNOWN
  }
}
