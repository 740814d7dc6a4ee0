package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.nn.GradientCases.Ending;
import dev.backprop.engine.nn.GradientCases.Example;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.EmbeddingSpec;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.LossSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Networks that share weights. Their gradients are checked by [NetworkGradientTest].
@ParameterizedClass
@ValueSource(strings = {"java", "openblas"})
class MembersTest {

  private static final LayerSpec HIDDEN =
      Defaults.fill(LayerSpec.Dense.class, 4, new Activation.Tanh());

  private final Kernels kernels;

  MembersTest(String kernels) {
    this.kernels = KernelSelection.select(kernels).kernels();
  }

  private static NetworkSpec spec(Activation output, LossSpec loss, LayerSpec... layers) {
    return GradientCases.network(List.of(layers), new Ending(output, loss));
  }

  private static NetworkSpec softmax(LayerSpec... layers) {
    return spec(new Activation.Softmax(), new LossSpec.CrossEntropy(), layers);
  }

  /// A network whose parameters and running statistics are random.
  private Network random(NetworkSpec spec, int inputs, int outputs, long seed) {
    Network network = Network.initialize(spec, inputs, outputs, new int[0], 1, kernels);
    Random random = new Random(seed);
    float[] values = network.parameters().values();
    for (int p = 0; p < values.length; p++) {
      values[p] = 0.2f + random.nextFloat();
    }
    return network;
  }

  private static void fill(float[] values, int n, Random random) {
    for (int i = 0; i < n; i++) {
      values[i] = 4 * random.nextFloat() - 2;
    }
  }

  /// Factors of 1 and equal output layers: each member is the network without members.
  @Test
  void membersThatAreAlikeAreOneNetwork() {
    NetworkSpec spec =
        softmax(HIDDEN, new LayerSpec.BatchNorm(1e-5, 0.1), new LayerSpec.LayerNorm(1e-5), HIDDEN);
    Network one = random(spec, 3, 3, 2);
    Network three = Network.initialize(spec.withMembers(3), 3, 3, new int[0], 1, kernels);
    Parameters theta = three.parameters();
    Parameters.View scale = theta.views().getFirst();
    Arrays.fill(theta.values(), 0, scale.end(), 1);
    int shared = one.parameters().views().get(one.parameters().views().size() - 2).offset();
    int head = one.parameters().size() - shared;
    float[] from = one.parameters().values();
    System.arraycopy(from, 0, theta.values(), scale.end(), shared);
    for (int m = 0; m < 3; m++) {
      System.arraycopy(from, shared, theta.values(), scale.end() + shared + m * head, head);
    }
    int statistics = from.length - one.parameters().size();
    System.arraycopy(from, one.parameters().size(), theta.values(), theta.size(), statistics);

    Workspace w = one.trainingWorkspace(5);
    Workspace ws = three.trainingWorkspace(5);
    Random random = new Random(3);
    fill(w.x().values(), 15, random);
    for (int i = 0; i < 5; i++) {
      w.y().values()[3 * i + i % 3] = 1;
    }
    System.arraycopy(w.x().values(), 0, ws.x().values(), 0, 15);
    System.arraycopy(w.y().values(), 0, ws.y().values(), 0, 15);
    one.forward(w);
    three.forward(ws);
    for (int i = 0; i < 15; i++) {
      assertThat(ws.outputs().values()[i]).isCloseTo(w.outputs().values()[i], within(1e-6f));
    }
    assertThat(three.loss(ws)).isCloseTo(one.loss(w), within(1e-5));

    WholeBatch.forward(one, w, 1, 1, 0);
    WholeBatch.forward(three, ws, 1, 1, 0);
    assertThat(three.loss(ws)).isCloseTo(one.loss(w), within(1e-5));
    Parameters g = one.parameters().like();
    Parameters gs = theta.like();
    WholeBatch.backward(one, w, g);
    WholeBatch.backward(three, ws, gs);
    for (int p = 0; p < shared; p++) {
      assertThat(gs.values()[scale.end() + p]).isCloseTo(g.values()[p], within(1e-6f));
    }
    for (int p = 0; p < head; p++) {
      float sum = 0;
      for (int m = 0; m < 3; m++) {
        sum += gs.values()[scale.end() + shared + m * head + p];
      }
      assertThat(sum).isCloseTo(g.values()[shared + p], within(1e-6f));
    }
  }

  @Test
  void oneMemberIsNoMembers() {
    NetworkSpec spec = softmax(HIDDEN);
    assertThat(spec.withMembers(1)).isEqualTo(spec);
    assertThat(spec.networks()).isEqualTo(1);
    Network network = random(spec, 3, 3, 1);
    assertThat(network.parameters().views())
        .extracting(Parameters.View::name)
        .containsExactly("layers.0.weight", "layers.0.bias", "output.weight", "output.bias");
  }

  @Test
  void namesWhatMembersHaveOfTheirOwn() {
    Network network = random(softmax(HIDDEN).withMembers(2), 3, 3, 1);
    assertThat(network.members()).isEqualTo(2);
    assertThat(network.parameters().views())
        .extracting(Parameters.View::name)
        .containsExactly(
            "members.scale",
            "layers.0.weight",
            "layers.0.bias",
            "output.0.weight",
            "output.0.bias",
            "output.1.weight",
            "output.1.bias");
    assertThat(network.shapes())
        .containsExactly(
            new LayerShape("members", 3, 3, 6),
            new LayerShape("dense", 3, 4, 16),
            new LayerShape("dense", 4, 3, 30));
    assertThat(network.parameters().size()).isEqualTo(52);
    Parameters.View scale = network.parameters().views().getFirst();
    assertThat(scale.weight()).isTrue();
    assertThat(scale.columnsAreUnits()).isFalse();
  }

  private static Parameters start(NetworkSpec spec, InputLayout layout, long seed) {
    return Network.initialize(
            spec, layout, 3, new int[0], seed, KernelSelection.select("java").kernels())
        .parameters();
  }

  private static float[] scales(Parameters theta, int from) {
    return Arrays.copyOfRange(theta.values(), from, from + 40 * 6);
  }

  @Test
  void factorsStartAsSignsOneForAllInputsOfAFeature() {
    NetworkSpec spec = softmax(HIDDEN).withMembers(40);
    InputLayout layout = new InputLayout(6, List.of(), List.of(1, 3, 2));
    float[] r = scales(start(spec, layout, 1), 0);
    int positive = 0;
    Set<String> members = new HashSet<>();
    for (int m = 0; m < 40; m++) {
      float[] own = Arrays.copyOfRange(r, 6 * m, 6 * m + 6);
      assertThat(Math.abs(own[0])).isEqualTo(1);
      assertThat(own[2]).isEqualTo(own[1]);
      assertThat(own[3]).isEqualTo(own[1]);
      assertThat(own[5]).isEqualTo(own[4]);
      positive += (own[0] > 0 ? 1 : 0) + (own[1] > 0 ? 1 : 0) + (own[4] > 0 ? 1 : 0);
      members.add(Arrays.toString(own));
    }
    assertThat(positive).isBetween(60 - 27, 60 + 27); // five standard errors
    assertThat(members).hasSize(8);
    assertThat(scales(start(spec, layout, 1), 0)).isEqualTo(r);
    assertThat(scales(start(spec, layout, 2), 0)).isNotEqualTo(r);
    float[] single = scales(start(spec, InputLayout.numbers(6), 1), 0);
    assertThat(single[1] == single[2] && single[7] == single[8] && single[13] == single[14])
        .isFalse();
  }

  @Test
  void factorsBehindEmbeddingsStartNormalOneForEachFeature() {
    NetworkSpec spec =
        softmax(HIDDEN).withMembers(40).withEmbeddings(Map.of("a", new EmbeddingSpec(3)));
    InputLayout layout =
        new InputLayout(4, List.of(new InputLayout.Index("a", 1, 2)), List.of(1, 1, 2));
    float[] r = scales(start(spec, layout, 1), 2 * 3); // behind two categories
    double sum = 0;
    double squares = 0;
    for (int m = 0; m < 40; m++) {
      float[] own = Arrays.copyOfRange(r, 6 * m, 6 * m + 6);
      assertThat(own[2]).isEqualTo(own[1]);
      assertThat(own[3]).isEqualTo(own[1]);
      assertThat(own[5]).isEqualTo(own[4]);
      for (int j : new int[] {0, 1, 4}) {
        sum += own[j];
        squares += own[j] * own[j];
      }
    }
    assertThat(sum / 120).isCloseTo(0, within(0.46)); // five standard errors
    assertThat(squares / 120).isCloseTo(1, within(0.65));
  }

  @Test
  void featuresOfALayoutMustBeAllInputs() {
    assertThatThrownBy(() -> new InputLayout(3, List.of(), List.of(1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void silentInputsStartWithoutWeights() {
    NetworkSpec linear = softmax().withMembers(2);
    NetworkSpec glorot =
        new NetworkSpec(
                List.of(),
                new OutputSpec(
                    new Activation.Softmax(),
                    new Initializer.GlorotUniform(),
                    new Initializer.Zeros()),
                linear.loss())
            .withMembers(2);
    float[] theta =
        Network.initialize(glorot, 2, 3, new int[] {1}, 1, kernels).parameters().values();
    // Two factors a member; then W, whose second row is that of the silent input, and b.
    for (int w : new int[] {4, 4 + 6 + 3}) {
      assertThat(Arrays.copyOfRange(theta, w, w + 3)).doesNotContain(0);
      assertThat(Arrays.copyOfRange(theta, w + 3, w + 6)).containsOnly(0);
    }
  }

  /// Against the probabilities of each member in double precision.
  @ParameterizedTest
  @ValueSource(doubles = {1, 30, 300})
  void answersAreTheMeanProbability(double size) {
    for (Activation f : List.of(new Activation.Softmax(), new Activation.Sigmoid())) {
      NetworkSpec spec = spec(f, new LossSpec.CrossEntropy()).withMembers(4);
      Network network = Network.initialize(spec, 2, 3, new int[0], 1, kernels);
      Random random = new Random(4);
      float[] theta = network.parameters().values();
      for (int p = 0; p < theta.length; p++) {
        theta[p] = (float) (Math.sqrt(size) * (2 * random.nextFloat() - 1));
      }
      Workspace w = network.workspace(9);
      w.rows(7);
      fill(w.x().values(), 14, random);
      Arrays.fill(w.y().values(), 0, 21, 1f / 3);
      network.forward(w);
      double loss = 0;
      for (int i = 0; i < 7; i++) {
        double[][] z = new double[4][3];
        for (int m = 0; m < 4; m++) {
          for (int j = 0; j < 3; j++) {
            int head = 8 + m * 9;
            z[m][j] = theta[head + 6 + j];
            for (int k = 0; k < 2; k++) {
              double x = (double) theta[2 * m + k] * w.x().values()[2 * i + k];
              z[m][j] += x * theta[head + 3 * k + j];
            }
          }
        }
        for (int j = 0; j < 3; j++) {
          double yes = logMean(z, j, f, 1);
          double no = f instanceof Activation.Sigmoid ? logMean(z, j, f, -1) : 0;
          loss -= f instanceof Activation.Sigmoid ? (yes + 2 * no) / 3 : yes / 3;
          assertThat((double) w.logits().values()[3 * i + j])
              .isCloseTo(yes - no, within(3e-6 * (5 + Math.abs(yes - no)) * (1 + size / 30)));
          assertThat((double) w.outputs().values()[3 * i + j])
              .isCloseTo(Math.exp(yes), within(2e-6 * (1 + size)));
        }
      }
      assertThat(network.loss(w)).isCloseTo(loss, within(1e-5 * loss));
    }
  }

  /// ln of the mean probability over the members; of 1 - p if the sign is negative.
  private static double logMean(double[][] z, int j, Activation f, int sign) {
    double[] logs = new double[z.length];
    for (int m = 0; m < z.length; m++) {
      double largest = Arrays.stream(z[m]).max().orElseThrow();
      logs[m] =
          f instanceof Activation.Softmax
              ? z[m][j]
                  - largest
                  - Math.log(Arrays.stream(z[m]).map(v -> Math.exp(v - largest)).sum())
              : Math.min(0, sign * z[m][j]) - Math.log1p(Math.exp(-Math.abs(z[m][j])));
    }
    double largest = Arrays.stream(logs).max().orElseThrow();
    return largest
        + Math.log(Arrays.stream(logs).map(v -> Math.exp(v - largest)).average().orElseThrow());
  }

  @Test
  void answersOfNumbersAreTheirMean() {
    for (Activation f : List.of(new Activation.Identity(), new Activation.Exponential())) {
      NetworkSpec spec = spec(f, new LossSpec.SquaredError(), HIDDEN).withMembers(3);
      Network network = random(spec, 2, 2, 5);
      Workspace training = network.trainingWorkspace(4);
      Workspace w = network.workspace(4);
      fill(w.x().values(), 8, new Random(6));
      System.arraycopy(w.x().values(), 0, training.x().values(), 0, 8);
      network.forward(w);
      network.forwardTraining(training, 1, 1, 0);
      float[] each = training.judged().outputs().values();
      for (int i = 0; i < 8; i++) {
        double mean = ((double) each[i] + each[8 + i] + each[16 + i]) / 3;
        assertThat((double) w.outputs().values()[i]).isCloseTo(mean, within(1e-6 * Math.abs(mean)));
        assertThat((double) w.logits().values()[i])
            .isCloseTo(f instanceof Activation.Identity ? mean : Math.log(mean), within(1e-6));
      }
      assertThatThrownBy(training::outputs).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(training::logits).isInstanceOf(IllegalStateException.class);
    }
  }

  /// Alone and among others, whatever the batch was before.
  @Test
  void equalRowsHaveAnswersOfEqualBits() {
    for (Activation f : List.of(new Activation.Softmax(), new Activation.Identity())) {
      NetworkSpec spec =
          spec(
                  f,
                  f.ofProbabilities() ? new LossSpec.CrossEntropy() : new LossSpec.SquaredError(),
                  HIDDEN,
                  Defaults.fill(LayerSpec.Dense.class, 37, new Activation.Relu()))
              .withMembers(5);
      Network network = random(spec, 3, 2, 7).alike();
      float[] row = {0.3f, -1.7f, 0.9f};
      Workspace one = network.workspace(1);
      System.arraycopy(row, 0, one.x().values(), 0, 3);
      network.forward(one);
      Workspace many = network.workspace(40);
      for (int n : new int[] {29, 2, 40, 13, 1}) {
        many.rows(n);
        for (int i = 0; i < n; i++) {
          System.arraycopy(row, 0, many.x().values(), 3 * i, 3);
        }
        network.forward(many);
        for (int i = 0; i < 2 * n; i++) {
          assertThat(many.outputs().values()[i]).isEqualTo(one.outputs().values()[i % 2]);
        }
      }
    }
  }

  @Test
  void masksDifferByMemberAndNotByShard() {
    NetworkSpec spec = softmax(new LayerSpec.Dropout(0.5)).withMembers(3);
    float[][] whole = masks(spec, 0, 7);
    assertThat(whole[0]).isNotEqualTo(whole[1]);
    assertThat(whole[1]).isNotEqualTo(whole[2]);
    float[][] shard = masks(spec, 3, 7);
    for (int m = 0; m < 3; m++) {
      assertThat(shard[m]).isEqualTo(Arrays.copyOfRange(whole[m], 3 * 50, 7 * 50));
    }
    assertThat(masks(softmax(new LayerSpec.Dropout(0.5)), 0, 7)[0]).isEqualTo(whole[0]);
  }

  /// The masks of each member, of the examples from … to - 1 of the epoch.
  private float[][] masks(NetworkSpec spec, int from, int to) {
    Network network = Network.initialize(spec, 50, 3, new int[0], 1, kernels);
    Workspace w = network.trainingWorkspace(to - from);
    network.forwardTraining(w, 1, 2, from);
    int members = network.members();
    Mask drawn = Objects.requireNonNull(w.pass(members > 1 ? 1 : 0).mask());
    float[] mask = drawn.factors(members * (to - from)).values();
    float[][] masks = new float[members][];
    for (int m = 0; m < members; m++) {
      int size = (to - from) * 50;
      masks[m] = Arrays.copyOfRange(mask, m * size, (m + 1) * size);
    }
    return masks;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesOfAWorkspaceAreKnownWithoutBuilding(boolean training) {
    NetworkSpec spec =
        softmax(
                HIDDEN,
                new LayerSpec.Dropout(0.2),
                new LayerSpec.Residual(List.of(HIDDEN), false),
                Defaults.fill(LayerSpec.Dense.class, 9, new Activation.Gelu()))
            .withMembers(4);
    Network network = random(spec, 3, 3, 1);
    Workspace w = training ? network.trainingWorkspace(9) : network.workspace(9);
    Set<float[]> arrays = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    for (int l = 0; l < network.shapes().size(); l++) {
      w.pass(l).matrices().forEach(matrix -> arrays.add(matrix.values()));
    }
    for (var matrix : List.of(w.x(), w.y(), w.outputs(), w.logits())) {
      arrays.add(matrix.values());
    }
    long bytes = arrays.stream().mapToLong(array -> 4L * array.length).sum();
    long apart = training ? 2 * 4 * 9 * 3 * 4 + 4 * 9 * 8 : 4 * 9 * 3 * 4;
    apart += training ? Mask.bytes(4 * 9, 4) : 0;
    assertThat(Network.workspaceBytes(spec, InputLayout.numbers(3), 3, 9, training))
        .isEqualTo(bytes + apart);
    assertThat(training ? network.trainingWorkspaceBytes(9) : network.workspaceBytes(9))
        .isEqualTo(bytes + apart);
  }

  @Test
  void aBatchOfNoRowsHasNoGradient() {
    Network network = random(softmax(HIDDEN, new LayerSpec.Dropout(0.2)).withMembers(3), 2, 3, 1);
    Workspace w = network.trainingWorkspace(4);
    w.rows(0);
    network.forwardTraining(w, 1, 1, 0);
    Parameters gradient = network.parameters().like();
    Arrays.fill(gradient.values(), 7);
    network.backward(w, 4, gradient);
    assertThat(gradient.values()).containsOnly(0);
  }

  /// Thirty steps of gradient descent on a network with a hidden layer of tanh, written down here
  /// in double precision for one example after the other.
  @Test
  void learnsAsThePlainFormulasSay() {
    int k = 3;
    NetworkSpec spec = softmax(HIDDEN).withMembers(k);
    Example example = GradientCases.example(spec, 6);
    Network network = GradientCases.network(example, kernels);
    Workspace w = network.trainingWorkspace(6);
    for (int i = 0; i < 6; i++) {
      System.arraycopy(example.x()[i], 0, w.x().values(), 4 * i, 4);
      System.arraycopy(example.y()[i], 0, w.y().values(), 3 * i, 3);
    }
    double[] theta = example.theta();
    Parameters gradient = network.parameters().like();
    for (int step = 0; step < 30; step++) {
      w.rows(6);
      network.forwardTraining(w, 1, 1, 0);
      network.backward(w, 6, gradient);
      for (int p = 0; p < theta.length; p++) {
        network.parameters().values()[p] -= 0.5f * gradient.values()[p];
      }
      descend(theta, example.batch(), k);
    }
    double moved = 0;
    for (int p = 0; p < theta.length; p++) {
      moved = Math.max(moved, Math.abs(theta[p] - example.parameters()[p]));
      assertThat((double) network.parameters().values()[p]).isCloseTo(theta[p], within(5e-5));
    }
    assertThat(moved).isGreaterThan(0.3);
  }

  /// theta -= 0.5 dJ/dtheta; 4 inputs, 4 hidden units, 3 classes. Parameters: r of each member, W
  /// and b, then V and c of each member.
  private static void descend(double[] theta, ReferenceNetwork.Batch batch, int k) {
    double[] g = new double[theta.length];
    int w = 4 * k;
    int b = w + 16;
    for (int i = 0; i < 6; i++) {
      for (int m = 0; m < k; m++) {
        double[] x = batch.x()[i];
        int v = b + 4 + 15 * m;
        double[] a = new double[4];
        for (int j = 0; j < 4; j++) {
          double z = theta[b + j];
          for (int h = 0; h < 4; h++) {
            z += theta[4 * m + h] * x[h] * theta[w + 4 * h + j];
          }
          a[j] = Math.tanh(z);
        }
        double[] e = new double[3];
        for (int c = 0; c < 3; c++) {
          double z = theta[v + 12 + c];
          for (int j = 0; j < 4; j++) {
            z += a[j] * theta[v + 3 * j + c];
          }
          e[c] = Math.exp(z);
        }
        double sum = e[0] + e[1] + e[2];
        double[] dz = new double[4];
        for (int c = 0; c < 3; c++) {
          double d = (e[c] / sum - batch.y()[i][c]) / (6 * k);
          g[v + 12 + c] += d;
          for (int j = 0; j < 4; j++) {
            g[v + 3 * j + c] += d * a[j];
            dz[j] += d * theta[v + 3 * j + c] * (1 - a[j] * a[j]);
          }
        }
        for (int j = 0; j < 4; j++) {
          g[b + j] += dz[j];
          for (int h = 0; h < 4; h++) {
            g[w + 4 * h + j] += dz[j] * theta[4 * m + h] * x[h];
            g[4 * m + h] += dz[j] * theta[w + 4 * h + j] * x[h];
          }
        }
      }
    }
    for (int p = 0; p < theta.length; p++) {
      theta[p] -= 0.5 * g[p];
    }
  }
}
