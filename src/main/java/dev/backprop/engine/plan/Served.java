package dev.backprop.engine.plan;

import java.util.List;

/// What is there at the end of a training of several candidates.
///
/// @param candidates of which some may be chosen, from 0, ascending
/// @param trained how many were trained: those, and others before the last that diverged
/// @param fits of the candidates, those of each behind each other
/// @param parting of the rows to the fits of a candidate
record Served(List<Integer> candidates, int trained, List<MeasuredFold> fits, Parting parting) {

  /// How many fits a candidate has.
  int each() {
    return parting.count();
  }

  /// The fits of one of the candidates.
  ///
  /// @param place in the list of candidates
  List<MeasuredFold> of(int place) {
    return fits.subList(place * each(), (place + 1) * each());
  }
}
