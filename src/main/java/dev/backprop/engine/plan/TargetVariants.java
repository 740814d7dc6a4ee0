package dev.backprop.engine.plan;

import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TargetTransform;
import dev.backprop.engine.table.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides `auto`, what is done to numeric targets before they are learned. A network of that kind
/// becomes several, one for each of [TargetTransform#CANDIDATES]. If there is no ensemble they are
/// one, of which the best is served. Those of a member stand in its place.
record TargetVariants(TrainingData data, @Nullable EncodingSpec kept) {

  /// The same with every target decided.
  ///
  /// @throws InvalidSpecException with a pointer into the request if a target cannot be chosen
  FitSpec of(FitSpec spec) {
    if (data instanceof TrainingData.Bare) {
      return spec; // has no encoding, which is refused elsewhere
    }
    EnsembleSpec ensemble = spec.ensemble();
    if (ensemble != null) {
      return ensemble.members().stream().anyMatch(member -> isOpen(member.encoding()))
          ? spec.withEnsemble(each(ensemble))
          : spec;
    }
    if (!isOpen(spec.encoding())) {
      return spec;
    }
    if (kept != null) {
      throw new InvalidSpecException(
          "/encoding/target", "must be that of the version with warmStart, was auto");
    }
    if (spec.training().crossValidation() != null) {
      throw new InvalidSpecException(
          "/training/crossValidation",
          "does not go with the target auto, which is chosen by rows that are held out: bagging chooses by every row");
    }
    return spec.withEnsemble(
        new EnsembleSpec(
            variants(new EnsembleSpec.Member(spec.encoding(), spec.network(), spec.training())),
            EnsembleSpec.Choose.BEST,
            null));
  }

  private static boolean isOpen(EncodingSpec encoding) {
    return encoding.transform() == TargetTransform.AUTO;
  }

  private EnsembleSpec each(EnsembleSpec ensemble) {
    List<EnsembleSpec.Member> members = new ArrayList<>();
    Integer candidates = ensemble.candidates();
    for (int m = 0; m < ensemble.members().size(); m++) {
      try {
        members.addAll(variants(ensemble.members().get(m)));
      } catch (InvalidSpecException e) {
        throw e.under("/ensemble/members/" + m);
      }
      if (ensemble.candidates() != null && m == ensemble.candidates() - 1) {
        candidates = members.size();
      }
    }
    if (members.size() > EnsembleSpec.MAX_MEMBERS) {
      throw new InvalidSpecException(
          "/ensemble/members",
          "must be at most %d, counting %d for each whose target is auto, were %d"
              .formatted(
                  EnsembleSpec.MAX_MEMBERS, TargetTransform.CANDIDATES.size(), members.size()));
    }
    return new EnsembleSpec(members, ensemble.choose(), candidates);
  }

  /// The member for each of the transforms; the member itself if its target is decided.
  private List<EnsembleSpec.Member> variants(EnsembleSpec.Member member) {
    if (!isOpen(member.encoding())) {
      return List.of(member);
    }
    check(member);
    return TargetTransform.CANDIDATES.stream()
        .map(
            target ->
                new EnsembleSpec.Member(
                    member.encoding().withTarget(target), member.network(), member.training()))
        .toList();
  }

  private void check(EnsembleSpec.Member member) {
    NetworkSpec network;
    try {
      network = member.network().resolve(data.target().task());
    } catch (InvalidSpecException e) {
      throw e.under("/network");
    }
    try {
      member
          .encoding()
          .checkTarget(data.target() instanceof Target.Numbers, network.resolvedLoss());
    } catch (InvalidSpecException e) {
      throw e.under("/encoding");
    }
  }
}
