package dev.backprop.nn;

import java.util.List;

/// All parameters of a network in one flat array, with a named view for each matrix and vector.
public final class Parameters {

  private final float[] values;
  private final List<View> views;

  /// @param name such as `layers.0.weight`
  /// @param weight whether penalty and decay apply: weights yes, biases no
  public record View(String name, int offset, int rows, int columns, boolean weight) {}

  Parameters(float[] values, List<View> views) {
    this.values = values;
    this.views = List.copyOf(views);
  }

  public float[] values() {
    return values;
  }

  public List<View> views() {
    return views;
  }

  /// Zeros in the same layout: a gradient, a moment, an average.
  public Parameters like() {
    return new Parameters(new float[values.length], views);
  }
}
