package dev.backprop.service.prediction;

import dev.backprop.engine.linalg.Draws;
import dev.backprop.engine.scoring.NonFiniteOutputException;
import dev.backprop.engine.scoring.Prediction;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.PredictorWorkspace;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelVersion;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Finds rows by what a version answers to them: those that it gets wrong, or some of all. No more
/// are held than are shown.
///
/// @param errors whether wrong ones are asked for, the worst first: of classes the surest ones, of
///   numbers those that are farthest off. Else some are drawn, the same ones each time
/// @param limit how many are shown
/// @param actual only rows of that class; negative for all
/// @param predicted only rows that are answered as that class; negative for all. If both are given,
///   those that are right count too
record RowSearch(ModelVersion version, boolean errors, int limit, int actual, int predicted) {

  private static final long SEED = 0;

  /// @param claim holds the memory of what is held
  /// @throws ProblemException 422 if an answer overflows
  FoundRows among(GivenRows given, Budget.Claim claim) {
    Predictor predictor = version.predictor();
    int block = Math.min(Scorer.BLOCK, given.size());
    Search search = new Search(claim, predictor.workspaceBytes(block));
    PredictorWorkspace workspace = predictor.workspace(block);
    try (GivenRows.Parts parts = given.parts()) {
      for (PredictionRows part = parts.next(); part != null; part = parts.next()) {
        search.begin(new JudgedRows(part, version));
        predictor.predict(part.rows(), workspace, search::next);
      }
    } catch (NonFiniteOutputException _) {
      throw new ProblemException(
          ProblemCode.INVALID_DATA,
          "the numbers of a row are too large for this network: its answer is not finite");
    }
    return search.found();
  }

  private boolean fits(JudgedRows rows, int row, Prediction prediction) {
    if (prediction instanceof Prediction.ClassPrediction of && (actual >= 0 || predicted >= 0)) {
      boolean inCell =
          (actual < 0 || rows.actual(row) == actual) && (predicted < 0 || of.index() == predicted);
      boolean wholeCell = actual >= 0 && predicted >= 0;
      return inCell && (wholeCell || !errors || rows.isWrong(row, prediction));
    }
    return !errors || rows.isWrong(row, prediction);
  }

  /// A row that is shown unless better ones come.
  ///
  /// @param claims the one with the larger number is shown
  private record Candidate(FoundRows.Item item, double claims, long bytes) {}

  private static final Comparator<Candidate> FIRST =
      Comparator.comparingDouble(Candidate::claims)
          .reversed()
          .thenComparingInt(each -> each.item.row());

  /// One search.
  private final class Search {

    private final Budget.Claim memory;
    private final PriorityQueue<Candidate> shown = new PriorityQueue<>(FIRST.reversed());
    private long bytes;
    private @Nullable JudgedRows rows; // null before the first part
    private int before;
    private int row;
    private int found;

    Search(Budget.Claim memory, long bytes) {
      this.memory = memory;
      this.bytes = bytes;
      memory.holds(bytes);
    }

    void begin(JudgedRows part) {
      before += row;
      row = 0;
      rows = part;
    }

    /// Hears of the next row of the part.
    void next(Prediction prediction) {
      JudgedRows rows = Objects.requireNonNull(this.rows);
      if (fits(rows, row, prediction)) {
        found++;
        double claims =
            errors
                ? rows.howWrong(row, prediction)
                : Draws.uniform(SEED, Draws.Purpose.IMPORTANCE, 0, before + row);
        // A later row gives way to an earlier one that is as wrong.
        if (shown.size() < limit || claims > shown.element().claims) {
          show(rows, claims, prediction);
        }
      }
      row++;
    }

    private void show(JudgedRows rows, double claims, Prediction prediction) {
      if (shown.size() == limit) {
        bytes -= shown.remove().bytes;
      }
      Candidate candidate =
          new Candidate(rows.item(before + row + 1, row, prediction), claims, rows.bytes(row));
      bytes += candidate.bytes;
      memory.holds(bytes);
      shown.add(candidate);
    }

    FoundRows found() {
      return new FoundRows(
          found,
          shown.stream()
              .sorted(errors ? FIRST : Comparator.comparingInt(each -> each.item.row()))
              .map(Candidate::item)
              .toList());
    }
  }
}
