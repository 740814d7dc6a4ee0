package dev.backprop.engine.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.engine.data.BareExamples;
import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.data.TargetEncoder;
import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.KernelSelection;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows of every place in requests of every length, answered by networks of many kinds: equal rows
/// have answers of equal bits, and so has the row alone.
class EqualRowsTest {

  private static final List<Activation> ACTIVATIONS =
      List.of(
          new Activation.Relu(),
          new Activation.Tanh(),
          new Activation.Gelu(),
          new Activation.Selu(),
          new Activation.Silu(),
          new Activation.Identity());

  @ParameterizedTest
  @ValueSource(strings = {"openblas", "java"})
  void haveAnswersOfEqualBits(String name) {
    Kernels kernels =
        name.equals("java") ? new JavaKernels() : KernelSelection.select(name).kernels();
    Random random = new Random(42);
    for (int round = 0; round < 60; round++) {
      check(kernels, random, 1 + random.nextInt(round % 10 == 0 ? 2000 : 80));
    }
  }

  private static void check(Kernels kernels, Random random, int inputs) {
    int outputs = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(40);
    Network network = network(kernels, inputs, outputs, random);
    Predictor predictor =
        new Predictor(
            null,
            new Scorer(network, TargetEncoder.bare(outputs), new Baseline(new double[outputs])));
    int count = 1 + random.nextInt(600);
    double[][] different = new double[5][];
    for (int i = 0; i < different.length; i++) {
      double scale = Math.pow(10, random.nextInt(4) - 1);
      different[i] = random.doubles(inputs).map(x -> scale * (2 * x - 1)).toArray();
    }
    int[] which = random.ints(count, 0, different.length).toArray();
    double[][] rows = Arrays.stream(which).mapToObj(i -> different[i]).toArray(double[][]::new);

    List<double[]> answers = new ArrayList<>();
    predictor.predict(
        PredictorRows.of(predictor, new BareExamples(DenseRows.of(rows), null)),
        predictor.workspace(Scorer.BLOCK),
        answer -> answers.add(values(answer)));

    double[][] alone =
        Arrays.stream(different)
            .map(row -> values(predictor.predict(row, predictor.workspace(1))))
            .toArray(double[][]::new);
    assertThat(answers).hasSize(count);
    for (int i = 0; i < count; i++) {
      assertThat(answers.get(i))
          .as("row %d of %d of %s", i, count, network.shapes())
          .containsExactly(alone[which[i]]);
    }
  }

  private static double[] values(Prediction prediction) {
    return ((Prediction.Outputs) prediction).values();
  }

  private static Network network(Kernels kernels, int inputs, int outputs, Random random) {
    List<LayerSpec> layers = new ArrayList<>();
    for (int l = random.nextInt(4); l > 0; l--) {
      Activation f = ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size()));
      layers.add(Defaults.fill(LayerSpec.Dense.class, 2 + random.nextInt(150), f));
      switch (random.nextInt(4)) {
        case 0 -> layers.add(new LayerSpec.LayerNorm(1e-5));
        case 1 -> layers.add(new LayerSpec.BatchNorm(1e-5, 0.1));
        default -> {}
      }
    }
    Activation f =
        switch (random.nextInt(3)) {
          case 0 -> new Activation.Identity();
          case 1 -> outputs > 1 ? new Activation.Softmax() : new Activation.Sigmoid();
          default -> new Activation.Sigmoid();
        };
    NetworkSpec spec =
        NetworkSpec.of(layers, Defaults.fill(OutputSpec.class, f), null).resolve(Task.BARE);
    Network network =
        Network.initialize(spec, inputs, outputs, new int[0], random.nextLong(), kernels);
    float[] parameters = network.parameters().values();
    // Biases that dwarf what rows differ by: with them roundings are largest.
    network.parameters().views().stream()
        .filter(view -> !view.weight())
        .flatMapToInt(view -> IntStream.range(view.offset(), view.end()))
        .forEach(i -> parameters[i] += random.nextFloat() * 10);
    return network;
  }
}
