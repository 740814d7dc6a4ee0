package dev.backprop.engine.explain;

import dev.backprop.engine.data.FeatureEncoder;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.PathSlopes;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.NonFiniteOutputException;
import dev.backprop.engine.scoring.Predictor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that a row touches on its way through an [Attribution]. Owned by one thread.
public final class AttributionWorkspace {

  /// Points of the way that go through the networks at once, beside its two ends.
  private static final int BLOCK = 32;

  /// Relative to the size of F.
  private static final double ROUNDING = 2e-5;

  private final List<Member> members;
  private final PathSlopes[] ways;
  private final Explained.Together together;

  /// Of each member U and L at the begin and at the end of the way, and dF/dL.
  private final float[][] typical;

  private final float[][] typicalLine;
  private final float[][] row;
  private final float[][] rowLine;
  private final double[][] sums;

  private final double[] t = new double[BLOCK + 2];
  private final double[] weights = new double[BLOCK + 2];
  private final int cells;

  // Of the row under way: F at both ends, Σ φ.
  private double baseline;
  private double answer;
  private double sum;
  private double unit;
  private boolean clamped;

  AttributionWorkspace(Predictor predictor) {
    members = predictor.members();
    cells = predictor.cells();
    int n = members.size();
    ways = new PathSlopes[n];
    typical = new float[n][];
    typicalLine = new float[n][];
    row = new float[n][];
    rowLine = new float[n][];
    sums = new double[n][];
    Matrix[] slopes = new Matrix[n];
    for (int m = 0; m < n; m++) {
      PathSlopes way = new PathSlopes(network(m), BLOCK + 2);
      ways[m] = way;
      typical[m] = new float[way.width()];
      typicalLine[m] = new float[way.length()];
      row[m] = new float[way.width()];
      rowLine[m] = new float[way.length()];
      sums[m] = new double[way.length()];
      slopes[m] = way.slopesOfAnswers();
    }
    together = new Explained.Together(new Answers[n], slopes);
  }

  /// Bytes of the arrays of such a workspace, nearly.
  static long bytes(Predictor predictor) {
    long bytes = 0;
    for (Member member : predictor.members()) {
      bytes += PathSlopes.bytes(member.scorer().network(), BLOCK + 2);
    }
    return bytes;
  }

  private Network network(int member) {
    return members.get(member).scorer().network();
  }

  /// Lets a row enter all networks.
  ///
  /// @param end whether it is the end of the way, else its begin
  void enter(double[] rowCells, boolean end) {
    for (int m = 0; m < ways.length; m++) {
      Matrix x = ways[m].x();
      Predictor.encode(members.get(m).features(), rowCells, x);
      ways[m].enter((end ? row : typical)[m], (end ? rowLine : typicalLine)[m]);
    }
  }

  /// Sums up dF/dL of so many points, and takes F at both ends.
  void integrate(Explained explained, int points) {
    for (double[] each : sums) {
      Arrays.fill(each, 0);
    }
    boolean ends = points == Attribution.FEWEST;
    for (int from = 0; from < points; from += BLOCK) {
      int n = Math.min(BLOCK, points - from);
      for (int i = 0; i < n; i++) {
        t[i] = (from + i + 0.5) / points;
        weights[i] = 1.0 / points;
      }
      if (ends) {
        t[n] = 0;
        t[n + 1] = 1;
        weights[n] = 0;
        weights[n + 1] = 0;
      }
      block(explained, n, ends ? n + 2 : n);
    }
    unit = explained.unit();
    sum = 0;
    for (int m = 0; m < ways.length; m++) {
      for (int i = 0; i < sums[m].length; i++) {
        sum += sums[m][i] * ((double) rowLine[m][i] - typicalLine[m][i]);
      }
    }
  }

  /// @param n points
  /// @param all the same with both ends, if these are wanted
  private void block(Explained explained, int n, int all) {
    for (int m = 0; m < ways.length; m++) {
      together.answers()[m] = ways[m].forward(typicalLine[m], rowLine[m], t, all);
    }
    for (int i = 0; i < all; i++) {
      double f = explained.at(together, i, all);
      if (!Double.isFinite(f)) {
        throw new NonFiniteOutputException(0);
      }
      if (i == n) {
        baseline = f;
      } else if (i > n) {
        answer = f;
        clamped = explained.clamped(together, i, all);
      }
    }
    for (int m = 0; m < ways.length; m++) {
      ways[m].backward(explained.ofOutputs(), weights, sums[m]);
    }
  }

  /// Whether little enough is left over.
  boolean isComplete() {
    double distance = answer - baseline;
    double residual = Math.abs(distance - sum);
    return residual <= Attribution.RESIDUAL * Math.abs(distance) || residual <= rounding();
  }

  /// What networks that compute in floats may be off.
  private double rounding() {
    return ROUNDING * Math.max(unit, Math.max(Math.abs(answer), Math.abs(baseline)));
  }

  /// @param points at which derivatives were taken at last
  Explanation explanation(int points) {
    double[] contributions = new double[cells];
    for (int m = 0; m < ways.length; m++) {
      double[] phi = new double[ways[m].width()];
      ways[m].bring(typical[m], row[m], sums[m], phi);
      addCells(ways[m], members.get(m).features(), phi, contributions);
    }
    double residual = shareOut(contributions);
    return new Explanation(baseline, answer, contributions, residual, clamped, points);
  }

  /// Contributions that cancel out are larger than the distance, and so are their errors; a small
  /// distance may be less than floats are off. What is left over is then shared out among the
  /// contributions, if it is no greater share of them than may be left over, or is but rounding.
  ///
  /// @return what is left over
  private double shareOut(double[] contributions) {
    double distance = answer - baseline;
    double sizes = Arrays.stream(contributions).map(Math::abs).sum();
    double residual = distance - Arrays.stream(contributions).sum();
    double most = Math.max(Attribution.RESIDUAL * sizes, rounding());
    if (Math.abs(residual) <= Attribution.RESIDUAL * Math.abs(distance)
        || Math.abs(residual) > most
        || sizes == 0) {
      return residual;
    }
    for (int c = 0; c < cells; c++) {
      contributions[c] += residual * Math.abs(contributions[c]) / sizes;
    }
    return distance - Arrays.stream(contributions).sum();
  }

  private static void addCells(
      PathSlopes way, @Nullable FeatureEncoder features, double[] phi, double[] contributions) {
    int input = 0;
    for (int c = 0; c < contributions.length; c++) {
      int next = input + (features == null ? 1 : features.features().get(c).width());
      for (int j = way.place(input); j < way.place(next); j++) {
        contributions[c] += phi[j];
      }
      input = next;
    }
  }
}
