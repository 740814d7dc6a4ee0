package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several networks of their own specs that are served together.
///
/// @param members 1 … 32, in the order in which they are trained
/// @param choose which of them are served
/// @param candidates how many of the members are trained, the first ones, 1 … as many as there are;
///   null to train all, or as many as the time lets begin
public record EnsembleSpec(
    List<Member> members,
    Choose choose,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer candidates) {

  public static final int MAX_MEMBERS = 32;

  /// A network with an encoding and a training of its own.
  public record Member(EncodingSpec encoding, NetworkSpec network, TrainingSpec training) {}

  /// Which members are served.
  public enum Choose {
    /// Those that forward selection with replacement takes (Caruana et al. 2004, Ensemble Selection
    /// from Libraries of Models), each as often as it was taken.
    @JsonProperty("greedy")
    GREEDY("greedy"),

    /// Each once.
    @JsonProperty("all")
    ALL("all");

    private final String json;

    Choose(String json) {
      this.json = json;
    }

    /// As requests have it.
    @Override
    public String toString() {
      return json;
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
