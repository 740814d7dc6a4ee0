package dev.backprop.engine.plan;

import dev.backprop.engine.scoring.AnsweredRows;
import dev.backprop.engine.scoring.Certainty;
import dev.backprop.engine.scoring.CertaintyRows;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Judging;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.table.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds out how sure a trained model is, and how good.
///
/// @param training resolved
/// @param groups of members when the model answers, see [dev.backprop.engine.figures.MemberSpread]
record Judge(TrainingSpec training, Target target, int groups) {

  static final String OUT_OF_FOLD = "outOfFold";
  static final String VALIDATION = "validation";
  static final String CALIBRATION = "calibration";
  static final String TEST = "test";
  static final String TRAINING = "training";

  /// @param evaluations by part
  record Verdict(Certainty certainty, Map<String, Evaluation> evaluations) {

    /// What overflowed; null if nothing did.
    @Nullable String overflow() {
      return evaluations.entrySet().stream()
          .filter(part -> !Double.isFinite(part.getValue().loss()))
          .map(part -> "the %s loss is not finite".formatted(part.getKey()))
          .findFirst()
          .orElse(null);
    }
  }

  /// @param parts of the rows by name, each of at least one row
  /// @param chose whether the rows that validate have ended the training, or chosen among networks
  Verdict judge(Map<String, AnsweredRows> parts, boolean chose) {
    boolean apart = parts.containsKey(CALIBRATION);
    Certainty certainty =
        (training.calibration() ? certainty(parts) : Certainty.NONE)
            .with(Judging.threshold(training, target));
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    parts.forEach(
        (part, rows) -> {
          Evaluation evaluation = rows.evaluate(certainty, training.seed());
          boolean selected =
              part.equals(OUT_OF_FOLD)
                  || (part.equals(VALIDATION) && (chose || (certainty.boundByRows() && !apart)));
          evaluations.put(part, selected ? evaluation.selected() : evaluation);
        });
    return new Verdict(certainty, evaluations);
  }

  private Certainty certainty(Map<String, AnsweredRows> parts) {
    AnsweredRows heldOut = parts.getOrDefault(OUT_OF_FOLD, parts.get(VALIDATION));
    AnsweredRows calibrating = parts.get(CALIBRATION);
    if (heldOut == null) {
      return Certainty.NONE;
    }
    CertaintyRows rows = heldOut.certainty(groups);
    return rows.certainty(calibrating == null ? rows : calibrating.certainty(groups));
  }
}
