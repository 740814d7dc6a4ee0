package dev.backprop.service.prediction;

import dev.backprop.engine.figures.Bootstrap;
import dev.backprop.engine.figures.Bounds;
import dev.backprop.engine.figures.Sample;
import dev.backprop.engine.plan.Headline;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Holds the answers of several versions against the same rows.
@Component
record Comparisons(BodyRows bodies, ComputeSlots slots) {

  private static final long SEED = 0;

  /// @throws ProblemException 422 if they have other targets, or if the data set is not such as one
  ///   of them takes
  ComparisonAnswer compare(
      List<ModelVersion> versions, String dataset, Caller caller, HttpServletRequest request) {
    checkTargets(versions);
    List<Predictor.Judged> judged = new ArrayList<>();
    int rows = 0;
    try (ComputeSlots.Slot _ = slots.acquire(request)) {
      for (int i = 0; i < versions.size(); i++) {
        ModelVersion version = versions.get(i);
        if (!(version.inputs() instanceof ModelInputs.Columns columns)) {
          throw refused(i, "must take columns, takes bare numbers");
        }
        try (DatasetRows given = bodies.labelled(dataset, version, columns, caller)) {
          given.check();
          rows = given.size();
          try (GivenRows.Parts parts = given.parts()) {
            judged.add(Evaluations.judge(version, rows, parts));
          }
        }
      }
      return answer(versions, judged, rows);
    }
  }

  private static void checkTargets(List<ModelVersion> versions) {
    for (int i = 1; i < versions.size(); i++) {
      List<String> first = names(versions.getFirst());
      List<String> other = names(versions.get(i));
      if (!first.equals(other)
          || versions.get(i).predictor().scorer().target().task()
              != versions.getFirst().predictor().scorer().target().task()) {
        throw refused(
            i, "must have the targets of the first version, %s, has %s".formatted(first, other));
      }
    }
  }

  private static List<String> names(ModelVersion version) {
    return version.predictor().scorer().target().names();
  }

  private static ProblemException refused(int version, String detail) {
    return ProblemException.at(ProblemCode.INVALID_DATA, "/versions/" + version, detail);
  }

  private static ComparisonAnswer answer(
      List<ModelVersion> versions, List<Predictor.Judged> judged, int rows) {
    String metric = Headline.metric(judged.getFirst().evaluation()).figure();
    List<ComparisonAnswer.Compared> compared = new ArrayList<>();
    List<ComparisonAnswer.Difference> differences = new ArrayList<>();
    for (int a = 0; a < versions.size(); a++) {
      compared.add(
          new ComparisonAnswer.Compared(
              versions.get(a).name(), versions.get(a).version(), judged.get(a).evaluation()));
      for (int b = a + 1; b < versions.size(); b++) {
        double difference =
            Headline.value(judged.get(a).evaluation()) - Headline.value(judged.get(b).evaluation());
        differences.add(
            new ComparisonAnswer.Difference(
                a,
                b,
                difference,
                interval(judged.get(a), judged.get(b), metric, difference, rows)));
      }
    }
    return new ComparisonAnswer(rows, metric, compared, differences);
  }

  private static @Nullable List<Double> interval(
      Predictor.Judged a, Predictor.Judged b, String metric, double difference, int rows) {
    Sample ofA = a.sample();
    Sample ofB = b.sample();
    // Versions may weigh rows by other columns, and then have no pairs.
    if (ofA == null || ofB == null || !Arrays.equals(ofA.weights(), ofB.weights())) {
      return null;
    }
    Bounds bounds = new Bootstrap(SEED).difference(ofA, ofB, metric, difference, rows).bounds();
    return bounds == null ? null : List.of(bounds.low(), bounds.high());
  }
}
