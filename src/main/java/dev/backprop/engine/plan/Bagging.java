package dev.backprop.engine.plan;

import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The networks of all folds are served together (Breiman 1996, Bagging Predictors; with folds as
/// in Krogh and Vedelsby 1995). Each row is answered out of fold by the one network that has not
/// learned from it, so that all rows tell how good the networks are.
///
/// @param training resolved
/// @param split its training rows have been dealt to the folds, its test rows are kept out
record Bagging(Fit fit, TrainingSpec training, Split split, Folds folds) {

  TrainingResult run(Team team, Watch watch) {
    FoldCheckpoints progress = new FoldCheckpoints(watch);
    FoldFits fits = new FoldFits(fit, training, folds, true);
    TrainingResult failed = fits.run(team, watch.supervisor(), progress);
    return failed == null ? together(progress.ended(), fits.warnings(split)) : failed;
  }

  private TrainingResult together(List<MeasuredFold> ended, List<String> warnings) {
    List<Member> members =
        IntStream.range(0, folds.count())
            .mapToObj(fold -> fit.member(folds.split(fold), kept(ended.get(fold))))
            .toList();
    EncodedData encoded = fit.data().encode(split.training(), fit.network());
    Predictor predictor =
        Predictor.of(
            encoded.features(),
            encoded.targetEncoder(),
            Baseline.of(encoded.examples(), split.training()),
            members);
    PredictorRows rows = fit.data().rows(predictor);
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    evaluations.put("outOfFold", predictor.evaluateApart(rows, heldOut()));
    if (split.test().length > 0) {
      evaluations.put("test", predictor.evaluate(rows, split.test()));
    }
    BaggingResult result =
        new BaggingResult(ended.stream().map(fold -> result(fold, kept(fold))).toList());
    for (Map.Entry<String, Evaluation> evaluation : evaluations.entrySet()) {
      if (!Double.isFinite(evaluation.getValue().loss())) {
        return new TrainingResult.Diverged(
            result.bestEpoch(), "the %s loss is not finite".formatted(evaluation.getKey()));
      }
    }
    Part learned = new Part(encoded.examples(), split.training());
    Part tested = new Part(encoded.examples(), split.test());
    return new TrainingResult.Trained(
        predictor,
        new Learned(
            evaluations,
            null,
            result,
            List.of(),
            result.bestEpoch(),
            result.ending(),
            Stream.of(
                    warnings,
                    encoded.warnings(split.training().length),
                    new HeldOut(learned, predictor.scorer().target())
                        .warnings("test", tested, false))
                .flatMap(List::stream)
                .toList()));
  }

  private static KeptFit kept(MeasuredFold fold) {
    return Objects.requireNonNull(fold.kept());
  }

  private static BaggingResult.Fold result(MeasuredFold fold, KeptFit kept) {
    return new BaggingResult.Fold(fold.figures(), kept.ending(), kept.history());
  }

  /// The rows that each network has not learned from.
  private List<int[]> heldOut() {
    List<int[]> rows = new ArrayList<>();
    for (int fold = 0; fold < folds.count(); fold++) {
      rows.add(folds.split(fold).validation());
    }
    return rows;
  }
}
