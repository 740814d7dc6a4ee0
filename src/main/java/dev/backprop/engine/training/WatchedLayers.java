package dev.backprop.engine.training;

import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.nn.LayerWatch;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.optim.State;
import dev.backprop.engine.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The figures of the layers in one step of the epoch under way.
final class WatchedLayers {

  private final LayerWatch watch;
  private @Nullable List<LayerFigures> figures;

  private WatchedLayers(LayerWatch watch) {
    this.watch = watch;
  }

  /// @return null if the training does not ask for them
  static @Nullable WatchedLayers of(TrainingSpec training, Network network) {
    return training.layerStatistics() ? new WatchedLayers(network.watch()) : null;
  }

  /// Before the parameters move.
  void begin() {
    watch.begin();
  }

  /// After they have moved.
  void end(Shards shards) {
    figures = shards.figures(watch);
  }

  /// Those of the epoch, which ends.
  @Nullable List<LayerFigures> take() {
    List<LayerFigures> taken = figures;
    figures = null;
    return taken;
  }

  /// A figure that there is not is no number.
  void exchange(State state) {
    int known = state.integer(figures == null ? 0 : 1, 0, 1);
    List<LayerFigures> exchanged = new ArrayList<>();
    for (int layer = 0; known == 1 && layer < watch.size(); layer++) {
      LayerFigures figure = figures == null ? null : figures.get(layer);
      exchanged.add(
          new LayerFigures(
              watch.name(layer),
              exchange(state, figure == null ? null : figure.updateToWeight()),
              exchange(state, figure == null ? null : figure.mean()),
              exchange(state, figure == null ? null : figure.std()),
              exchange(state, figure == null ? null : figure.dead())));
    }
    figures = known == 1 ? List.copyOf(exchanged) : null;
  }

  private static @Nullable Double exchange(State state, @Nullable Double figure) {
    double value = state.number(figure == null ? Double.NaN : figure);
    return Double.isNaN(value) ? null : Double.valueOf(value);
  }
}
