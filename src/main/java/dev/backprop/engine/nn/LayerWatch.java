package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Watches the layers of a network over one step. The outputs of their units are those that a
/// forward pass of training has left in its workspaces. Sums are taken on the calling thread, row
/// by row and shard by shard, so that they depend on nothing else.
public final class LayerWatch {

  /// A layer.
  ///
  /// @param index among the layers of the network
  /// @param parts its own parameters
  private record Watched(String name, int index, List<Parameters.View> parts) {}

  private final List<Watched> layers;
  private final float[] theta;
  private final float[] before;
  private final boolean[] alive;

  LayerWatch(Map<String, Integer> names, Parameters parameters, int widest) {
    layers =
        names.entrySet().stream()
            .map(
                entry ->
                    new Watched(
                        entry.getKey(),
                        entry.getValue(),
                        parameters.views().stream()
                            .filter(view -> view.layer().equals(entry.getKey()))
                            .toList()))
            .toList();
    theta = parameters.values();
    before = new float[parameters.size()];
    alive = new boolean[widest];
  }

  /// How many layers there are.
  public int size() {
    return layers.size();
  }

  public String name(int layer) {
    return layers.get(layer).name;
  }

  /// Remembers the parameters, before the step changes them.
  public void begin() {
    System.arraycopy(theta, 0, before, 0, before.length);
  }

  /// The figures of every layer, after the step.
  ///
  /// @param shards that took the mini-batch through, of which there are `count`
  public List<LayerFigures> end(Workspace[] shards, int count) {
    List<LayerFigures> figures = new ArrayList<>();
    for (Watched layer : layers) {
      figures.add(figures(layer, shards, count));
    }
    return List.copyOf(figures);
  }

  private LayerFigures figures(Watched layer, Workspace[] shards, int count) {
    Arrays.fill(alive, false);
    long n = 0;
    double sum = 0;
    for (int s = 0; s < count; s++) {
      Matrix a = shards[s].pass(layer.index).a();
      int q = a.columns();
      for (int i = 0; i < a.size(); i++) {
        float value = a.values()[a.offset() + i];
        sum += value;
        alive[i % q] |= value != 0;
      }
      n += a.size();
    }
    double mean = sum / n;
    double squares = 0;
    for (int s = 0; s < count; s++) {
      Matrix a = shards[s].pass(layer.index).a();
      for (int i = 0; i < a.size(); i++) {
        double deviation = a.values()[a.offset() + i] - mean;
        squares += deviation * deviation;
      }
    }
    int units = shards[0].pass(layer.index).a().columns();
    int dead = 0;
    for (int j = 0; j < units; j++) {
      dead += alive[j] ? 0 : 1;
    }
    return new LayerFigures(
        layer.name,
        updateToWeight(layer.parts),
        defined(mean),
        defined(Math.sqrt(squares / n)),
        defined(dead / (double) units));
  }

  private @Nullable Double updateToWeight(List<Parameters.View> parts) {
    double moved = 0;
    double weight = 0;
    for (Parameters.View part : parts) {
      for (int i = part.offset(); i < part.end(); i++) {
        double w = before[i];
        double step = theta[i] - w;
        moved += step * step;
        weight += w * w;
      }
    }
    return defined(Math.log10(moved / weight) / 2);
  }

  private static @Nullable Double defined(double figure) {
    return Double.isFinite(figure) ? Double.valueOf(figure) : null;
  }
}
