package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several networks of their own specs that are served together.
///
/// @param members 1 … 32, in the order in which they are trained
/// @param choose which of them are served
/// @param candidates how many of the members are trained, the first ones, 1 … as many as there are;
///   null to train all, or as many as the time lets begin
public record EnsembleSpec(
    @Required List<Member> members,
    @Default("greedy") Choose choose,
    @Interval("[1, 32]") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer candidates) {

  public static final int MAX_MEMBERS = 32;

  /// A network with an encoding and a training of its own.
  public record Member(EncodingSpec encoding, NetworkSpec network, TrainingSpec training) {

    /// What is left out has its defaults.
    @JsonCreator
    static Member read(
        @Nullable EncodingSpec encoding,
        @Nullable NetworkSpec network,
        @Nullable TrainingSpec training) {
      return new Member(
          encoding == null ? EncodingSpec.DEFAULT : encoding,
          network == null ? NetworkSpec.of(null, null, null) : network,
          training == null ? TrainingSpec.defaults() : training);
    }
  }

  /// Which members are served.
  public enum Choose {
    /// Those that forward selection with replacement takes (Caruana et al. 2004, Ensemble Selection
    /// from Libraries of Models), each as often as it was taken.
    @JsonProperty("greedy")
    GREEDY,

    /// Each once.
    @JsonProperty("all")
    ALL,

    /// The one that scores best on the rows that none has learned from; of equal ones the first.
    @JsonProperty("best")
    BEST;

    /// As requests have it.
    @Override
    public String toString() {
      return TypeName.of(this);
    }
  }

  public EnsembleSpec {
    members = List.copyOf(members);
    if (members.isEmpty() || members.size() > MAX_MEMBERS) {
      throw new InvalidSpecException(
          "/members", "must be from 1 to %d, were %d".formatted(MAX_MEMBERS, members.size()));
    }
    if (candidates != null) {
      Check.range("/candidates", candidates, 1, members.size());
    }
  }

  @JsonCreator
  static EnsembleSpec read(
      @Nullable List<@Nullable Member> members,
      @Nullable Choose choose,
      @Nullable Integer candidates) {
    if (members == null) {
      throw new InvalidSpecException("/members", "is required");
    }
    List<Member> given = new ArrayList<>();
    for (Member member : members) {
      if (member == null) {
        throw new InvalidSpecException(
            "/members/" + given.size(), "must be a member of the ensemble, was null");
      }
      given.add(member);
    }
    return new EnsembleSpec(given, choose == null ? Choose.GREEDY : choose, candidates);
  }

  /// The same ensemble of these members.
  ///
  /// @param others as many
  public EnsembleSpec withMembers(List<Member> others) {
    return new EnsembleSpec(others, choose, candidates);
  }

  /// The same ensemble, of which that many members are trained.
  public EnsembleSpec withCandidates(int count) {
    return new EnsembleSpec(members, choose, count);
  }
}
