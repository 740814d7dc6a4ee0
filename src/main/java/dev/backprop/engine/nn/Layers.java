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
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The layers of a network in the order in which a batch goes through them, and the layout and the
/// start of their parameters. If inputs are scaled or embedded, a layer for them comes first, then
/// one for the numbers that have cosines. If there are members, they part in the next. Then come
/// the hidden layers of the spec, and the output layer up to its logits.
final class Layers {

  static final String OUTPUT = "output";

  private static final Activation IDENTITY = new Activation.Identity();

  /// As of every layer without a bend.
  private static final Initializer PROJECTION = new Initializer.GlorotUniform();

  private final List<Layer> list = new ArrayList<>();
  private final List<Parameters.View> views = new ArrayList<>();
  private final List<Start> starts = new ArrayList<>();

  /// Names and units of the running statistics.
  private final Map<String, Integer> statistics = new LinkedHashMap<>();

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

  /// Inputs of the first layer with weights.
  private final int firstWidth;

  /// Null if no number has cosines.
  private final @Nullable Periodic periodic;

  /// Those of the first layer with weights; null if none pay.
  private final @Nullable OneHots hots;

  /// How the parameters of a layer start.
  private interface Start {
    void draw(Parameters theta, long seed);
  }

  private Layers(NetworkSpec spec, InputLayout inputs, int outputs) {
    Input input = Input.of(spec, inputs);
    if (input != null) {
      list.add(input);
      names.put(LayerShape.INPUT, 0);
      views.addAll(input.parts());
      starts.add(input::draw);
    }
    int[] places =
        input == null ? IntStream.rangeClosed(0, inputs.width()).toArray() : input.places();
    periodic = Periodic.of(inputs.periodics(), places, views.size());
    if (periodic != null) {
      add(periodic);
      periodic.move(places);
    }
    width = places[inputs.width()];
    firstWidth = width;
    hots = OneHots.of(inputs, places);
    members = spec.networks();
    scaling = spec.resolvedScaling();
    if (members > 1) {
      addAdapters(chunks(inputs, places), !list.isEmpty());
    }
    add(spec.layers(), "");
    addOutput(spec.resolvedOutput(), outputs);
  }

  private void add(Periodic periodic) {
    list.add(periodic);
    names.put(LayerShape.PERIODIC, list.size() - 1);
    views.addAll(periodic.parts(views.isEmpty() ? 0 : views.getLast().end()));
    starts.add(periodic::draw);
  }

  /// The neighbouring inputs of the hidden layers that belong to one feature.
  private static int[] chunks(InputLayout inputs, int[] places) {
    List<Integer> features =
        inputs.features().isEmpty() ? Collections.nCopies(inputs.width(), 1) : inputs.features();
    int[] chunks = new int[features.size()];
    int at = 0;
    for (int c = 0; c < chunks.length; c++) {
      int end = at + features.get(c);
      chunks[c] = places[end] - places[at];
      at = end;
    }
    return chunks;
  }

  /// As TabM's authors start them: normal behind what is learned itself, signs otherwise.
  private void addAdapters(int[] chunks, boolean normal) {
    int view = views.size();
    list.add(new Adapters(members, width, view));
    names.put(LayerShape.MEMBERS, list.size() - 1);
    addView(Parameters.MEMBERS, members, width, true, 1, 1);
    starts.add(
        (theta, seed) ->
            Initialization.scales(theta, theta.views().get(view), chunks, normal, seed));
  }

  private void addOutput(OutputSpec output, int outputs) {
    if (members > 1) {
      list.add(new Heads(width, outputs, members, views.size(), factor(width)));
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
        list.add(new LayerNorm(width, epsilon, views.size()));
        addGainAndBias(width, name);
      }
      case LayerSpec.BatchNorm(double epsilon, double momentum) -> {
        int statistic = statistics.size();
        list.add(new BatchNorm(width, epsilon, momentum, views.size(), statistic));
        addGainAndBias(width, name);
        statistics.put(name + ".mean", width);
        statistics.put(name + ".variance", width);
        starts.add((theta, _) -> fill(theta, theta.statistics().get(statistic + 1), 1));
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
    int projection = block.projection() ? views.size() : -1;
    list.set(start, new ResidualStart(p, q, projection));
    list.add(new ResidualEnd(p, q, start, projection));
    if (block.projection()) {
      addView(name + ".projection", p, q, true, 1, 1);
      starts.add((theta, seed) -> fill(theta, projection, PROJECTION, p, q, seed));
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
      int slope = views.size();
      addView(name + Parameters.SLOPE, 1, 1, false, weights.rate, weights.decay);
      starts.add((theta, _) -> fill(theta, theta.views().get(slope), first));
    }
    if (said.parametric()) {
      int share = views.size();
      list.add(new ParametricActivation(said.units(), said.activation(), share));
      addView(name + Parameters.SHARE, said.units(), 1, false, weights.rate, weights.decay);
      starts.add((theta, _) -> fill(theta, theta.views().get(share), 1));
    }
  }

  private Layer dense(int units, Activation f) {
    Dense dense = new Dense(width, units, f, views.size(), factor(width));
    boolean hot = list.stream().allMatch(Layers::keepsOneHots);
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
    int w = views.size();
    int p = width;
    if (inputsPass) {
      firstWeights.add(w);
    }
    addView(name + ".weight", p, q, true, said.rate, said.decay);
    addView(name + Parameters.BIAS, q, 1, false, said.rate, said.decay);
    starts.add(
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
    int gain = views.size();
    addView(name + ".gain", units, 1, false, 1, 1);
    addView(name + Parameters.BIAS, units, 1, false, 1, 1);
    starts.add((theta, _) -> fill(theta, theta.views().get(gain), 1));
  }

  private void addView(
      String name, int rows, int columns, boolean weight, double rate, double decay) {
    int offset = views.isEmpty() ? 0 : views.getLast().end();
    views.add(new Parameters.View(name, offset, rows, columns, weight, rate, decay));
  }

  private static void fill(Parameters theta, Parameters.View view, double value) {
    Arrays.fill(theta.values(), view.offset(), view.end(), (float) value);
  }

  private static void fill(
      Parameters theta, int view, Initializer initializer, int fanIn, int fanOut, long seed) {
    Initialization.fill(theta, theta.views().get(view), initializer, fanIn, fanOut, seed);
  }

  List<Layer> list() {
    return List.copyOf(list);
  }

  /// The layout of the views of every layer that has them, one behind the other, and of the running
  /// statistics; of use if one array holds all.
  Parameters on(float[] values) {
    List<Parameters.View> behind = new ArrayList<>();
    int offset = views.getLast().end();
    for (Map.Entry<String, Integer> statistic : statistics.entrySet()) {
      behind.add(new Parameters.View(statistic.getKey(), offset, statistic.getValue(), 1, false));
      offset = behind.getLast().end();
    }
    return new Parameters(values, views, behind);
  }

  /// Places in [#list] of the layers that have outputs of their own, by name.
  Map<String, Integer> names() {
    return Collections.unmodifiableMap(names);
  }

  List<LayerShape> shapes() {
    return list.stream().map(Layer::shape).toList();
  }

  /// Inputs of the first layer with weights whose weights a row takes part in: of each one-hot
  /// group one, if its rows of weights are added.
  int multipliedInputs() {
    return hots == null ? firstWidth : hots.others().length + hots.groups();
  }

  /// Everything that the layers learn.
  long parameterCount() {
    return list.stream().map(Layer::shape).mapToLong(LayerShape::parameters).sum();
  }

  /// The parameters, and the running statistics.
  long valueCount() {
    return parameterCount() + statistics.values().stream().mapToLong(units -> units).sum();
  }

  void drawParameters(Parameters theta, long seed) {
    starts.forEach(start -> start.draw(theta, seed));
  }

  /// Takes the weights of these inputs, or their embeddings, out of the parameters.
  void silence(int[] silentInputs, Parameters theta) {
    IntConsumer weights = k -> silence(theta, k);
    IntConsumer outputs = periodic == null ? weights : k -> periodic.silence(k, weights);
    if (list.getFirst() instanceof Input input) {
      input.silence(silentInputs, theta, outputs);
    } else {
      Arrays.stream(silentInputs).forEach(outputs);
    }
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
