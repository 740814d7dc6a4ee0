package dev.backprop.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Signal;
import dev.backprop.engine.training.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// In every order in which folds may come.
class FoldCheckpointsTest {

  private static final Fingerprint FINGERPRINT = new Fingerprint("");

  /// Wishes for one checkpoint at a time.
  private static final class Kept implements Supervisor {

    private final List<Checkpoint> saved = new ArrayList<>();
    private Signal wish = Signal.GO_ON;

    @Override
    public void onEpoch(EpochReport report) {}

    @Override
    public Signal signal() {
      return wish;
    }

    @Override
    public void save(Checkpoint checkpoint) {
      saved.add(checkpoint);
      wish = Signal.GO_ON;
    }

    /// The steps at which the folds under way were, by fold, in the last one of so many.
    Map<Integer, Long> last(int count) {
      assertThat(saved).hasSize(count);
      return saved.getLast().fits().entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, fit -> fit.getValue().numbers()[0]));
    }
  }

  private final Kept kept = new Kept();

  private FoldCheckpoints folds(@Nullable Checkpoint from) {
    return new FoldCheckpoints(new Watch(kept, FINGERPRINT, from));
  }

  private static Snapshot at(long step) {
    return new Snapshot(List.of(), new long[] {step}, List.of(new float[] {step}));
  }

  private static void save(FoldCheckpoints folds, int fold, long step) {
    folds.keep(fold, Signal.SAVE, () -> at(step));
  }

  private static MeasuredFold measured(int fold) {
    return new MeasuredFold(
        fold, new CrossValidationResult.Fold(fold, 10, 3, 2, Map.of()), Map.of(), null);
  }

  @Test
  void aCheckpointHasAllFoldsThatAreUnderWay() {
    FoldCheckpoints folds = folds(null);
    kept.wish = Signal.SAVE;
    assertThat(folds.begin(1)).isNull();
    assertThat(folds.begin(2)).isNull();
    save(folds, 1, 5);
    save(folds, 1, 6);
    assertThat(kept.saved).isEmpty();
    save(folds, 2, 3);
    assertThat(kept.last(1)).isEqualTo(Map.of(1, 5L, 2, 3L));
  }

  /// A fold may have seen a wish, and wait for the others, who meet it meanwhile.
  @Test
  void whoComesLateTakesNoSnapshotForTheNextCheckpoint() {
    FoldCheckpoints folds = folds(null);
    kept.wish = Signal.SAVE;
    folds.begin(1);
    folds.begin(2);
    save(folds, 1, 5);
    save(folds, 2, 3);
    save(folds, 1, 6);
    kept.wish = Signal.SAVE;
    save(folds, 2, 80);
    save(folds, 1, 90);
    assertThat(kept.last(2)).isEqualTo(Map.of(1, 90L, 2, 80L));
  }

  @Test
  void aFoldThatEndsIsAwaitedNoLonger() {
    FoldCheckpoints folds = folds(null);
    kept.wish = Signal.SAVE;
    folds.begin(1);
    folds.begin(2);
    save(folds, 1, 5);
    folds.end(2, measured(2));
    assertThat(kept.last(1)).isEqualTo(Map.of(1, 5L));
    assertThat(kept.saved.getLast().measured()).containsExactly(measured(2));
    assertThat(folds.hasEnded(2)).isTrue();
    assertThat(folds.hasEnded(1)).isFalse();
  }

  /// The checkpoint would else have nothing of it.
  @Test
  void aFoldThatGoesOnMeanwhileIsAwaitedToo() {
    FoldCheckpoints folds = folds(new Checkpoint(FINGERPRINT, List.of(), Map.of(3, at(70))));
    kept.wish = Signal.SAVE;
    folds.begin(1);
    folds.begin(2);
    save(folds, 1, 5);
    assertThat(folds.begin(3)).isNotNull();
    save(folds, 2, 3);
    assertThat(kept.saved).isEmpty();
    save(folds, 3, 71);
    assertThat(kept.last(1)).isEqualTo(Map.of(1, 5L, 2, 3L, 3, 71L));
  }

  /// A checkpoint may be written when the fold has gone on from what it has.
  @Test
  void aFoldThatHasNotGoneOnYetKeepsItsPlace() {
    FoldCheckpoints folds =
        folds(new Checkpoint(FINGERPRINT, List.of(), Map.of(1, at(60), 3, at(70))));
    kept.wish = Signal.SAVE;
    folds.begin(1);
    save(folds, 1, 61);
    goOn(Objects.requireNonNull(folds.begin(3)));
    assertThat(kept.last(1)).isEqualTo(Map.of(1, 61L, 3, 70L));
    Snapshot third = Objects.requireNonNull(kept.saved.getLast().fits().get(3));
    assertThat(third.arrays()).hasSize(1).first().isEqualTo(new float[] {70});
    kept.wish = Signal.SAVE;
    save(folds, 3, 71);
    folds.end(1, measured(1));
    assertThat(kept.last(2)).isEqualTo(Map.of(3, 71L));
  }

  private static void goOn(Snapshot from) {
    from.restore(
        state -> {
          state.integer(0L, 0, 100);
          state.floats(new float[1]);
        });
  }

  @Test
  void suspendedFoldsAreKeptWithWhatWasAwaited() {
    FoldCheckpoints folds = folds(null);
    kept.wish = Signal.SAVE;
    folds.begin(1);
    folds.begin(2);
    save(folds, 1, 5);
    kept.wish = Signal.SUSPEND;
    assertThat(folds.isSuspended()).isTrue();
    folds.keep(2, Signal.SUSPEND, () -> at(4));
    folds.end(2, null);
    folds.keep(1, Signal.SUSPEND, () -> at(6));
    folds.end(1, null);
    folds.save();
    assertThat(kept.saved.getLast().fits()).hasSize(2);
    assertThat(kept.last(2)).isEqualTo(Map.of(1, 6L, 2, 4L));
  }
}
