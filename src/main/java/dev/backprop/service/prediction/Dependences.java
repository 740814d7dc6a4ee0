package dev.backprop.service.prediction;

import dev.backprop.engine.data.CellRows;
import dev.backprop.engine.explain.Dependence;
import dev.backprop.engine.scoring.NonFiniteOutputException;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelInputs;
import dev.backprop.service.model.ModelVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/// Tells how answers depend on columns. Whoever asks the same gets the same: rows are drawn by one
/// seed.
@Component
record Dependences(BodyRows bodies, ComputeSlots slots, Budget inFlight) {

  private static final long SEED = 0;

  /// Numbers of a surface at most, of all its answers.
  private static final int MOST_NUMBERS = 1_000_000;

  private static final int LEAST_SIZE = 2;

  /// @throws ProblemException 422 if it cannot be
  DependenceAnswer partial(
      ModelVersion version, DependenceRequest asked, Caller caller, HttpServletRequest request) {
    ModelInputs.Columns inputs = columns(version);
    List<Integer> features = features(inputs, asked.columns());
    boolean two = features.size() == 2;
    int most = two ? Dependence.ROWS_OF_TWO : Dependence.ROWS;
    int points = two ? Dependence.POINTS_OF_TWO : Dependence.POINTS;
    try (Budget.Claim claim = inFlight.claim();
        ComputeSlots.Slot _ = slots.acquire(request);
        DatasetRows given = bodies.dataset(asked.dataset(), version, inputs, caller)) {
      claim(claim, version, most, two ? points * points : points);
      CellRows rows = sample(given, most);
      Dependence dependence = new Dependence(version.predictor());
      List<Dependence.Axis> axes = new ArrayList<>();
      for (int i = 0; i < features.size(); i++) {
        int feature = features.get(i);
        axes.add(dependence.values(feature, rows.column(feature), points));
        if (axes.getLast().cells().length == 0) {
          throw invalid("/columns/" + i, "must have a value in the data set, has 0 that are known");
        }
      }
      return answer(
          version,
          inputs,
          rows.size(),
          () ->
              two
                  ? dependence.partial(rows, axes.getFirst(), axes.getLast())
                  : dependence.partial(rows, axes.getFirst()));
    }
  }

  /// @throws ProblemException likewise
  DependenceAnswer surface(ModelVersion version, SurfaceRequest asked, HttpServletRequest request) {
    ModelInputs.Columns inputs = columns(version);
    int x = feature(inputs, "/x", asked.x());
    int y = feature(inputs, "/y", asked.y());
    if (x == y) {
      throw invalid("/y", "must be another column than x, was '%s' too".formatted(asked.y()));
    }
    int size = asked.sizeOrUsual();
    checkSize(version, size);
    double[] row = SurfaceRow.of(version, inputs, asked.cells());
    try (Budget.Claim claim = inFlight.claim();
        ComputeSlots.Slot _ = slots.acquire(request)) {
      claim(claim, version, size, size * size);
      Dependence dependence = new Dependence(version.predictor());
      return answer(
          version,
          inputs,
          1,
          () -> dependence.surface(row, dependence.range(x, size), dependence.range(y, size)));
    }
  }

  private static void checkSize(ModelVersion version, int size) {
    if (size < LEAST_SIZE || size > Dependence.MOST_OF_SURFACE) {
      throw invalid(
          "/size",
          "must be from %d to %d, was %d".formatted(LEAST_SIZE, Dependence.MOST_OF_SURFACE, size));
    }
    long numbers = (long) size * size * outputs(version);
    if (numbers > MOST_NUMBERS) {
      throw invalid(
          "/size",
          "must leave at most %d numbers of all answers, leaves %d"
              .formatted(MOST_NUMBERS, numbers));
    }
  }

  private static DependenceAnswer answer(
      ModelVersion version,
      ModelInputs.Columns inputs,
      int rows,
      Supplier<Dependence.Answers> compute) {
    try {
      return DependenceAnswer.of(version, inputs, rows, compute.get());
    } catch (NonFiniteOutputException _) {
      throw new ProblemException(
          ProblemCode.INVALID_DATA, "the model's answer to such rows is not finite");
    }
  }

  private static void claim(Budget.Claim claim, ModelVersion version, int rows, int answers) {
    long cells = (long) rows * version.inputs().names().size();
    claim.grow(
        version.predictor().workspaceBytes(Math.min(Scorer.BLOCK, rows))
            + Double.BYTES * (2 * cells + 4L * answers * outputs(version)));
  }

  private static int outputs(ModelVersion version) {
    return Math.max(2, version.predictor().scorer().target().outputs());
  }

  private static ModelInputs.Columns columns(ModelVersion version) {
    return switch (version.inputs()) {
      case ModelInputs.Columns columns -> columns;
      case ModelInputs.Numbers _ ->
          throw new ProblemException(
              ProblemCode.INVALID_DATA, "this model takes bare numbers, it has no columns");
    };
  }

  private static List<Integer> features(ModelInputs.Columns inputs, List<String> names) {
    if (names.isEmpty() || names.size() > 2) {
      throw invalid("/columns", "must be 1 or 2, were " + names.size());
    }
    List<Integer> features = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int feature = feature(inputs, "/columns/" + i, names.get(i));
      if (features.contains(feature)) {
        throw invalid(
            "/columns/" + i,
            "must be another column than the first, was '%s' too".formatted(names.get(i)));
      }
      features.add(feature);
    }
    return features;
  }

  private static int feature(ModelInputs.Columns inputs, String pointer, String name) {
    Integer feature = inputs.places().get(name);
    if (feature == null) {
      throw invalid(
          pointer,
          "must be one of the %d columns that the model uses, was '%s'"
              .formatted(inputs.places().size(), Excerpt.of(name)));
    }
    return feature;
  }

  static ProblemException invalid(String pointer, String detail) {
    return ProblemException.at(ProblemCode.INVALID_DATA, pointer, detail);
  }

  /// Some of the rows, drawn.
  private static CellRows sample(DatasetRows given, int most) {
    int[] drawn = Dependence.sample(given.size(), most, SEED);
    Arrays.sort(drawn);
    List<CellRows> cells = new ArrayList<>();
    int first = 0;
    int next = 0;
    try (GivenRows.Parts parts = given.parts()) {
      for (PredictionRows part = parts.next(); part != null; part = parts.next()) {
        int from = next;
        while (next < drawn.length && drawn[next] < first + part.size()) {
          next++;
        }
        int before = first;
        if (next > from) {
          cells.add(
              part.cells().of(Arrays.stream(drawn, from, next).map(row -> row - before).toArray()));
        }
        first += part.size();
      }
    }
    return CellRows.joined(cells);
  }
}
