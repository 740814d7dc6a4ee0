package dev.backprop.engine.scoring;

import dev.backprop.engine.data.Examples;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.nn.Answers;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Workspace;
import dev.backprop.engine.spec.Activation;
import java.util.Arrays;
import java.util.List;

/// What the candidates of an ensemble answer to rows that they have not learned from. It tells the
/// loss of a mean of their answers: the log loss of probabilities, else the loss of the networks.
public final class CandidateAnswers {

  /// Smaller probabilities are taken for this one, half the distance of floats below 1.
  private static final double LEAST = 0x1p-25;

  private final Predictor candidates;
  private final PredictorRows rows;
  private final List<int[]> ofGroups;
  private final Network network;

  /// Of a softmax, the probability of each row's class is all that is kept.
  private final boolean classes;

  private final int width;

  /// By candidate: its answers, row after row.
  private final float[][] answers;

  private final float[] y;
  private final double[] weights;

  /// Of the answers of those that were taken.
  private final double[] sum;

  private int taken;

  /// @param candidates the members of all candidates, those of a candidate behind each other
  /// @param rows with targets
  /// @param ofGroups the rows that each member of a candidate has not learned from
  public CandidateAnswers(Predictor candidates, PredictorRows rows, List<int[]> ofGroups) {
    this.candidates = candidates;
    this.rows = rows;
    this.ofGroups = ofGroups;
    network = candidates.scorer().network();
    classes = network.spec().outputActivation() instanceof Activation.Softmax;
    width = classes ? 1 : network.outputs();
    int n = ofGroups.stream().mapToInt(group -> group.length).sum();
    int size = Math.multiplyExact(n, width);
    answers = new float[candidates.members().size() / ofGroups.size()][size];
    y = new float[classes ? 0 : size];
    sum = new double[size];
    Examples examples = rows.labelled();
    weights =
        ofGroups.stream().flatMapToInt(Arrays::stream).mapToDouble(examples::weight).toArray();
  }

  /// Bytes of the arrays of such an object.
  ///
  /// @param n rows
  /// @param outputs of a network, 1 for those of classes
  public static long bytes(long candidates, long n, long outputs) {
    return n * (outputs * ((candidates + 1) * Float.BYTES + Double.BYTES) + Double.BYTES);
  }

  public int size() {
    return answers.length;
  }

  /// Asks one member. May be called for several at the same time.
  public void ask(int member) {
    int group = member % ofGroups.size();
    int[] which = ofGroups.get(group);
    int first = ofGroups.stream().limit(group).mapToInt(before -> before.length).sum();
    Workspace space = candidates.members().get(member).scorer().workspace();
    for (int from = 0; from < which.length; from += Scorer.BLOCK) {
      int n = Math.min(Scorer.BLOCK, which.length - from);
      Answers said = candidates.answer(member, new Predictor.Block(rows, which, from, n), space);
      rows.labelled().encodeTargets(which, from, n, said.y());
      keep(said, member / ofGroups.size(), first + from);
    }
  }

  private void keep(Answers said, int candidate, int first) {
    Matrix a = said.outputs();
    float[] targets = said.y().values();
    int q = a.columns();
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < q; j++) {
        float answer = a.values()[a.offset() + i * q + j];
        float target = targets[said.y().offset() + i * q + j];
        if (!classes) {
          answers[candidate][(first + i) * q + j] = answer;
          if (candidate == 0) {
            y[(first + i) * q + j] = target; // the same of every candidate
          }
        } else if (target == 1) {
          answers[candidate][first + i] = answer;
        }
      }
    }
  }

  /// Takes a candidate once more.
  public void take(int candidate) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += answers[candidate][i];
    }
    taken++;
  }

  /// The loss of the mean of those that were taken and of this one more. May be asked for several
  /// candidates at the same time.
  public double lossWithOneMore(int candidate) {
    float[] more = answers[candidate];
    if (!network.spec().outputActivation().ofProbabilities()) {
      return numbers(more);
    }
    double loss = 0;
    double weight = 0;
    for (int row = 0; row < weights.length; row++) {
      if (weights[row] > 0) {
        for (int i = row * width; i < (row + 1) * width; i++) {
          double p = (sum[i] + more[i]) / (taken + 1);
          loss += weights[row] * (classes ? log(p) : y[i] * log(p) + (1 - y[i]) * log(1 - p));
        }
        weight += weights[row];
      }
    }
    return -loss / weight;
  }

  private static double log(double p) {
    return Math.log(Math.max(LEAST, p));
  }

  private double numbers(float[] more) {
    Matrix mean = Matrix.allocate(Scorer.BLOCK, width);
    Matrix logits = Matrix.allocate(Scorer.BLOCK, width);
    Matrix targets = Matrix.allocate(Scorer.BLOCK, width);
    double loss = 0;
    for (int from = 0; from < weights.length; from += Scorer.BLOCK) {
      int n = Math.min(Scorer.BLOCK, weights.length - from);
      for (int i = 0; i < n * width; i++) {
        int at = from * width + i;
        mean.values()[i] = (float) ((sum[at] + more[at]) / (taken + 1));
        logits.values()[i] = (float) Math.log(mean.values()[i]); // of rates, else not looked at
        targets.values()[i] = y[at];
      }
      mean.rows(n);
      logits.rows(n);
      targets.rows(n);
      loss +=
          network.loss(
              new Answers(logits, mean, targets, 1), Arrays.copyOfRange(weights, from, from + n));
    }
    return loss / Arrays.stream(weights).sum();
  }
}
