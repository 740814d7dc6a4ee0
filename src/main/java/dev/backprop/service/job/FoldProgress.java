package dev.backprop.service.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.plan.ExpectedEpochs;
import dev.backprop.engine.plan.Turns;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.service.intake.Acceptance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How far the folds of a training are. Guarded by the training that they belong to.
final class FoldProgress {

  private final Acceptance acceptance;
  private final boolean lastFit;
  private final int[] epochsOf;
  private final ExpectedEpochs[] expected;

  /// The latest of each fold; null before its first, and for folds of another process.
  private final @Nullable EpochReport[] latest;

  private final List<CrossValidationResult.Fold> ended = new ArrayList<>();

  /// Those that come to nothing.
  private final BitSet left = new BitSet();

  private double seconds;

  /// How many epochs of folds were told, and by fold how many with its latest.
  private int told;

  private final int[] toldBy;

  FoldProgress(Acceptance acceptance) {
    this.acceptance = acceptance;
    this.lastFit = acceptance.hasLastFit();
    this.epochsOf = new int[acceptance.folds()];
    this.expected = new ExpectedEpochs[epochsOf.length];
    this.latest = new @Nullable EpochReport[epochsOf.length];
    this.toldBy = new int[epochsOf.length];
    forgetExpected();
  }

  private void forgetExpected() {
    Arrays.setAll(
        expected,
        place -> new ExpectedEpochs(acceptance.trainingOf(place), acceptance.epochsOf(place)));
  }

  /// @param fold from 1, of all members of an ensemble
  void onEpoch(int fold, EpochReport report) {
    epochsOf[fold - 1] = report.epoch();
    latest[fold - 1] = report;
    toldBy[fold - 1] = ++told;
    expected[fold - 1].onEpoch(report);
    seconds += report.seconds();
  }

  void onEnd(CrossValidationResult.Fold fold) {
    ended.add(fold);
  }

  /// @param fold from 1, of all members of an ensemble
  void onLeft(int fold) {
    epochsOf[fold - 1] = 0;
    left.set(fold - 1);
  }

  State state() {
    return new State(Arrays.stream(epochsOf).boxed().toList(), List.copyOf(ended), seconds);
  }

  /// Takes over the state of another one of the same folds.
  void show(State state) {
    for (int fold = 0; fold < epochsOf.length; fold++) {
      epochsOf[fold] = state.epochs().get(fold);
      expected[fold].show(epochsOf[fold]);
    }
    ended.clear();
    ended.addAll(state.ended());
    seconds = state.seconds();
  }

  /// Goes on after the given folds have ended. What is known of the other folds counts until they
  /// report more.
  void resume(List<CrossValidationResult.Fold> over) {
    ended.clear();
    ended.addAll(over);
    over.forEach(fold -> epochsOf[placeOf(fold)] = fold.epochs());
  }

  /// Goes back to the beginning.
  void reset() {
    Arrays.fill(epochsOf, 0);
    Arrays.fill(latest, null);
    forgetExpected();
    ended.clear();
    left.clear();
    seconds = 0;
  }

  /// In the order in which they ended.
  List<CrossValidationResult.Fold> ended() {
    return ended;
  }

  /// How many epochs of folds this process has run.
  int told() {
    return told;
  }

  /// The latest epoch of each fold that has run one since so many were told.
  List<FoldEpoch> since(int seen) {
    return IntStream.range(0, toldBy.length)
        .filter(place -> toldBy[place] > seen && latest[place] != null)
        .boxed()
        .sorted(Comparator.comparingInt(place -> toldBy[place]))
        .map(place -> foldEpoch(place, Objects.requireNonNull(latest[place])))
        .toList();
  }

  private FoldEpoch foldEpoch(int place, EpochReport report) {
    int of = epochsOf.length / Math.max(1, acceptance.members());
    return new FoldEpoch(
        acceptance.members() == 0 ? null : place / of + 1,
        place % of + 1,
        report.epoch(),
        acceptance.epochsOf(place),
        report.trainLoss(),
        report.validationLoss());
  }

  /// An epoch of a fold.
  ///
  /// @param member of the ensemble; left out if there is none
  /// @param epochs that the fold runs at most
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record FoldEpoch(
      @Nullable Integer member,
      int fold,
      int epoch,
      int epochs,
      double trainLoss,
      @Nullable Double validationLoss) {}

  private int placeOf(CrossValidationResult.Fold fold) {
    return acceptance.placeOf(fold.member(), fold.fold());
  }

  Snapshot snapshot() {
    int ran = 0;
    int most = 0;
    double fractions = 0;
    List<Double> toRun = new ArrayList<>();
    List<FoldUnderWay> underWay = new ArrayList<>();
    for (int fold = 0; fold < epochsOf.length; fold++) {
      int place = fold;
      int epochs = acceptance.epochsOf(place);
      boolean over = left.get(place) || ended.stream().anyMatch(end -> placeOf(end) == place);
      ran += epochsOf[fold];
      most += epochs;
      if (acceptance.members() > 0 && !over && epochsOf[fold] > 0) {
        int of = epochsOf.length / acceptance.members();
        underWay.add(
            FoldUnderWay.of(place / of + 1, place % of + 1, epochsOf[fold], epochs, latest[place]));
      }
      fractions += over ? 1 : (double) epochsOf[fold] / epochs;
      if (!over) {
        toRun.add(epochsOf[fold] == 0 ? toBegin(fold) : expected[fold].left());
      }
    }
    return new Snapshot(
        epochsOf.length,
        ended.size(),
        ran,
        most,
        Turns.last(toRun, acceptance.foldsAtOnce()),
        seconds,
        fractions,
        lastFit ? lastFitEpochs(toRun.isEmpty()) : 0,
        lastFit ? lastFitExpected() : 0,
        underWay);
  }

  private double lastFitExpected() {
    return ended.isEmpty()
        ? ExpectedEpochs.best(acceptance.spec().training())
        : CrossValidationResult.epochs(ended);
  }

  /// How many epochs a fold is expected to run that has not begun: as many as those that have ended
  /// did.
  private double toBegin(int place) {
    return ended.isEmpty()
        ? expected[place].total()
        : ended.stream().mapToInt(CrossValidationResult.Fold::epochs).average().orElseThrow();
  }

  /// How many epochs the last fit runs: as many as the folds found best, until they have ended the
  /// most.
  private int lastFitEpochs(boolean over) {
    return over && !ended.isEmpty() ? CrossValidationResult.epochs(ended) : acceptance.epochs();
  }

  /// Their state, to be written down.
  ///
  /// @param epochs that each fold has run
  /// @param ended in the order in which they ended
  /// @param seconds that their epochs took together
  record State(List<Integer> epochs, List<CrossValidationResult.Fold> ended, double seconds) {}

  /// @param count how many folds there are
  /// @param ended how many of them have ended
  /// @param epochs that they have run together
  /// @param most epochs that they may run together
  /// @param left epochs that are expected to follow each other, as some are fitted side by side
  /// @param seconds that their epochs took together
  /// @param fractions the fractions of their epochs that they have run, added up
  /// @param lastFitEpochs epochs of the last fit, to all rows; the most that it runs until all
  ///   folds have ended; 0 if none comes after the folds
  /// @param lastFitExpected how many it is expected to run
  /// @param underWay of an ensemble, the folds that are
  record Snapshot(
      int count,
      int ended,
      int epochs,
      int most,
      double left,
      double seconds,
      double fractions,
      int lastFitEpochs,
      double lastFitExpected,
      List<FoldUnderWay> underWay) {}

  /// A fold of a member that is under way.
  ///
  /// @param epochs that it runs at most
  /// @param trainLoss of its latest epoch, as in a history; null while another process runs it, as
  ///   `validationLoss` is
  record FoldUnderWay(
      int member,
      int fold,
      int epoch,
      int epochs,
      @Nullable Double trainLoss,
      @Nullable Double validationLoss) {

    private static FoldUnderWay of(
        int member, int fold, int epoch, int epochs, @Nullable EpochReport latest) {
      return latest == null || latest.epoch() != epoch
          ? new FoldUnderWay(member, fold, epoch, epochs, null, null)
          : new FoldUnderWay(
              member, fold, epoch, epochs, latest.trainLoss(), latest.validationLoss());
    }
  }
}
