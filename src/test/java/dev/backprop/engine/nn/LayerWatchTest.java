package dev.backprop.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Defaults;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The figures of layers against their formulas, on a mini-batch in two shards.
class LayerWatchTest {

  private static final int INPUTS = 3;
  private static final int[] ROWS = {4, 3};

  private static final NetworkSpec SPEC =
      NetworkSpec.of(
              List.of(
                  Defaults.fill(LayerSpec.Dense.class, 5, new Activation.Relu()),
                  new LayerSpec.Dropout(0.3),
                  new LayerSpec.Residual(
                      List.of(
                          Defaults.fill(LayerSpec.Dense.class, 4, new Activation.Tanh()),
                          Defaults.fill(LayerSpec.LayerNorm.class)),
                      true)),
              null,
              null)
          .withInputScale()
          .resolve(Task.REGRESSION);

  private final Network network =
      Network.initialize(SPEC, INPUTS, 2, new int[0], 7, new JavaKernels());
  private final Workspace[] shards = new Workspace[ROWS.length + 1];

  /// Takes the rows through; the second unit of the first layer never fires.
  private void forward() {
    Parameters.View bias = view("layers.0.bias");
    network.parameters().values()[bias.offset() + 1] = -100;
    int row = 0;
    for (int s = 0; s < ROWS.length; s++) {
      shards[s] = network.trainingWorkspace(ROWS[0]);
      shards[s].rows(ROWS[s]);
      for (int i = 0; i < ROWS[s] * INPUTS; i++) {
        shards[s].x().values()[i] = (float) Math.sin(1 + row * INPUTS + i);
      }
      network.forwardTraining(shards[s], 1, 1, row);
      row += ROWS[s];
    }
    shards[ROWS.length] = network.trainingWorkspace(1);
  }

  private Parameters.View view(String name) {
    return network.parameters().views().stream()
        .filter(view -> view.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<Double> outputs(int layer) {
    List<Double> values = new ArrayList<>();
    for (int s = 0; s < ROWS.length; s++) {
      Matrix a = shards[s].pass(layer).a();
      for (int i = 0; i < a.size(); i++) {
        values.add((double) a.values()[i]);
      }
    }
    return values;
  }

  @Test
  void figuresAreThoseOfTheFormulas() {
    forward();
    LayerWatch watch = network.watch();
    watch.begin();
    float[] theta = network.parameters().values();
    float[] before = theta.clone();
    for (int i = 0; i < theta.length; i++) {
      theta[i] += (float) (0.001 * Math.cos(i));
    }
    List<LayerFigures> figures = watch.end(shards, ROWS.length);

    assertThat(figures)
        .extracting(LayerFigures::layer)
        .containsExactly(
            "input", "layers.0", "layers.2.layers.0", "layers.2.layers.1", "layers.2", "output");
    // The input layer, dense, dropout, the begin of the block, its layers, its end, the output.
    int[] places = {0, 1, 4, 5, 6, 7};
    String[][] parts = {
      {"input.scale"},
      {"layers.0.weight", "layers.0.bias"},
      {"layers.2.layers.0.weight", "layers.2.layers.0.bias"},
      {"layers.2.layers.1.gain", "layers.2.layers.1.bias"},
      {"layers.2.projection"},
      {"output.weight", "output.bias"}
    };
    for (int l = 0; l < places.length; l++) {
      LayerFigures found = figures.get(l);
      List<Double> values = outputs(places[l]);
      double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
      double variance =
          values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow();
      assertThat(found.mean()).as(found.layer()).isCloseTo(mean, within(1e-12));
      assertThat(found.std()).as(found.layer()).isCloseTo(Math.sqrt(variance), within(1e-12));
      double moved = 0;
      double weight = 0;
      for (String part : parts[l]) {
        for (int i = view(part).offset(); i < view(part).end(); i++) {
          moved += Math.pow((double) theta[i] - before[i], 2);
          weight += (double) before[i] * before[i];
        }
      }
      assertThat(found.updateToWeight())
          .as(found.layer())
          .isCloseTo(Math.log10(Math.sqrt(moved) / Math.sqrt(weight)), within(1e-12));
    }
    assertThat(figures.stream().map(LayerFigures::dead))
        .containsExactly(0.0, dead(), 0.0, 0.0, 0.0, 0.0);
    assertThat(dead()).isGreaterThanOrEqualTo(0.2);
  }

  /// Of the first layer, as its outputs say it.
  private double dead() {
    List<Double> values = outputs(1);
    int dead = 0;
    for (int j = 0; j < 5; j++) {
      boolean fires = false;
      for (int i = j; i < values.size(); i += 5) {
        fires |= values.get(i) != 0;
      }
      dead += fires ? 0 : 1;
    }
    return dead / 5.0;
  }

  @Test
  void whatIsNotDefinedIsNull() {
    forward();
    LayerWatch watch = network.watch();
    watch.begin();
    assertThat(watch.end(shards, ROWS.length))
        .allSatisfy(
            figures -> {
              assertThat(figures.updateToWeight()).isNull();
              assertThat(figures.mean()).isNotNull();
            });
    Arrays.fill(network.parameters().values(), 0);
    watch.begin();
    Arrays.fill(network.parameters().values(), 1);
    assertThat(watch.end(shards, ROWS.length))
        .allSatisfy(figures -> assertThat(figures.updateToWeight()).isNull());
    shards[0].pass(1).a().values()[0] = Float.NaN;
    LayerFigures first = Objects.requireNonNull(watch.end(shards, ROWS.length).get(1));
    assertThat(first.mean()).isNull();
    assertThat(first.std()).isNull();
  }
}
