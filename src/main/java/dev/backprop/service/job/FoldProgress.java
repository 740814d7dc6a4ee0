package dev.backprop.service.job;

import dev.backprop.engine.plan.CrossValidationResult;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.service.intake.Acceptance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How far the folds of a training are. Guarded by the training that they belong to.
final class FoldProgress {

  private final int epochs;
  private final boolean lastFit;
  private final int[] epochsOf;
  private final List<CrossValidationResult.Fold> ended = new ArrayList<>();
  private double seconds;

  FoldProgress(Acceptance acceptance) {
    this.epochs = acceptance.epochs();
    this.lastFit = acceptance.hasLastFit();
    this.epochsOf = new int[acceptance.folds()];
  }

  /// @param fold from 1
  void onEpoch(int fold, EpochReport report) {
    epochsOf[fold - 1] = report.epoch();
    seconds += report.seconds();
  }

  void onEnd(CrossValidationResult.Fold fold) {
    ended.add(fold);
  }

  State state() {
    return new State(Arrays.stream(epochsOf).boxed().toList(), List.copyOf(ended), seconds);
  }

  /// Takes over the state of another one of the same folds.
  void show(State state) {
    for (int fold = 0; fold < epochsOf.length; fold++) {
      epochsOf[fold] = state.epochs().get(fold);
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
    over.forEach(fold -> epochsOf[fold.fold() - 1] = fold.epochs());
  }

  /// Goes back to the beginning.
  void reset() {
    Arrays.fill(epochsOf, 0);
    ended.clear();
    seconds = 0;
  }

  /// In the order in which they ended.
  List<CrossValidationResult.Fold> ended() {
    return ended;
  }

  Snapshot snapshot() {
    int ran = 0;
    double fractions = 0;
    int left = 0;
    for (int fold = 0; fold < epochsOf.length; fold++) {
      int number = fold + 1;
      boolean over = ended.stream().anyMatch(end -> end.fold() == number);
      ran += epochsOf[fold];
      fractions += over ? 1 : (double) epochsOf[fold] / epochs;
      left += over ? 0 : epochs - epochsOf[fold];
    }
    boolean over = !ended.isEmpty() && ended.size() == epochsOf.length;
    return new Snapshot(
        epochsOf.length,
        ended.size(),
        ran,
        left,
        seconds,
        fractions,
        lastFit ? over ? CrossValidationResult.epochs(ended) : epochs : 0);
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
  /// @param left epochs that they may still run together
  /// @param seconds that their epochs took together
  /// @param fractions the fractions of their epochs that they have run, added up
  /// @param lastFitEpochs epochs of the last fit, to all rows; the most that it runs until all
  ///   folds have ended; 0 if none comes after the folds
  record Snapshot(
      int count,
      int ended,
      int epochs,
      int left,
      double seconds,
      double fractions,
      int lastFitEpochs) {}
}
