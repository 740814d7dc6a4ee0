package dev.backprop.engine.plan;

import java.util.List;

/// What the members of an ensemble came to.
///
/// @param candidates how many of the spec's members were trained: the first ones
/// @param members those that were trained, in their order
public record EnsembleResult(int candidates, List<MemberResult> members) {

  /// @param member of the spec, from 1
  /// @param weight how often it counts in the mean; 0 if it is not served
  /// @param folds in their order; one if the rows are held out once; none if one diverged, then the
  ///   member is not served
  public record MemberResult(int member, int weight, List<BaggingResult.Fold> folds) {

    public MemberResult {
      folds = List.copyOf(folds);
    }
  }

  public EnsembleResult {
    members = List.copyOf(members);
  }

  /// The folds of the members that are served.
  BaggingResult served() {
    return new BaggingResult(
        members.stream()
            .filter(member -> member.weight() > 0)
            .flatMap(member -> member.folds().stream())
            .toList());
  }

  /// How many epochs ran, in all folds of all members.
  int epochs() {
    return members.stream()
        .flatMap(member -> member.folds().stream())
        .mapToInt(fold -> fold.history().size())
        .sum();
  }
}
