package dev.backprop.engine.spec;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the members of an ensemble have in common, so that they can be scored together.
public final class EnsembleRules {

  private EnsembleRules() {}

  /// Checks what stands in the specs themselves.
  ///
  /// @throws InvalidSpecException with a pointer into the request
  public static void check(FitSpec spec) {
    EnsembleSpec ensemble = spec.ensemble();
    if (ensemble == null) {
      return;
    }
    TrainingSpec training = spec.training();
    if (training.crossValidation() != null) {
      throw new InvalidSpecException(
          "/training/crossValidation",
          "does not go with ensemble: bagging validates on every row, and serves the networks");
    }
    for (int m = 0; m < ensemble.members().size(); m++) {
      checkShared("/ensemble/members/" + m + "/training", training, ensemble.members().get(m));
    }
  }

  private static void checkShared(String pointer, TrainingSpec of, EnsembleSpec.Member member) {
    checkSame(pointer + "/seed", of, member, TrainingSpec::seed);
    checkSame(pointer + "/validationFraction", of, member, TrainingSpec::validationFraction);
    checkSame(pointer + "/testFraction", of, member, TrainingSpec::testFraction);
    checkSame(pointer + "/bagging", of, member, TrainingSpec::bagging);
    checkSame(pointer + "/crossValidation", of, member, TrainingSpec::crossValidation);
    checkSame(pointer + "/maxSeconds", of, member, TrainingSpec::maxSeconds);
    checkSame(pointer + "/classWeights", of, member, TrainingSpec::classWeights);
    checkSame(pointer + "/selection", of, member, TrainingSpec::selection);
    checkSame(pointer + "/calibration", of, member, TrainingSpec::calibration);
    checkSame(pointer + "/threshold", of, member, TrainingSpec::threshold);
    checkSame(pointer + "/positive", of, member, TrainingSpec::positive);
  }

  private static void checkSame(
      String pointer,
      TrainingSpec of,
      EnsembleSpec.Member member,
      Function<TrainingSpec, @Nullable Object> field) {
    Object known = field.apply(of);
    Object given = field.apply(member.training());
    if (!Objects.equals(known, given)) {
      throw new InvalidSpecException(
          pointer,
          "must be left out or that of the request's training, %s, was %s"
              .formatted(said(known), said(given)));
    }
  }

  private static String said(@Nullable Object value) {
    return value == null ? "nothing" : value.toString();
  }

  /// Checks that a member answers as the first one does.
  ///
  /// @param first resolved
  /// @param network of the member, resolved
  /// @throws InvalidSpecException with a pointer into the network
  public static void checkAlike(NetworkSpec first, NetworkSpec network) {
    if (!network.outputActivation().equals(first.outputActivation())) {
      throw new InvalidSpecException(
          "/output/activation",
          "must be that of the first member, %s, was %s"
              .formatted(
                  TypeName.of(first.outputActivation()), TypeName.of(network.outputActivation())));
    }
    if (!network.resolvedLoss().equals(first.resolvedLoss())) {
      throw new InvalidSpecException(
          "/loss",
          "must be that of the first member, %s, was %s"
              .formatted(first.resolvedLoss(), network.resolvedLoss()));
    }
  }
}
