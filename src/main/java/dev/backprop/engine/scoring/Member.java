package dev.backprop.engine.scoring;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.nn.MeanAnswers;
import dev.backprop.engine.spec.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A network of a model, with the encoders that were fitted to the rows that it learned from.
///
/// @param features null if the network takes bare numbers
/// @param weight how often it counts in the mean, at least 1
public record Member(@Nullable FeatureEncoder features, Scorer scorer, int weight) {

  /// One that counts once.
  public Member(@Nullable FeatureEncoder features, Scorer scorer) {
    this(features, scorer, 1);
  }

  /// The same network with another weight.
  public Member weighing(int other) {
    return new Member(features, scorer, other);
  }

  Member alike() {
    return new Member(features, scorer.alike(), weight);
  }

  static int[] weights(List<Member> members) {
    return members.stream().mapToInt(Member::weight).toArray();
  }

  /// The mean of what these answer to up to that many rows; null if there is one.
  static @Nullable MeanAnswers mean(List<Member> members, int rows) {
    return members.size() == 1
        ? null
        : new MeanAnswers(
            members.getFirst().activation(),
            weights(members),
            rows,
            members.getFirst().scorer().network().outputs());
  }

  Activation activation() {
    return scorer.network().spec().outputActivation();
  }
}
