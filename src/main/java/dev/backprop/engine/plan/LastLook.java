package dev.backprop.engine.plan;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.drift.Reference;
import dev.backprop.engine.explain.Importance;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// Looks back when a model has been trained: what it knows of its columns becomes part of it.
///
/// @param training resolved
/// @param begun when the training began, or went on
record LastLook(TrainingSpec training, Instant begun, InstantSource clock, Supervisor supervisor) {

  /// Columns are shuffled for this share of the training's time, and no longer than that.
  private static final int SHARE = 20;

  private static final Duration LONGEST = Duration.ofSeconds(2);

  /// @param holdOut the rows that were held out once, and tell most
  TrainingResult back(TrainingResult.Trained trained, HoldOut holdOut) {
    return back(trained, holdOut.known(), holdOut);
  }

  /// @param known the rows that tell most
  /// @param holdOut the rows that are held out once, perhaps none
  /// @return the model with its insights, or how the training ended meanwhile
  TrainingResult back(TrainingResult.Trained trained, Insights.Known known, HoldOut holdOut) {
    Learned learned = trained.learned();
    AtomicReference<Signal> heard = new AtomicReference<>(Signal.GO_ON);
    Insights insights =
        Insights.of(
            known,
            trained.predictor(),
            training.seed(),
            training.importance() ? limit(heard) : null);
    return heard.get() == Signal.CANCEL
        ? new TrainingResult.Cancelled(learned.bestEpoch())
        : new TrainingResult.Trained(
            trained.predictor(),
            learned.with(insights).withMore(warnings(trained, insights, holdOut)));
  }

  private List<String> warnings(
      TrainingResult.Trained trained, Insights insights, HoldOut holdOut) {
    Predictor predictor = trained.predictor();
    Reference reference = insights.reference();
    FeatureEncoder features = predictor.features();
    List<String> ofParts =
        reference == null || features == null
            ? List.of()
            : new PartWarnings(holdOut, reference, features, training.seed()).warnings();
    List<String> ofBaseline =
        BaselineWarnings.of(trained.learned(), predictor.scorer().network().spec().resolvedLoss());
    List<String> alone =
        holdOut.data() instanceof TrainingData.Rows data
            ? new AloneWarnings(data, holdOut.split().training(), training.seed()).warnings()
            : List.of();
    return Stream.of(alone, ofParts, ofBaseline).flatMap(List::stream).toList();
  }

  /// Whoever cancels or suspends a training does not wait. A suspended one has all but this behind
  /// it, and ends well.
  private Importance.Limit limit(AtomicReference<Signal> heard) {
    Instant now = clock.instant();
    Duration share = Duration.between(begun, now).dividedBy(SHARE);
    return new Importance.Limit(
        now.plus(share.compareTo(LONGEST) < 0 ? share : LONGEST),
        clock,
        () -> {
          heard.set(supervisor.signal());
          return heard.get() == Signal.CANCEL || heard.get() == Signal.SUSPEND;
        });
  }
}
