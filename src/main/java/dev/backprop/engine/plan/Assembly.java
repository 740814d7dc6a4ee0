package dev.backprop.engine.plan;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.scoring.AnsweredRows;
import dev.backprop.engine.scoring.Baseline;
import dev.backprop.engine.scoring.CandidateAnswers;
import dev.backprop.engine.scoring.Judging;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorRows;
import dev.backprop.engine.scoring.Selection;
import dev.backprop.engine.spec.EnsembleSpec;
import dev.backprop.engine.spec.TrainingSpec;
import dev.backprop.engine.training.Ending;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes a model of candidates that have been trained: chooses among them, and measures what is
/// served.
///
/// @param of whose candidates they are
/// @param networks one for each of the fits
/// @param leftOut warnings of candidates that are not served
record Assembly(
    Together of, Served served, List<Member> networks, List<String> leftOut, LastPhase last) {

  /// What is known of a model beside how good it is, as [Learned] has it.
  private record Facts(
      @Nullable BaggingResult bagging,
      @Nullable EnsembleResult ensemble,
      @Nullable Choice choice,
      List<EpochReport> history,
      int bestEpoch,
      Ending ending) {}

  /// @return the model, or how the training ended before it was made
  TrainingResult model() {
    EnsembleSpec ensemble = of.ensemble();
    if (ensemble == null) {
      return together(all());
    }
    return switch (ensemble.choose()) {
      case ALL -> together(all());
      case GREEDY -> greedy();
      case BEST -> best();
    };
  }

  private int[] all() {
    int[] weights = new int[served.candidates().size()];
    Arrays.fill(weights, 1);
    return weights;
  }

  private TrainingResult greedy() {
    EncodedData encoded = encode(of.candidates().getFirst());
    Predictor all =
        Predictor.of(encoded.features(), encoded.targetEncoder(), baseline(encoded), networks);
    CandidateAnswers answers = new CandidateAnswers(all, heldOutRows(all), heldOut());
    TrainingResult ended = last.each(networks.size(), answers::ask);
    if (ended != null) {
      return ended;
    }
    GreedyLibrary library = new GreedyLibrary(answers, last);
    int[] counts = GreedySelection.counts(library);
    return counts == null ? library.ended() : together(counts);
  }

  /// @param weights how often each of the candidates counts
  private TrainingResult together(int[] weights) {
    EncodedData encoded = encode(of.candidates().getFirst());
    List<Member> kept = new ArrayList<>();
    for (int n = 0; n < networks.size(); n++) {
      int weight = weights[n / served.each()];
      if (weight > 0) {
        kept.add(networks.get(n).weighing(weight));
      }
    }
    EnsembleResult result = new EnsembleResult(served.trained(), results(weights));
    BaggingResult fits = result.served();
    boolean named = of.ensemble() != null;
    return trained(
        Predictor.of(encoded.features(), encoded.targetEncoder(), baseline(encoded), kept),
        encoded,
        new Facts(
            named ? null : fits,
            named ? result : null,
            null,
            List.of(),
            fits.bestEpoch(),
            fits.ending()));
  }

  /// A candidate that diverged has no folds.
  private List<EnsembleResult.MemberResult> results(int[] weights) {
    List<EnsembleResult.MemberResult> results = new ArrayList<>();
    for (int candidate = 0; candidate < served.trained(); candidate++) {
      int place = served.candidates().indexOf(candidate);
      results.add(
          new EnsembleResult.MemberResult(
              candidate + 1, place < 0 ? 0 : weights[place], place < 0 ? List.of() : folds(place)));
    }
    return results;
  }

  private List<BaggingResult.Fold> folds(int place) {
    return served.of(place).stream().map(Assembly::fold).toList();
  }

  private static BaggingResult.Fold fold(MeasuredFold fold) {
    KeptFit kept = Objects.requireNonNull(fold.kept());
    return new BaggingResult.Fold(fold.figures(), kept.ending(), kept.history());
  }

  private TrainingResult best() {
    Candidate first = of.candidates().getFirst(); // of which all have the target and the selection
    Judging judging = Selection.judgingOf(first.training(), networks.getFirst().scorer().target());
    BestMember best =
        new BestMember(
            IntStream.range(0, served.candidates().size()).mapToObj(this::candidate).toList(),
            encode(first).targetEncoder(),
            first.training().selection());
    TrainingResult ended =
        last.each(
            served.candidates().size(),
            place ->
                best.compare(
                    place,
                    predictor ->
                        predictor.evaluateApart(heldOutRows(predictor), heldOut(), judging)));
    return ended == null ? alone(best.choice()) : ended;
  }

  private BestMember.Trained candidate(int place) {
    return new BestMember.Trained(
        served.candidates().get(place) + 1,
        of.candidates().get(served.candidates().get(place)).target(),
        networks(place),
        served.of(place).stream().map(MeasuredFold::figures).toList());
  }

  private List<Member> networks(int place) {
    return networks.subList(place * served.each(), (place + 1) * served.each());
  }

  /// The member that was chosen is served as if it had been trained alone.
  private TrainingResult alone(Choice choice) {
    int place = served.candidates().indexOf(choice.member() - 1);
    EncodedData encoded = encode(of.candidates().get(choice.member() - 1));
    if (of.folds() != null) {
      BaggingResult bagging =
          new BaggingResult(folds(place).stream().map(BaggingResult.Fold::ofNoMember).toList());
      return trained(
          Predictor.of(
              encoded.features(), encoded.targetEncoder(), baseline(encoded), networks(place)),
          encoded,
          new Facts(bagging, null, choice, List.of(), bagging.bestEpoch(), bagging.ending()));
    }
    Member only = networks.get(place);
    KeptFit kept = Objects.requireNonNull(served.fits().get(place).kept());
    return trained(
        new Predictor(only.features(), only.scorer()),
        encoded,
        new Facts(null, null, choice, kept.history(), kept.bestEpoch(), kept.ending()));
  }

  private EncodedData encode(Candidate candidate) {
    return candidate.fit().data().encode(of.split().training(), candidate.fit().network());
  }

  private Baseline baseline(EncodedData encoded) {
    return Baseline.of(encoded.examples(), of.split().training());
  }

  private TrainingData data() {
    return of.lead().data();
  }

  private @Nullable TrainingData validation() {
    return of.lead().validation();
  }

  private HoldOut holdOut() {
    return new HoldOut(data(), validation(), of.split());
  }

  /// The rows that the networks have not learned from.
  private PredictorRows heldOutRows(Predictor predictor) {
    TrainingData validation = validation();
    return (validation == null ? data() : validation).rows(predictor);
  }

  /// The same, those of each fold.
  private List<int[]> heldOut() {
    return of.folds() == null
        ? List.of(holdOut().validating())
        : IntStream.range(0, served.each())
            .mapToObj(fold -> served.parting().split(fold).validation())
            .toList();
  }

  private String heldOutPart() {
    return of.folds() == null ? Judge.VALIDATION : Judge.OUT_OF_FOLD;
  }

  private TrainingResult trained(Predictor predictor, EncodedData encoded, Facts facts) {
    Judge.Verdict verdict = verdict(predictor);
    if (verdict.overflow() != null) {
      return new TrainingResult.Diverged(facts.bestEpoch, verdict.overflow());
    }
    return of.look()
        .back(
            new TrainingResult.Trained(
                predictor.with(verdict.certainty()),
                new Learned(
                    verdict.evaluations(),
                    null,
                    facts.bagging,
                    facts.ensemble,
                    facts.choice,
                    null,
                    facts.history,
                    facts.bestEpoch,
                    facts.ending,
                    warnings(predictor, encoded))),
            of.folds() == null
                ? holdOut().known()
                : new Insights.Known(
                    data(), of.split().training(), data(), heldOut(), heldOutPart()),
            holdOut());
  }

  private Judge.Verdict verdict(Predictor predictor) {
    Map<String, AnsweredRows> parts = new LinkedHashMap<>();
    PredictorRows heldOut = heldOutRows(predictor);
    int[] calibrating = of.split().calibration();
    if (calibrating.length > 0) {
      parts.put(Judge.CALIBRATION, AnsweredRows.of(predictor, heldOut, List.of(calibrating)));
    }
    parts.put(heldOutPart(), AnsweredRows.of(predictor, heldOut, heldOut()));
    int[] test = of.split().test();
    if (test.length > 0) {
      parts.put(Judge.TEST, AnsweredRows.of(predictor, data().rows(predictor), List.of(test)));
    }
    TrainingSpec training = of.candidates().getFirst().training();
    boolean chose = of.candidates().size() > 1 || training.servesBestEpoch();
    return new Judge(training, predictor.scorer().target(), of.folds() == null ? 1 : served.each())
        .judge(parts, chose);
  }

  private List<String> warnings(Predictor predictor, EncodedData encoded) {
    Examples examples = encoded.examples();
    int[] training = of.split().training();
    HeldOut heldOut = new HeldOut(new Part(examples, training), predictor.scorer().target());
    TrainingData validation = validation();
    int all = of.parting().count();
    List<String> finished =
        served.each() == all
            ? List.of()
            : List.of(
                "the training was finished when %d of its %d folds had begun: no network answers for the others"
                    .formatted(served.each(), all));
    return Stream.of(
            leftOut,
            finished,
            of.folds() == null
                ? List.<String>of()
                : new FoldWarnings(data(), of.folds()).of(of.split()),
            encoded.warnings(training.length),
            heldOut.warnings(
                "validation",
                validation == null
                    ? new Part(examples, holdOut().validating())
                    : encoded.encodeAlike(validation),
                validation != null),
            heldOut.warnings("test", new Part(examples, of.split().test()), false))
        .flatMap(List::stream)
        .toList();
  }
}
