package dev.backprop.engine.plan;

import org.jspecify.annotations.Nullable;

/// Forward selection with replacement (Caruana et al. 2004, Ensemble Selection from Libraries of
/// Models). Again and again the candidate is taken whose answers, averaged with those that were
/// taken before, have the least loss. The best of these means is the ensemble.
final class GreedySelection {

  /// How often a candidate is taken. More change nothing beyond noise.
  static final int ROUNDS = 20;

  private GreedySelection() {}

  /// What is chosen from.
  interface Library {

    int size();

    /// The loss of the mean of those taken so far and one more, for each candidate as that one;
    /// null if the training is to end.
    double @Nullable [] lossesWithOneMore();

    void take(int candidate);
  }

  /// @return how often each candidate was taken in the best mean. Of equal losses the first counts,
  ///   of rounds and of candidates. Null if the training is to end
  static int @Nullable [] counts(Library library) {
    int[] counts = new int[library.size()];
    int[] best = counts;
    double least = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      double[] losses = library.lossesWithOneMore();
      if (losses == null) {
        return null;
      }
      int next = first(losses);
      library.take(next);
      counts[next]++;
      if (round == 0 || losses[next] < least) {
        least = losses[next];
        best = counts.clone();
      }
    }
    return best;
  }

  /// The candidate of the least loss; the first one if none is a number.
  private static int first(double[] losses) {
    int first = 0;
    for (int candidate = 1; candidate < losses.length; candidate++) {
      if (losses[candidate] < losses[first]
          || (Double.isNaN(losses[first]) && !Double.isNaN(losses[candidate]))) {
        first = candidate;
      }
    }
    return first;
  }
}
