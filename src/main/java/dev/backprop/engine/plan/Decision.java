package dev.backprop.engine.plan;

import dev.backprop.engine.data.Split;
import dev.backprop.engine.spec.EncodingSpec;
import dev.backprop.engine.spec.EnsembleRules;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.FitSpec;
import dev.backprop.engine.spec.FullBatchRules;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingRules;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Resolves specs against the data, and parts the rows once for all of them.
final class Decision {

  /// What all members of an ensemble have from the request's own training.
  private static final Set<String> SHARED =
      Set.of(
          "seed",
          "validationFraction",
          "testFraction",
          "bagging",
          "maxSeconds",
          "classWeights",
          "selection",
          "calibration",
          "threshold",
          "positive");

  private final TrainingData data;
  private final @Nullable TrainingData validation;
  private final @Nullable EncodingSpec kept;
  private @Nullable Split split;

  /// @param validation rows to validate on that are not taken from the data; null to split the data
  /// @param kept as [TrainingPlan#of] has it
  Decision(TrainingData data, @Nullable TrainingData validation, @Nullable EncodingSpec kept) {
    this.data = data;
    this.validation = validation;
    this.kept = kept;
  }

  /// The parts, once something was decided.
  Split split() {
    return Objects.requireNonNull(split);
  }

  /// @param spec of one network
  /// @throws InvalidSpecException with a pointer into the request
  Footprint decide(FitSpec spec) {
    NetworkSpec network;
    try {
      network = Embeddings.resolve(spec.network().resolve(data.target().task()), data);
      FullBatchRules.check(spec.training().optimizer(), network);
      TrainingRules.check(spec.training(), network);
    } catch (InvalidSpecException e) {
      throw e.under("/network");
    }
    data.checkTargets(network);
    EncodingSpec encoding;
    try {
      encoding =
          Encodings.resolve(new FitSpec(spec.encoding(), network, spec.training()), data, kept);
      Encodings.checkTarget(encoding, data.target(), network);
    } catch (InvalidSpecException e) {
      throw e.under("/encoding");
    }
    Footprint footprint;
    try {
      footprint = resolve(new FitSpec(encoding, network, spec.training()));
    } catch (InvalidSpecException e) {
      throw e.pointer().startsWith("/data/") ? e : e.under("/training");
    }
    try {
      footprint.shapes();
    } catch (InvalidSpecException e) {
      throw e.under("/network");
    }
    return footprint;
  }

  private Footprint resolve(FitSpec spec) {
    TrainingSpec training = spec.training();
    double fraction = validation == null ? training.validationFractionFor(data.rows()) : 0;
    PlanChecks checks = new PlanChecks(data, validation, spec);
    checks.checkBeforeSplit();
    Split parts = split;
    if (parts == null) {
      parts = split(training, fraction);
      split = parts;
    }
    checks.check(parts, fraction);
    int apart = parts.calibration().length;
    RowCounts rows =
        new RowCounts(
            parts.training().length,
            validation == null ? parts.validation().length : validation.rows() - apart,
            parts.test().length,
            apart);
    int validationRows = Procedure.of(spec).validationRows(rows.validation(), rows.training());
    TrainingSpec resolved = training.resolve(fraction, rows.training(), validationRows);
    checks.checkBatch(resolved);
    FitSpec decided = new FitSpec(spec.encoding(), spec.network(), resolved);
    return new Footprint(data.entering(decided), decided, rows);
  }

  private Split split(TrainingSpec training, double fraction) {
    Split parts = data.split(fraction, training.testFraction(), training.seed());
    HoldOut holdOut = new HoldOut(data, validation, parts);
    return training.calibration() && training.bagging() == null
        ? holdOut.calibrating(training.seed())
        : parts;
  }

  /// @throws InvalidSpecException with a pointer into the request
  Footprints decideMembers(FitSpec spec, EnsembleSpec ensemble) {
    List<Footprint> fits = new ArrayList<>();
    List<FitSpec> members = spec.members();
    for (int m = 0; m < members.size(); m++) {
      try {
        FitSpec member = members.get(m);
        fits.add(
            decide(
                new FitSpec(member.encoding(), member.network(), member.training().within(null))));
        checkAlike(fits.getFirst(), fits.getLast());
      } catch (InvalidSpecException e) {
        throw isShared(e.pointer()) ? e : e.under("/ensemble/members/" + m);
      }
    }
    if (spec.training().bagging() == null && fits.getFirst().rows().validation() == 0) {
      throw new InvalidSpecException(
          "/training/validationFraction",
          "must leave validation rows with ensemble or the target auto, unless there is bagging, leaves 0 of "
              + data.rows());
    }
    Double seconds = spec.training().maxSeconds();
    List<Footprint> limited = fits.stream().map(fit -> fit.within(seconds)).toList();
    FitSpec lead = limited.getFirst().spec();
    return new Footprints(
        new FitSpec(
            lead.encoding(),
            lead.network(),
            lead.training(),
            ensemble.withMembers(
                limited.stream()
                    .map(Footprint::spec)
                    .map(
                        fit ->
                            new EnsembleSpec.Member(fit.encoding(), fit.network(), fit.training()))
                    .toList())),
        limited);
  }

  private static void checkAlike(Footprint first, Footprint member) {
    try {
      EnsembleRules.checkAlike(first.network(), member.network());
    } catch (InvalidSpecException e) {
      throw e.under("/network");
    }
  }

  private static boolean isShared(String pointer) {
    String training = "/training/";
    return pointer.startsWith("/data/")
        || (pointer.startsWith(training)
            && SHARED.contains(pointer.substring(training.length()).split("/", 2)[0]));
  }
}
