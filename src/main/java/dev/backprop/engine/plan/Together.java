package dev.backprop.engine.plan;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.Folds;
import dev.backprop.engine.data.Split;
import dev.backprop.engine.linalg.Team;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.CandidateAnswers;
import dev.backprop.engine.scoring.Evaluation;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.training.Ending;
import dev.backprop.engine.training.Part;
import dev.backprop.engine.training.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Several networks are served together, whose answers are averaged.
///
/// With folds, the networks of all folds are served (Breiman 1996, Bagging Predictors; with folds
/// as in Krogh and Vedelsby 1995). Each row is answered out of fold by the networks that have not
/// learned from it, so that all rows tell how good the networks are. Without folds, the rows that
/// are held out do. An ensemble has several candidates, of which [GreedySelection] may choose by
/// these answers.
///
/// @param split with folds, its training rows have been dealt to them; its test rows are kept out
/// @param folds null if the rows are held out once
/// @param ensemble null if there is one candidate, which is served
record Together(
    List<Candidate> candidates,
    Split split,
    @Nullable Folds folds,
    @Nullable EnsembleSpec ensemble) {

  /// @param limits of the candidates that begin
  TrainingResult run(Team team, Watch watch, Admission.Limits limits) {
    Admission admission = admission(watch, limits);
    FoldCheckpoints progress = new FoldCheckpoints(watch, ensemble == null ? null : admission);
    FitTasks tasks = new FitTasks(candidates, parting(), true, ensemble != null);
    TrainingResult failed = tasks.run(team, watch.supervisor(), progress, admission);
    if (failed != null) {
      return failed;
    }
    Served served = served(progress.ended());
    LastPhase last = new LastPhase(team, watch.supervisor(), progress);
    failed = last.each(served.fits.size(), fit -> tasks.restore(served.fits.get(fit)));
    return failed == null ? together(tasks, served, last) : failed;
  }

  /// All that has ended, unless the training was finished before its end. Then the candidates whose
  /// fits have all ended by themselves are served. Of the first one, those that were cut are, too.
  private Served served(List<MeasuredFold> ended) {
    int each = parting().count();
    int[] ofCandidate = new int[candidates.size()];
    for (MeasuredFold fold : ended) {
      int candidate = (fold.task() - 1) / each;
      boolean cut = Objects.requireNonNull(fold.kept()).ending() == Ending.STOPPED_BY_TIME;
      ofCandidate[candidate] += candidate == 0 || !cut ? 1 : 0;
    }
    int complete = 0;
    while (complete < ofCandidate.length && ofCandidate[complete] == each) {
      complete++;
    }
    int served = Math.max(1, complete);
    List<MeasuredFold> fits = ended.stream().filter(fold -> fold.task() <= served * each).toList();
    return new Served(
        fits,
        complete > 0
            ? parting()
            : new Parting(
                fits.size(), fold -> parting().split(fits.get(fold).figures().fold() - 1)));
  }

  /// What is there at the end.
  ///
  /// @param fits of which some may be chosen
  /// @param parting of the rows to the fits of a candidate
  private record Served(List<MeasuredFold> fits, Parting parting) {

    int each() {
      return parting.count();
    }
  }

  private Admission admission(Watch watch, Admission.Limits limits) {
    Begun from = watch.from() == null ? null : watch.from().begun();
    if (from == null) {
      Integer asked = ensemble == null ? null : ensemble.candidates();
      from =
          new Begun(
              asked != null ? asked : limits.seconds() == null ? candidates.size() : 1,
              asked != null,
              0);
    }
    return new Admission(
        candidates.stream().mapToDouble(Candidate::cost).toArray(),
        parting().count(),
        limits,
        from,
        lead().clock());
  }

  private Parting parting() {
    return folds == null ? Parting.of(split) : Parting.of(folds);
  }

  private Fit lead() {
    return candidates.getFirst().fit();
  }

  /// Work behind that of the last task, side by side.
  private record LastPhase(Team team, Supervisor supervisor, FoldCheckpoints progress) {

    /// @return null if all pieces are done, else how the training ends
    @Nullable TrainingResult each(int pieces, IntConsumer work) {
      AtomicReference<@Nullable Signal> ended = new AtomicReference<>();
      team.run(
          pieces,
          piece -> {
            Signal now = ended.get() == null ? supervisor.signal() : ended.get();
            if (now == Signal.CANCEL || now == Signal.SUSPEND) {
              ended.set(now);
            } else {
              work.accept(piece);
            }
          });
      Signal why = ended.get();
      if (why == Signal.SUSPEND) {
        progress.save();
        return new TrainingResult.Suspended();
      }
      return why == null
          ? null
          : new TrainingResult.Cancelled(progress.ended().getLast().figures().epochs());
    }
  }

  private TrainingResult together(FitTasks tasks, Served served, LastPhase last) {
    EncodedData encoded = lead().data().encode(split.training(), lead().network());
    Baseline baseline = Baseline.of(encoded.examples(), split.training());
    List<Member> members = served.fits.stream().map(tasks::member).toList();
    Predictor all = Predictor.of(encoded.features(), encoded.targetEncoder(), baseline, members);
    int[] weights = new int[members.size() / served.each()];
    Arrays.fill(weights, 1);
    if (ensemble != null && ensemble.choose() == EnsembleSpec.Choose.GREEDY) {
      CandidateAnswers answers = new CandidateAnswers(all, heldOutRows(all), heldOut(served));
      TrainingResult failed = last.each(members.size(), answers::ask);
      if (failed != null) {
        return failed;
      }
      weights = GreedySelection.counts(library(answers, last.team));
    }
    List<Member> kept = new ArrayList<>();
    for (int task = 0; task < members.size(); task++) {
      int weight = weights[task / served.each()];
      if (weight > 0) {
        kept.add(members.get(task).weighing(weight));
      }
    }
    return trained(
        Predictor.of(encoded.features(), encoded.targetEncoder(), baseline, kept),
        encoded,
        served,
        weights);
  }

  private static GreedySelection.Library library(CandidateAnswers answers, Team team) {
    return new GreedySelection.Library() {

      @Override
      public int size() {
        return answers.size();
      }

      @Override
      public double[] lossesWithOneMore() {
        return answers.lossesWithOneMore(team);
      }

      @Override
      public void take(int candidate) {
        answers.take(candidate);
      }
    };
  }

  private static List<EnsembleResult.MemberResult> results(Served served, int[] weights) {
    int each = served.each();
    return IntStream.range(0, weights.length)
        .mapToObj(
            candidate ->
                new EnsembleResult.MemberResult(
                    candidate + 1,
                    weights[candidate],
                    served.fits.subList(candidate * each, (candidate + 1) * each).stream()
                        .map(Together::result)
                        .toList()))
        .toList();
  }

  private static BaggingResult.Fold result(MeasuredFold fold) {
    KeptFit kept = Objects.requireNonNull(fold.kept());
    return new BaggingResult.Fold(fold.figures(), kept.ending(), kept.history());
  }

  /// The rows that the networks have not learned from.
  private PredictorRows heldOutRows(Predictor predictor) {
    TrainingData validation = lead().validation();
    return (validation == null ? lead().data() : validation).rows(predictor);
  }

  /// The same, those of each fold.
  private List<int[]> heldOut(Served served) {
    TrainingData validation = lead().validation();
    return validation != null
        ? List.of(validation.unencoded().labelled())
        : IntStream.range(0, served.each())
            .mapToObj(fold -> served.parting.split(fold).validation())
            .toList();
  }

  private TrainingResult trained(
      Predictor predictor, EncodedData encoded, Served fits, int[] weights) {
    EnsembleResult result = new EnsembleResult(weights.length, results(fits, weights));
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    evaluations.put(
        folds == null ? "validation" : "outOfFold",
        predictor.evaluateApart(heldOutRows(predictor), heldOut(fits)));
    if (split.test().length > 0) {
      evaluations.put("test", predictor.evaluate(lead().data().rows(predictor), split.test()));
    }
    BaggingResult served = result.served();
    for (Map.Entry<String, Evaluation> evaluation : evaluations.entrySet()) {
      if (!Double.isFinite(evaluation.getValue().loss())) {
        return new TrainingResult.Diverged(
            served.bestEpoch(), "the %s loss is not finite".formatted(evaluation.getKey()));
      }
    }
    return new TrainingResult.Trained(
        predictor,
        new Learned(
            evaluations,
            null,
            ensemble == null ? served : null,
            ensemble == null ? null : result,
            List.of(),
            served.bestEpoch(),
            served.ending(),
            warnings(predictor, encoded, fits)));
  }

  private List<String> warnings(Predictor predictor, EncodedData encoded, Served fits) {
    Examples examples = encoded.examples();
    HeldOut heldOut =
        new HeldOut(new Part(examples, split.training()), predictor.scorer().target());
    TrainingData validation = lead().validation();
    List<String> leftOut =
        fits.each() == parting().count()
            ? List.of()
            : List.of(
                "the training was finished when %d of its %d folds had begun: no network answers for the others"
                    .formatted(fits.each(), parting().count()));
    return Stream.of(
            leftOut,
            folds == null ? List.<String>of() : new FoldWarnings(lead().data(), folds).of(split),
            encoded.warnings(split.training().length),
            heldOut.warnings(
                "validation",
                validation == null
                    ? new Part(examples, split.validation())
                    : encoded.encodeAlike(validation),
                validation != null),
            heldOut.warnings("test", new Part(examples, split.test()), false))
        .flatMap(List::stream)
        .toList();
  }
}
