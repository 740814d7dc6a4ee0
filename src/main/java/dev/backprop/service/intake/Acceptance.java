package dev.backprop.service.intake;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.backprop.engine.plan.RowCounts;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.engine.spec.SplitSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.notes.Notes;
import dev.backprop.platform.problem.KeptWarnings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was decided when a training was accepted.
///
/// @param owner the id of the caller that made it; null if it was made without a key. It is kept
///   beside this
/// @param callback the URL to call when it has ended; null for none. It is kept beside this, too
/// @param said what that one says of the version to come; null for nothing. It is kept beside this
/// @param given the preset; null for `plain`, which former versions, who have no presets, accepted
/// @param rows how many rows are trained on, validated on and tested on
/// @param epochs the most that the training runs; each fold runs at most as many
/// @param foldsAtOnce how many of the folds are fitted side by side
/// @param parameters how many numbers are learnt
/// @param estimatedBytes what the training takes from the budget of trainings while it runs
/// @param dataset the id of the uploaded data set that it learns from; null if the data came with
///   the request
/// @param warmStart the version that it goes on from; null if it starts anew
/// @param warnings what was found in the data at acceptance
public record Acceptance(
    String id,
    String model,
    @JsonIgnore @Nullable String owner,
    @JsonIgnore @Nullable String callback,
    @JsonIgnore @Nullable Notes said,
    @JsonProperty("preset") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable PresetName given,
    Instant createdAt,
    @Nullable String dataset,
    @Nullable ModelReference warmStart,
    RowCounts rows,
    int epochs,
    int foldsAtOnce,
    long parameters,
    long estimatedBytes,
    TargetView target,
    SpecView spec,
    List<String> warnings) {

  public Acceptance {
    given = given == PresetName.PLAIN ? null : given;
    warnings = KeptWarnings.of(warnings);
  }

  public Acceptance ownedBy(@Nullable String other) {
    return with(other, callback, said);
  }

  public Acceptance calling(@Nullable String other) {
    return with(owner, other, said);
  }

  public Acceptance noted(Notes other) {
    return with(owner, callback, other.isEmpty() ? null : other);
  }

  private Acceptance with(@Nullable String owner, @Nullable String callback, @Nullable Notes said) {
    return new Acceptance(
        id,
        model,
        owner,
        callback,
        said,
        given,
        createdAt,
        dataset,
        warmStart,
        rows,
        epochs,
        foldsAtOnce,
        parameters,
        estimatedBytes,
        target,
        spec,
        warnings);
  }

  public Notes notes() {
    return said == null ? Notes.NONE : said;
  }

  public PresetName preset() {
    return given == null ? PresetName.PLAIN : given;
  }

  /// About how many bytes of memory it takes in a list.
  public long shownBytes() {
    return 4_000
        + notes().bytes()
        + target.bytes()
        + spec.shownBytes()
        + 2L * warnings.stream().mapToLong(String::length).sum();
  }

  /// How many folds the rows are dealt to, those of each member of an ensemble; 0 if there are
  /// none. A member whose rows are held out once has one.
  public int folds() {
    return spec.fit().folds();
  }

  /// How many members of an ensemble there are; 0 if there is none.
  public int members() {
    return spec.fit().fitsEnsemble() ? spec.fit().members().size() : 0;
  }

  /// Folds of a member, or all of them.
  private int foldsOfMember() {
    return members() == 0 ? folds() : folds() / members();
  }

  /// The place of a fold among all of them, from 0.
  ///
  /// @param member from 1; null if there is no ensemble
  /// @param fold from 1
  public int placeOf(@Nullable Integer member, int fold) {
    return member == null ? fold - 1 : (member - 1) * foldsOfMember() + fold - 1;
  }

  /// The most epochs that the fit of a fold runs.
  ///
  /// @param place from 0
  public int epochsOf(int place) {
    return members() == 0 ? epochs : trainingOf(place).epochs();
  }

  /// How the fit of a fold is trained.
  ///
  /// @param place from 0
  public TrainingSpec trainingOf(int place) {
    return members() == 0
        ? spec.training()
        : spec.fit().members().get(place / foldsOfMember()).training();
  }

  /// Whether a network learns from all rows after those of the folds.
  public boolean hasLastFit() {
    return spec.training().bagging() == null && members() == 0;
  }

  /// About how many rows the fit of a fold has.
  ///
  /// @param fold from 1
  public int trainingRowsOf(int fold) {
    long all = rows.training();
    int folds = foldsOfMember();
    if (folds == 1) {
      return rows.training();
    }
    return (int) (inOrder() ? all * fold / (folds + 1) : all * (folds - 1) / folds);
  }

  /// How many rows the fit of a fold has on average, as a fraction of those of the last fit, which
  /// has all rows.
  public double foldShare() {
    int folds = foldsOfMember();
    return folds == 1 ? 1 : inOrder() ? 0.5 : (folds - 1.0) / folds;
  }

  /// Whether the folds keep the rows' order: fold i of k then learns from the first i of k + 1
  /// blocks.
  private boolean inOrder() {
    return spec.splitBy() instanceof SplitSpec.Order;
  }
}
