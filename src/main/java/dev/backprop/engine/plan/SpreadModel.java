package dev.backprop.engine.plan;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.data.TableExamples;
import dev.backprop.engine.explain.Importance;
import dev.backprop.engine.scoring.AnsweredRows;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.RecordedAnswers;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.TrainingOutcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Makes the model of a training whose rows were spread over shards: measures what is served by
/// what it answered in the shards, and tells of its columns by a sample of the rows.
///
/// @param scorer of the network that is served
/// @param training resolved
/// @param sample of the rows
/// @param trainingSample those of the sample that trained, at least one
/// @param heldOutSample those of it that ended the training
/// @param trainingRows how many trained, of all
@SuppressWarnings("ArrayRecordComponent") // rows of a sample; never compared
public record SpreadModel(
    FeatureEncoder features,
    Scorer scorer,
    TrainingSpec training,
    TrainingData.Rows sample,
    int[] trainingSample,
    int[] heldOutSample,
    int trainingRows) {

  /// As that of other trainings.
  private static final Duration SHUFFLING = Duration.ofSeconds(2);

  /// @param validation answers to all rows that ended the training, shard by shard
  /// @param test likewise of those that test; none if there are no such rows
  /// @return the model, or that its figures are not finite
  public TrainingResult judge(
      TrainingOutcome.Completed completed,
      List<RecordedAnswers> validation,
      List<RecordedAnswers> test,
      InstantSource clock) {
    Map<String, AnsweredRows> parts = new LinkedHashMap<>();
    put(Judge.VALIDATION, validation, parts);
    put(Judge.TEST, test, parts);
    Judge.Verdict verdict =
        new Judge(training, scorer.target(), 1).judge(parts, training.servesBestEpoch());
    if (verdict.overflow() != null) {
      return new TrainingResult.Diverged(completed.bestEpoch(), verdict.overflow());
    }
    Predictor predictor = new Predictor(features, scorer).with(verdict.certainty());
    Learned learned =
        new Learned(
            verdict.evaluations(),
            null,
            null,
            null,
            null,
            insights(predictor, clock),
            completed.history(),
            completed.bestEpoch(),
            completed.ending(),
            List.of());
    return new TrainingResult.Trained(
        predictor,
        learned.withWarnings(
            Stream.of(
                    constants(),
                    completed.warnings(),
                    BaselineWarnings.of(learned, scorer.network().spec().resolvedLoss()))
                .flatMap(List::stream)
                .toList()));
  }

  private void put(String part, List<RecordedAnswers> answers, Map<String, AnsweredRows> parts) {
    if (answers.stream().anyMatch(shard -> shard.rows() > 0)) {
      parts.put(part, AnsweredRows.of(scorer, answers));
    }
  }

  private Insights insights(Predictor predictor, InstantSource clock) {
    return Insights.of(
        new Insights.Known(
            sample, trainingSample, sample, List.of(heldOutSample), Judge.VALIDATION),
        predictor,
        training.seed(),
        training.importance() && heldOutSample.length > 0
            ? new Importance.Limit(clock.instant().plus(SHUFFLING), clock, () -> false)
            : null);
  }

  private List<String> constants() {
    return new EncodedData(
            new TableExamples(sample.table(), features, null), features, scorer.targetEncoder())
        .warnings(trainingRows);
  }
}
