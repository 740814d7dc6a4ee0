package dev.backprop.engine.scoring;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.data.TargetScale;
import dev.backprop.engine.figures.Threshold;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Workspace;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Network and decoder on encoded blocks: the one way from encoded rows to predictions and metrics,
/// in training and in serving. Serves many threads; each brings its own workspace.
public final class Scorer {

  /// Rows that are predicted at once; a workspace never holds more.
  public static final int BLOCK = 256;

  private final Network network;
  private final TargetEncoder encoder;
  private final Baseline baseline;
  private final List<Label> classes;
  private final List<TargetScale> scales;
  private final List<String> taus;

  /// @param network its outputs are those of the target
  public Scorer(Network network, TargetEncoder encoder, Baseline baseline) {
    this.network = network;
    this.encoder = encoder;
    this.baseline = baseline;
    this.classes = classes(encoder.target(), network);
    this.scales = encoder.scales();
    this.taus =
        encoder.target() instanceof Target.Quantiles quantiles ? quantiles.texts() : List.of();
  }

  /// The same, computing every row alike: predictions of equal rows have equal bits.
  Scorer alike() {
    return new Scorer(network.alike(), encoder, baseline);
  }

  public Network network() {
    return network;
  }

  public Target target() {
    return encoder.target();
  }

  public TargetEncoder targetEncoder() {
    return encoder;
  }

  public Baseline baseline() {
    return baseline;
  }

  /// Scratch for one thread, of [#BLOCK] rows.
  public Workspace workspace() {
    return network.workspace(BLOCK);
  }

  /// Scores these rows block by block.
  ///
  /// @param rows at least one, together of a weight above 0
  /// @param workspace of at least [#BLOCK] rows
  public Evaluation evaluate(Examples examples, int[] rows, Workspace workspace) {
    return evaluate(examples, rows, workspace, null, null);
  }

  /// As [#evaluate(Examples, int[], Workspace)].
  ///
  /// @param other told of every block too; null for none
  /// @param judging what is told in full; null for the usual figures
  public Evaluation evaluate(
      Examples examples,
      int[] rows,
      Workspace workspace,
      @Nullable WeightedLoss other,
      @Nullable Judging judging) {
    Tally tally = tally(rows.length, judging, new Spreads());
    add(
        tally,
        examples,
        rows,
        (from, n) -> {
          workspace.rows(n);
          examples.encode(rows, from, n, workspace.x(), workspace.y());
          network.forward(workspace);
          return workspace.answers();
        },
        other);
    return tally.evaluation();
  }

  /// Answers a block of the rows that are scored.
  public interface Block {

    /// @param n the most rows
    /// @return the answers to the rows from `from` on, at least one, with their targets
    Answers answer(int from, int n);
  }

  /// Scores what others answer, in the scale of this one.
  public Evaluation evaluate(
      Examples examples, int[] rows, Block blocks, @Nullable WeightedLoss other) {
    Tally tally = tally(rows.length);
    add(tally, examples, rows, blocks, other);
    return tally.evaluation();
  }

  /// Adds rows to what is counted.
  void add(
      BlockSink sink, Examples examples, int[] rows, Block blocks, @Nullable WeightedLoss other) {
    double[] weights = examples.weighted() ? new double[BLOCK] : null;
    int from = 0;
    while (from < rows.length) {
      Answers block = blocks.answer(from, Math.min(BLOCK, rows.length - from));
      int n = block.y().rows();
      if (other != null) {
        other.add(network, block, rows, from, n);
      }
      if (weights == null) {
        sink.add(block, network.loss(block), null);
      } else {
        for (int i = 0; i < n; i++) {
          weights[i] = examples.weight(rows[from + i]);
        }
        sink.add(block, network.loss(block, weights), weights);
      }
      from += n;
    }
  }

  /// Brings numbers that a network answered in a scale of its own into the scale of this one. What
  /// is no numeric target stays as it is.
  ///
  /// @param from scores that network; of the same target
  void rescale(Scorer from, Answers answers) {
    if (scales.isEmpty()) {
      return;
    }
    Matrix a = answers.outputs();
    int q = a.columns();
    for (int k = 0; k < a.size(); k++) {
      int at = a.offset() + k;
      int scale = scales.size() == 1 ? 0 : k % q; // quantiles of one number have one scale
      double number = from.scales.get(scale).answer(a.values()[at]);
      float scaled = (float) scales.get(scale).encode(number);
      a.values()[at] = scaled;
      answers.logits().values()[answers.logits().offset() + k] = scaled;
    }
  }

  /// What the outputs in that row mean.
  ///
  /// @throws NonFiniteOutputException if an output overflowed
  public Prediction decode(Answers answers, int row) {
    return decode(answers, row, Threshold.HALF);
  }

  /// @param threshold counts if there are two classes
  Prediction decode(Answers answers, int row, Threshold threshold) {
    Matrix a = answers.outputs();
    int first = a.offset() + row * a.columns();
    for (int j = 0; j < a.columns(); j++) {
      if (!Float.isFinite(a.values()[first + j])) {
        throw new NonFiniteOutputException(row);
      }
    }
    return switch (encoder.target()) {
      case Target.Classes target -> classPrediction(target.classes(), a.values(), first, threshold);
      case Target.Numbers target ->
          new Prediction.NumberPrediction(target.names(), numbers(a.values(), first));
      case Target.Quantiles target ->
          new Prediction.QuantilePrediction(taus, quantiles(a.values(), first), target.middle());
      case Target.MultiLabel target ->
          new Prediction.MultiLabelPrediction(target, copy(a.values(), first, a.columns()));
      case Target.Bare _ -> new Prediction.Outputs(copy(a.values(), first, a.columns()));
    };
  }

  private static Prediction classPrediction(
      List<Label> classes, float[] a, int first, Threshold threshold) {
    if (classes.size() == 2) {
      double p = a[first];
      double[] both = {1 - p, p};
      return new Prediction.ClassPrediction(
          classes, threshold.answer(both[threshold.positive()]), both);
    }
    double[] probabilities = copy(a, first, classes.size());
    double sum = 0;
    int best = 0;
    for (int j = 0; j < probabilities.length; j++) {
      sum += probabilities[j];
      best = probabilities[j] > probabilities[best] ? j : best;
    }
    for (int j = 0; j < probabilities.length; j++) {
      probabilities[j] /= sum;
    }
    return new Prediction.ClassPrediction(classes, best, probabilities);
  }

  private double[] numbers(float[] a, int first) {
    double[] values = new double[scales.size()];
    for (int j = 0; j < values.length; j++) {
      values[j] = scales.get(j).answer(a[first + j]);
    }
    return values;
  }

  private double[] quantiles(float[] a, int first) {
    double[] values = new double[taus.size()];
    for (int j = 0; j < values.length; j++) {
      values[j] = scales.getFirst().answer(a[first + j]);
    }
    Arrays.sort(values);
    return values;
  }

  private static double[] copy(float[] a, int first, int n) {
    double[] values = new double[n];
    for (int j = 0; j < n; j++) {
      values[j] = a[first + j];
    }
    return values;
  }

  /// @param rows how many will come
  Tally tally(int rows) {
    return tally(rows, Threshold.HALF);
  }

  /// @param judging what is told in full; null for the usual figures
  /// @param spreads of the blocks that will come
  Tally tally(int rows, @Nullable Judging judging, Spreads spreads) {
    if (judging == null) {
      return tally(rows);
    }
    return switch (tally(rows, judging.threshold())) {
      case ClassTally usual when classes.size() == 2 || softmax() ->
          new ClassFigureTally(usual, judging, ClassTally.frequencies(baseline), rows);
      case MultiLabelTally usual when judging.seed() != null ->
          new LabelFigureTally(usual, judging.seed(), rows);
      case NumberTally usual -> numbers(usual, judging, spreads, rows);
      case QuantileTally usual -> numbers(usual, judging, spreads, rows);
      case Tally usual -> usual;
    };
  }

  /// Several sigmoid outputs of bare numbers are no probabilities of one of several classes.
  private boolean softmax() {
    return network.spec().outputActivation() instanceof Activation.Softmax;
  }

  private Tally numbers(Tally usual, Judging judging, Spreads spreads, int rows) {
    List<TargetScale> of =
        scales.isEmpty()
            ? Collections.nCopies(encoder.target().outputs(), new TargetScale(0, 1))
            : scales;
    return new NumberFigureTally(
        usual, judging, new NumberAnswers(of, target(), spreads), baseline.means(), rows);
  }

  Tally tally(int rows, Threshold threshold) {
    return switch (encoder.target()) {
      case Target.Classes _ -> new ClassTally(classes, baseline, network.spec(), threshold, rows);
      case Target.MultiLabel target -> new MultiLabelTally(target.names(), baseline);
      case Target.Numbers target -> new NumberTally(target.names(), scales, baseline);
      case Target.Quantiles target -> new QuantileTally(target, scales.getFirst(), baseline);
      case Target.Bare target -> {
        if (!classes.isEmpty()) {
          yield new ClassTally(classes, baseline, network.spec(), threshold, rows);
        }
        yield new NumberTally(
            indices(target.width()),
            Collections.nCopies(target.width(), new TargetScale(0, 1)),
            baseline);
      }
    };
  }

  /// The classes that accuracy counts; none if the outputs are numbers. Bare outputs are classes if
  /// they are probabilities: 0 and 1 for a single one, else the index of the largest.
  private static List<Label> classes(Target target, Network network) {
    return switch (target) {
      case Target.Classes named -> named.classes();
      case Target.Numbers _, Target.Quantiles _, Target.MultiLabel _ -> List.of();
      case Target.Bare bare ->
          network.spec().outputActivation().ofProbabilities()
              ? indices(Math.max(2, bare.width())).stream()
                  .map(index -> new Label(index, Label.Kind.NUMBER))
                  .toList()
              : List.of();
    };
  }

  private static List<String> indices(int n) {
    return IntStream.range(0, n).mapToObj(Integer::toString).toList();
  }
}
