package dev.backprop.engine.plan;

import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import java.util.function.IntFunction;

/// How the rows are parted for each fit of a candidate.
///
/// @param count how many fits a candidate has
/// @param splits of each, from 0, made when it is asked for; none tests
record Parting(int count, IntFunction<Split> splits) {

  static Parting of(Folds folds) {
    return new Parting(folds.count(), folds::split);
  }

  /// The rows are held out once.
  static Parting of(Split split) {
    Split untested = split.untested();
    return new Parting(1, _ -> untested);
  }

  Split split(int fold) {
    return splits.apply(fold);
  }
}
