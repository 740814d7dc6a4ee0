package dev.backprop.engine.plan;

import dev.backprop.engine.data.EncodedExamples;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.scoring.AnsweredRows;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.Certainty;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Judging;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.FitSupervisor;
import dev.backprop.engine.training.InvalidCheckpointException;
import dev.backprop.engine.training.Part;
import dev.backprop.engine.training.Snapshot;
import dev.backprop.engine.training.Trainer;
import dev.backprop.engine.training.TrainingOutcome;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Fits a network to some of the rows, from its encoders to its metrics. May fit several at once,
/// on as many threads.
///
/// @param validation rows to validate on that are not taken from the data; null to take them from
///   the split
/// @param network resolved
/// @param start whose parameters and encoders a fit begins with; null if they are drawn and fitted
/// @param spare lends memory for rows that are encoded once
/// @param judges whether all is told that there is to tell, since what comes of it is the model
record Fit(
    TrainingData data,
    @Nullable TrainingData validation,
    NetworkSpec network,
    @Nullable Predictor start,
    Kernels kernels,
    InstantSource clock,
    SpareMemory spare,
    boolean judges) {

  /// The same of a network that will be the model.
  Fit judging() {
    return new Fit(data, validation, network, start, kernels, clock, spare, true);
  }

  /// @param training resolved
  /// @param epochs to run, at most those of the training, whose schedule it follows
  /// @param from state to go on from; null to begin
  /// @throws InvalidCheckpointException if that is the state of another fit
  TrainingResult run(
      Split split,
      TrainingSpec training,
      int epochs,
      Team team,
      @Nullable Snapshot from,
      FitSupervisor supervisor) {
    EncodedData encoded =
        start == null
            ? data.encode(split.training(), network)
            : data.encodeFor(start, split.training());
    EncodedExamples once = encoded.once();
    try (SpareMemory.Loan loan = once == null ? null : spare.lend(once.keptBytes(), once::forget)) {
      if (once == null || loan == null) {
        return run(encoded, split, training, epochs, team, from, supervisor);
      }
      once.keep(team);
      return run(encoded.with(once), split, training, epochs, team, from, supervisor);
    }
  }

  private TrainingResult run(
      EncodedData encoded,
      Split split,
      TrainingSpec training,
      int epochs,
      Team team,
      @Nullable Snapshot from,
      FitSupervisor supervisor) {
    Network net = begin(encoded, training.seed(), kernels.with(team));
    Network served = training.averaging() == null ? net : net.copy();
    Scorer scorer =
        new Scorer(
            served, encoded.targetEncoder(), Baseline.of(encoded.examples(), split.training()));
    Part trainingPart = new Part(encoded.examples(), split.training());
    Part heldOut =
        validation == null
            ? new Part(encoded.examples(), split.validation())
            : encoded.encodeAlike(validation);
    HoldOut holdOut = holdOut(split);
    Part validationPart = new Part(heldOut.examples(), holdOut.validating());
    Part testPart = new Part(encoded.examples(), split.test());
    TrainingOutcome outcome =
        new Trainer(net, scorer, training, trainingPart, validationPart, team, clock)
            .train(epochs, from, supervisor);
    return switch (outcome) {
      case TrainingOutcome.Suspended _ -> new TrainingResult.Suspended();
      case TrainingOutcome.Cancelled(int epoch) -> new TrainingResult.Cancelled(epoch);
      case TrainingOutcome.Diverged(int epoch, String detail) ->
          new TrainingResult.Diverged(epoch, detail);
      case TrainingOutcome.Completed completed ->
          trained(
              completed,
              scorer,
              encoded,
              training,
              new Parts(
                  trainingPart,
                  validationPart,
                  new Part(heldOut.examples(), split.calibration()),
                  testPart));
    };
  }

  /// A network that was kept, with its encoders.
  ///
  /// @param split whose training rows it learned from
  Member member(Split split, KeptFit kept) {
    EncodedData encoded = data.encode(split.training(), network);
    Network net =
        Network.of(network, data.inputs(), data.target(network).outputs(), kept.values(), kernels);
    return new Member(
        encoded.features(),
        new Scorer(
            net, encoded.targetEncoder(), Baseline.of(encoded.examples(), split.training())));
  }

  /// The rows of a model that has learned from all training rows.
  HoldOut holdOut(Split split) {
    return new HoldOut(data, validation, split);
  }

  private Network begin(EncodedData encoded, long seed, Kernels with) {
    return start == null
        ? Network.initialize(
            network,
            data.inputs(),
            data.target(network).outputs(),
            encoded.silentInputs(),
            seed,
            with)
        : start.scorer().network().copy(with);
  }

  private record Parts(Part training, Part validation, Part calibration, Part test) {}

  private TrainingResult trained(
      TrainingOutcome.Completed completed,
      Scorer scorer,
      EncodedData encoded,
      TrainingSpec training,
      Parts parts) {
    Map<String, Part> told = new LinkedHashMap<>();
    if (judges) {
      told.put(Judge.CALIBRATION, parts.calibration);
    }
    told.put(Judge.VALIDATION, parts.validation);
    told.put(Judge.TEST, parts.test);
    told.values().removeIf(Part::isEmpty);
    if (told.isEmpty()) {
      told.put(Judge.TRAINING, parts.training);
    }
    Judge.Verdict verdict = verdict(told, scorer, training);
    if (verdict.overflow() != null) {
      return new TrainingResult.Diverged(completed.bestEpoch(), verdict.overflow());
    }
    HeldOut heldOut = new HeldOut(parts.training, scorer.target());
    return new TrainingResult.Trained(
        new Predictor(encoded.features(), scorer).with(verdict.certainty()),
        new Learned(
            verdict.evaluations(),
            null,
            null,
            null,
            null,
            null,
            completed.history(),
            completed.bestEpoch(),
            completed.ending(),
            Stream.of(
                    encoded.warnings(parts.training.rows().length),
                    heldOut.warnings("validation", parts.validation, validation != null),
                    heldOut.warnings("test", parts.test, false),
                    completed.warnings())
                .flatMap(List::stream)
                .toList()));
  }

  private Judge.Verdict verdict(Map<String, Part> parts, Scorer scorer, TrainingSpec training) {
    if (judges) {
      Map<String, AnsweredRows> rows = new LinkedHashMap<>();
      parts.forEach(
          (name, part) -> rows.put(name, AnsweredRows.of(scorer, part.examples(), part.rows())));
      return new Judge(training, scorer.target(), 1).judge(rows, training.servesBestEpoch());
    }
    Judging judging = Selection.judgingOf(training, scorer.target());
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    parts.forEach(
        (name, part) ->
            evaluations.put(
                name,
                scorer.evaluate(part.examples(), part.rows(), scorer.workspace(), null, judging)));
    return new Judge.Verdict(Certainty.NONE, evaluations);
  }
}
