package dev.backprop.engine.nn;

import dev.backprop.engine.spec.NetworkSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How inputs enter a network. If they are scaled or embedded, a layer for them comes first, then
/// one for the numbers that have cosines.
final class Entrance {

  private final InputLayout inputs;
  private final @Nullable Input input;

  /// Null if no number has cosines.
  private final @Nullable Periodic periodic;

  /// Of each input the first of its outputs here, and behind them how many outputs there are.
  private final int[] places;

  /// Those of the first layer with weights; null if none pay.
  private final @Nullable OneHots hots;

  /// @param layout to which their parameters are added
  Entrance(NetworkSpec spec, InputLayout inputs, ParameterLayout layout) {
    this.inputs = inputs;
    input = Input.of(spec, inputs);
    if (input != null) {
      layout.add(input.parts(), input::draw);
    }
    places = input == null ? IntStream.rangeClosed(0, inputs.width()).toArray() : input.places();
    periodic = Periodic.of(inputs.periodics(), places, layout.next());
    if (periodic != null) {
      layout.add(periodic.parts(layout.end()), periodic::draw);
      periodic.move(places);
    }
    hots = OneHots.of(inputs, places);
  }

  /// By name, in their order; perhaps none.
  Map<String, Layer> layers() {
    Map<String, Layer> layers = new LinkedHashMap<>();
    if (input != null) {
      layers.put(LayerShape.INPUT, input);
    }
    if (periodic != null) {
      layers.put(LayerShape.PERIODIC, periodic);
    }
    return layers;
  }

  /// How many outputs there are, the inputs of the first layer with weights.
  int width() {
    return places[inputs.width()];
  }

  @Nullable OneHots hots() {
    return hots;
  }

  /// The neighbouring outputs that belong to one feature.
  int[] chunks() {
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

  /// Inputs of the first layer with weights whose weights a row takes part in: of each one-hot
  /// group one, if its rows of weights are added.
  int multipliedInputs() {
    return hots == null ? width() : hots.others().length + hots.groups();
  }

  /// Takes the embeddings of these inputs out of the parameters.
  ///
  /// @param weights takes the weights of an output, for inputs that have no embedding
  void silence(int[] silentInputs, Parameters theta, IntConsumer weights) {
    IntConsumer outputs = periodic == null ? weights : k -> periodic.silence(k, weights);
    if (input == null) {
      Arrays.stream(silentInputs).forEach(outputs);
    } else {
      input.silence(silentInputs, theta, outputs);
    }
  }
}
