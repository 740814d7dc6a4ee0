package dev.backprop.engine.plan;

import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.TargetTransform;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Compares the members of an ensemble by what they answer to rows that they have not learned from.
/// Numbers are compared in units of the target, whatever each member learned in their place.
final class BestMember {

  /// A member that was trained.
  ///
  /// @param number from 1
  /// @param target what it does to numeric targets; null if the target is not numeric
  /// @param networks one for each fold
  record Trained(
      int number,
      @Nullable TargetTransform target,
      List<Member> networks,
      List<CrossValidationResult.Fold> folds) {}

  private final List<Trained> members;
  private final TargetEncoder straight;
  private final Selection selection;
  private final AtomicReferenceArray<Evaluation> evaluations;

  /// @param target of any member
  /// @param selection null for the log loss of probabilities, else the loss
  BestMember(List<Trained> members, TargetEncoder target, @Nullable Metric selection) {
    this.members = members;
    this.straight = target.straight();
    boolean probabilities =
        members
            .getFirst()
            .networks()
            .getFirst()
            .scorer()
            .network()
            .spec()
            .outputActivation()
            .ofProbabilities();
    this.selection =
        new Selection(
            selection != null ? selection : probabilities ? Metric.LOG_LOSS : Metric.LOSS);
    this.evaluations = new AtomicReferenceArray<>(members.size());
  }

  /// Scores a member. May be called for several at the same time.
  ///
  /// @param score of the networks of a member, on the rows that each has not learned from
  void compare(int place, Function<Predictor, Evaluation> score) {
    Member first = members.get(place).networks().getFirst();
    Baseline baseline = first.scorer().baseline(); // is not looked at
    evaluations.set(
        place,
        score.apply(
            Predictor.of(first.features(), straight, baseline, members.get(place).networks())));
  }

  /// Of equal scores the first counts.
  ///
  /// @return of all members, which have been compared
  Choice choice() {
    List<Choice.Compared> compared = new ArrayList<>();
    int best = 0;
    for (int place = 0; place < members.size(); place++) {
      Evaluation evaluation = Objects.requireNonNull(evaluations.get(place));
      Trained member = members.get(place);
      compared.add(
          new Choice.Compared(
              member.number(),
              member.target(),
              selection.of(evaluation),
              evaluation.figures(),
              member.folds()));
      best = cost(compared.get(place)) < cost(compared.get(best)) ? place : best;
    }
    return new Choice(selection.metric(), members.get(best).number(), compared);
  }

  private double cost(Choice.Compared member) {
    return member.score() == null ? Double.POSITIVE_INFINITY : selection.cost(member.score());
  }
}
