package dev.backprop.engine.plan;

import java.util.List;

/// The fits that are there at the end of a training of several candidates.
///
/// @param fits of which some may be chosen, those of a candidate behind each other
/// @param parting of the rows to the fits of a candidate
record Served(List<MeasuredFold> fits, Parting parting) {

  /// How many fits a candidate has.
  int each() {
    return parting.count();
  }

  /// How many candidates there are.
  int candidates() {
    return fits.size() / each();
  }

  /// The fits of one of them.
  ///
  /// @param place from 0
  List<MeasuredFold> of(int place) {
    return fits.subList(place * each(), (place + 1) * each());
  }
}
