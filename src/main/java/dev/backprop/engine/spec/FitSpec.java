package dev.backprop.engine.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to fit: how columns enter, the network, and how it is trained.
///
/// @param ensemble several networks in place of the one; null for that one
public record FitSpec(
    EncodingSpec encoding,
    NetworkSpec network,
    TrainingSpec training,
    @Nullable EnsembleSpec ensemble) {

  /// One network.
  public FitSpec(EncodingSpec encoding, NetworkSpec network, TrainingSpec training) {
    this(encoding, network, training, null);
  }

  /// One network with the usual encoding.
  public static FitSpec of(NetworkSpec network, TrainingSpec training) {
    return new FitSpec(EncodingSpec.DEFAULT, network, training);
  }

  /// What the members of the ensemble are fitted by; the one network itself if there is no
  /// ensemble.
  public List<FitSpec> members() {
    return ensemble == null
        ? List.of(this)
        : ensemble.members().stream()
            .map(member -> new FitSpec(member.encoding(), member.network(), member.training()))
            .toList();
  }

  /// What trains one member of the ensemble as it was trained among the others, whose time cut none
  /// of them.
  ///
  /// @param number from 1
  public FitSpec chosen(int number) {
    FitSpec member = members().get(number - 1);
    return new FitSpec(member.encoding, member.network, member.training.within(null));
  }

  /// Whether several networks of an ensemble are scored together, and not one alone.
  public boolean fitsEnsemble() {
    return ensemble != null && (ensemble.members().size() > 1 || training.bagging() != null);
  }

  /// How many networks learn from a part of the rows each and are validated on the others; 0 if one
  /// network alone is fitted.
  public int folds() {
    if (fitsEnsemble()) {
      return training.servedNetworks() * members().size();
    }
    if (training.bagging() != null) {
      return training.bagging().folds();
    }
    return training.crossValidation() == null ? 0 : training.crossValidation().folds();
  }

  /// The same of an ensemble with other members.
  public FitSpec withEnsemble(EnsembleSpec other) {
    return new FitSpec(encoding, network, training, other);
  }
}
