package dev.backprop.engine.nn;

import dev.backprop.engine.spec.Activation;
import dev.backprop.engine.spec.Initializer;
import dev.backprop.engine.spec.InvalidSpecException;
import dev.backprop.engine.spec.LayerSpec;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.OutputSpec;
import dev.backprop.engine.spec.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The layers of a network in the order in which a batch goes through them, and the
/// [ParameterLayout] of what they learn. First come those of the [Entrance]. If there are members,
/// they part in the next. Then come the hidden layers of the spec, and the output layer up to its
/// logits.
final class Layers {

  static final String OUTPUT = "output";

  private static final Activation IDENTITY = new Activation.Identity();

  /// As of every layer without a bend.
  private static final Initializer PROJECTION = new Initializer.GlorotUniform();

  private final List<Layer> list = new ArrayList<>();
  private final ParameterLayout layout = new ParameterLayout();

  /// Indices of the views of the weights that inputs meet first.
  private final List<Integer> firstWeights = new ArrayList<>();

  /// Places of the layers that have outputs of their own, by name. That of a residual block is its
  /// end.
  private final Map<String, Integer> names = new LinkedHashMap<>();

  // While layers are added: the units of the last one, how many layers of the spec there were, and
  // whether its outputs are still the inputs, an output for each.
  private int width;
  private int count;
  private boolean inputsPass = true;

  private final int members;
  private final Scaling scaling;

  private final Entrance entrance;

  private Layers(NetworkSpec spec, InputLayout inputs, int outputs) {
    entrance = new Entrance(spec, inputs, layout);
    entrance
        .layers()
        .forEach(
            (name, layer) -> {
              list.add(layer);
              names.put(name, list.size() - 1);
            });
    width = entrance.width();
    members = spec.networks();
    scaling = spec.resolvedScaling();
    if (members > 1) {
      addAdapters(!list.isEmpty());
    }
    add(spec.layers(), "");
    addOutput(spec.resolvedOutput(), outputs);
  }

  /// As TabM's authors start them: normal behind what is learned itself, signs otherwise.
  private void addAdapters(boolean normal) {
    int[] chunks = entrance.chunks();
    int view = layout.next();
    list.add(new Adapters(members, width, view));
    names.put(LayerShape.MEMBERS, list.size() - 1);
    layout.addWeights(Parameters.MEMBERS, members, width, 1, 1);
    layout.start(
        (theta, seed) ->
            Initialization.scales(theta, theta.views().get(view), chunks, normal, seed));
  }

  private void addOutput(OutputSpec output, int outputs) {
    if (members > 1) {
      list.add(new Heads(width, outputs, members, layout.next(), factor(width)));
    } else {
      list.add(dense(outputs, IDENTITY));
    }
    Weights weights =
        new Weights(
            output.initializer(),
            output.biasInitializer(),
            output.learningRateFactor(),
            output.decayFactor());
    for (int m = 0; m < members; m++) {
      addWeights(members > 1 ? OUTPUT + "." + m : OUTPUT, outputs, weights);
    }
    names.put(OUTPUT, list.size() - 1);
  }

  /// @throws InvalidSpecException if a layer does not suit the width of its inputs
  static Layers of(NetworkSpec spec, InputLayout inputs, int outputs) {
    return new Layers(spec, inputs, outputs);
  }

  private void add(List<LayerSpec> specs, String prefix) {
    for (int l = 0; l < specs.size(); l++) {
      add(specs.get(l), prefix + "layers." + l);
      width = list.getLast().units();
    }
  }

  private void add(LayerSpec spec, String name) {
    int index = count++;
    switch (spec) {
      case LayerSpec.Dense dense -> add(dense, name);
      case LayerSpec.Dropout dropout -> list.add(new Dropout(width, dropout, index, members));
      case LayerSpec.LayerNorm(double epsilon) -> {
        if (width < 2) {
          throw refusal(name, "must have at least 2 inputs to normalize, has " + width);
        }
        list.add(new LayerNorm(width, epsilon, layout.next()));
        addGainAndBias(width, name);
      }
      case LayerSpec.BatchNorm(double epsilon, double momentum) -> {
        int statistic = layout.addStatistics(name, width);
        list.add(new BatchNorm(width, epsilon, momentum, layout.next(), statistic));
        addGainAndBias(width, name);
      }
      case LayerSpec.Residual block -> add(block, name);
    }
    if (!(spec instanceof LayerSpec.Dropout)) {
      names.put(name, list.size() - 1);
    }
  }

  private static InvalidSpecException refusal(String name, String detail) {
    return new InvalidSpecException("/" + name.replace('.', '/'), detail);
  }

  private void add(LayerSpec.Residual block, String name) {
    int p = width;
    int start = list.size();
    boolean inputsPassBy = inputsPass && !block.projection();
    boolean inputsAreProjected = inputsPass && block.projection();
    list.add(new ResidualStart(p, p, -1));
    add(block.layers(), name + ".");
    int q = width;
    if (p != q && !block.projection()) {
      throw refusal(
          name, "must have as many outputs as inputs, %d, or a projection; has %d".formatted(p, q));
    }
    inputsPass |= inputsPassBy;
    int projection = block.projection() ? layout.next() : -1;
    list.set(start, new ResidualStart(p, q, projection));
    list.add(new ResidualEnd(p, q, start, projection));
    if (block.projection()) {
      layout.addWeights(name + ".projection", p, q, 1, 1);
      layout.start((theta, seed) -> fill(theta, projection, PROJECTION, p, q, seed));
      if (inputsAreProjected) {
        firstWeights.add(projection);
      }
    }
  }

  private void add(LayerSpec.Dense said, String name) {
    list.add(dense(said.units(), said.parametric() ? IDENTITY : said.activation()));
    Weights weights =
        new Weights(
            said.initializer(),
            said.biasInitializer(),
            said.learningRateFactor(),
            said.decayFactor());
    addWeights(name, said.units(), weights);
    inputsPass = false;
    if (said.activation() instanceof Activation.Prelu(double first)) {
      layout.addVector(name + Parameters.SLOPE, 1, weights.rate, weights.decay, first);
    }
    if (said.parametric()) {
      list.add(new ParametricActivation(said.units(), said.activation(), layout.next()));
      layout.addVector(name + Parameters.SHARE, said.units(), weights.rate, weights.decay, 1);
    }
  }

  private Layer dense(int units, Activation f) {
    Dense dense = new Dense(width, units, f, layout.next(), factor(width));
    boolean hot = list.stream().allMatch(Layers::keepsOneHots);
    OneHots hots = entrance.hots();
    return hot && hots != null ? new OneHotDense(dense, hots) : dense;
  }

  /// Whether what enters as one-hot leaves with at most one number that is not zero.
  private static boolean keepsOneHots(Layer layer) {
    return switch (layer) {
      case Input _, Periodic _, Adapters _, Dropout _ -> true;
      case BatchNorm _,
          Dense _,
          Heads _,
          LayerNorm _,
          OneHotDense _,
          ParametricActivation _,
          ResidualStart _,
          ResidualEnd _ ->
          false;
    };
  }

  /// How W and b start, and what their learning rate and decay are multiplied by.
  private record Weights(
      Initializer initializer, Initializer biasInitializer, double rate, double decay) {}

  /// W and b of q units.
  private void addWeights(String name, int q, Weights said) {
    int w = layout.next();
    int p = width;
    if (inputsPass) {
      firstWeights.add(w);
    }
    layout.addWeights(name + ".weight", p, q, said.rate, said.decay);
    layout.addVector(name + Parameters.BIAS, q, said.rate, said.decay);
    layout.start(
        (theta, seed) -> {
          fill(theta, w, said.initializer, p, q, seed);
          Initialization.divide(theta, theta.views().get(w), factor(p));
          fill(theta, w + 1, said.biasInitializer, p, q, seed);
        });
  }

  private float factor(int inputs) {
    return (float) scaling.factor(inputs);
  }

  /// γ = 1, β = 0.
  private void addGainAndBias(int units, String name) {
    layout.addVector(name + ".gain", units, 1, 1, 1);
    layout.addVector(name + Parameters.BIAS, units, 1, 1);
  }

  private static void fill(
      Parameters theta, int view, Initializer initializer, int fanIn, int fanOut, long seed) {
    Initialization.fill(theta, theta.views().get(view), initializer, fanIn, fanOut, seed);
  }

  List<Layer> list() {
    return List.copyOf(list);
  }

  /// The parameters in this array, and the running statistics behind them.
  Parameters on(float[] values) {
    return layout.on(values);
  }

  /// Places in [#list] of the layers that have outputs of their own, by name.
  Map<String, Integer> names() {
    return Collections.unmodifiableMap(names);
  }

  List<LayerShape> shapes() {
    return list.stream().map(Layer::shape).toList();
  }

  /// As [Entrance#multipliedInputs].
  int multipliedInputs() {
    return entrance.multipliedInputs();
  }

  /// As [Network#multiplyAdds(NetworkSpec, InputLayout, int)].
  ///
  /// @param networks that share weights
  long multiplyAdds(int networks) {
    long one = 0;
    boolean first = true;
    for (Layer layer : list) {
      LayerShape shape = layer.shape();
      boolean dense = shape.type().equals("dense");
      boolean projects = shape.type().equals("residual-end") && shape.parameters() > 0;
      if (dense || projects) {
        int inputs = dense && first ? multipliedInputs() : shape.inputs();
        one += (long) inputs * shape.units();
        first &= !dense;
      }
    }
    return one * networks;
  }

  /// Everything that the layers learn.
  long parameterCount() {
    return list.stream().map(Layer::shape).mapToLong(LayerShape::parameters).sum();
  }

  /// The parameters, and the running statistics.
  long valueCount() {
    return parameterCount() + layout.statisticCount();
  }

  void drawParameters(Parameters theta, long seed) {
    layout.draw(theta, seed);
  }

  /// Takes the weights of these inputs, or their embeddings, out of the parameters.
  void silence(int[] silentInputs, Parameters theta) {
    entrance.silence(silentInputs, theta, k -> silence(theta, k));
  }

  /// Row k of every W that the inputs meet first = 0.
  private void silence(Parameters theta, int k) {
    for (int view : firstWeights) {
      Parameters.View w = theta.views().get(view);
      int row = w.offset() + Objects.checkIndex(k, w.rows()) * w.columns();
      Arrays.fill(theta.values(), row, row + w.columns(), 0);
    }
  }
}
