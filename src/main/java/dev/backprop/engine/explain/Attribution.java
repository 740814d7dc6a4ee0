package dev.backprop.engine.explain;

import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.scoring.Member;
import dev.backprop.engine.scoring.NonFiniteOutputException;
import dev.backprop.engine.scoring.Predictor;
import dev.backprop.engine.scoring.Scorer;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.table.Target;
import java.util.List;

/// Which columns make an answer what it is, by integrated gradients (Sundararajan et al. 2017,
/// Axiomatic Attribution for Deep Networks, section 3). What is explained is F, see [Explained]. A
/// row becomes numbers u that enter each network, the typical row u'; on the straight way between
/// them
///
///     φ_j = (u_j - u'_j) (1/S) Σ_{s=1..S} dF/du_j at u' + ((s - ½)/S) (u - u')
///
/// The numbers of all networks that a cell becomes are its own, and the cell brings the sum of their
/// φ: those of its bins, indicators and categories. Encodings need no derivative with respect to the
/// cell.
///
/// S doubles until F(u') + Σ φ is F(u) but for [#RESIDUAL] of the distance. Serves many threads;
/// each brings its own workspace.
public final class Attribution {

  /// The most that may be left over, as a share of the distance from the baseline to the answer.
  public static final double RESIDUAL = 0.01;

  /// S at the begin and at the most.
  static final int FEWEST = 32;

  static final int MOST = 512;

  private final Predictor predictor;
  private final double[] typical;
  private final double temperature;

  /// @param typical a row, as [Predictor#predict(double[], PredictorWorkspace)] takes it
  /// @param temperature that logits of probabilities are divided by, above 0; 1 if they are not
  public Attribution(Predictor predictor, double[] typical, double temperature) {
    if (typical.length != predictor.cells()) {
      throw new IllegalArgumentException(
          "%d cells of a typical row for %d features".formatted(typical.length, predictor.cells()));
    }
    this.predictor = predictor;
    this.typical = typical.clone();
    this.temperature = temperature;
  }

  Predictor predictor() {
    return predictor;
  }

  /// Scratch of one thread.
  public AttributionWorkspace workspace() {
    AttributionWorkspace workspace = new AttributionWorkspace(predictor);
    workspace.enter(typical, false);
    return workspace;
  }

  /// Bytes of the arrays of such a workspace.
  public long workspaceBytes() {
    return AttributionWorkspace.bytes(predictor);
  }

  /// Explains the answer to a row.
  ///
  /// @param cells as [Predictor#predict(double[], PredictorWorkspace)] takes them
  /// @param output which class, label, number, or bare output; of several quantiles its place among
  ///   them
  /// @param workspace of this attribution
  /// @throws NonFiniteOutputException if an output overflowed
  public Explanation explain(double[] cells, int output, AttributionWorkspace workspace) {
    Explained explained = explained(output);
    workspace.enter(cells, true);
    int points = FEWEST;
    workspace.integrate(explained, points);
    while (!workspace.isComplete() && points < MOST) {
      points *= 2;
      workspace.integrate(explained, points);
    }
    return workspace.explanation(points);
  }

  private Explained explained(int output) {
    Network network = predictor.scorer().network();
    Activation f = network.spec().outputActivation();
    List<Member> members = predictor.members();
    return switch (predictor.scorer().target()) {
      case Target.Classes target ->
          target.classes().size() == 2
              ? new ExplainedOdds(members, 0, true, output, temperature)
              : new ExplainedOdds(members, output, false, output, temperature);
      case Target.MultiLabel _ -> new ExplainedOdds(members, output, true, 1, temperature);
      case Target.Numbers _ -> number(output, false);
      case Target.Quantiles _ -> number(output, true);
      case Target.Bare _ ->
          f.ofProbabilities()
              ? bareOdds(f instanceof Activation.Sigmoid, output)
              : number(output, false);
    };
  }

  /// @param alone whether each output is the probability of a thing of its own
  private ExplainedOdds bareOdds(boolean alone, int output) {
    return new ExplainedOdds(predictor.members(), output, alone, alone ? 1 : output, temperature);
  }

  private ExplainedNumber number(int output, boolean quantiles) {
    int scale = quantiles ? 0 : output;
    List<Member> members = predictor.members();
    return new ExplainedNumber(
        scale(predictor.scorer(), scale),
        members.stream().map(member -> scale(member.scorer(), scale)).toList(),
        members,
        output,
        quantiles);
  }

  private static TargetScale scale(Scorer scorer, int output) {
    List<TargetScale> scales = scorer.targetEncoder().scales();
    return scales.isEmpty() ? new TargetScale(0, 1) : scales.get(output);
  }
}
