package dev.backprop.nn;

import dev.backprop.linalg.Matrix;
import java.util.List;

/// All parameters of a network in one flat array, or anything else that has one number for each of
/// them: a gradient, a moment of an optimizer. Its views name the parts.
public final class Parameters {

  /// How the names of embeddings begin.
  static final String EMBEDDINGS = "embeddings.";

  /// A weight matrix, a projection, a bias vector, a learned slope, the gains of units, the
  /// embeddings of a column or the factors of inputs inside the flat array, row-major.
  ///
  /// @param name such as `layers.0.weight`, `layers.0.slope`, `layers.1.gain`,
  ///   `layers.2.layers.0.weight`, `layers.2.projection`, `output.bias`, `embeddings.city.weight`,
  ///   `input.scale`
  /// @param rows inputs of the layer for its weights, units for what else it learns; categories of
  ///   a column, with one for a missing cell where there were such; scaled inputs
  /// @param columns units of the layer for its weights; units of an embedding; 1 for the others
  /// @param weight true for weights and embeddings, which alone are decayed and penalized; false
  ///   for the others
  /// @param rateFactor on the learning rate of this part
  /// @param decayFactor on penalties and decay, of weights
  public record View(
      String name,
      int offset,
      int rows,
      int columns,
      boolean weight,
      double rateFactor,
      double decayFactor) {

    /// A part with the rate and the decay of the whole.
    public View(String name, int offset, int rows, int columns, boolean weight) {
      this(name, offset, rows, columns, weight, 1, 1);
    }

    public int size() {
      return rows * columns;
    }

    /// Whether each column is the incoming weights of a unit, as in every dense layer. The rows of
    /// embeddings are categories.
    public boolean columnsAreUnits() {
      return weight && !name.startsWith(EMBEDDINGS);
    }

    /// Behind the last element.
    public int end() {
      return offset + size();
    }
  }

  private final float[] values;
  private final List<View> views;
  private final Matrix[] matrices;
  private final boolean oneRate;

  Parameters(float[] values, List<View> views) {
    this.values = values;
    this.views = List.copyOf(views);
    this.matrices =
        views.stream()
            .map(view -> new Matrix(values, view.offset(), view.rows(), view.columns()))
            .toArray(Matrix[]::new);
    this.oneRate = views.stream().allMatch(view -> view.rateFactor() == 1);
  }

  public float[] values() {
    return values;
  }

  /// The parts in the order of the array, without gaps.
  public List<View> views() {
    return views;
  }

  /// Whether no part has a learning rate of its own.
  public boolean oneRate() {
    return oneRate;
  }

  /// The part that `views().get(view)` names.
  Matrix matrix(int view) {
    return matrices[view];
  }

  public int size() {
    return values.length;
  }

  /// The same layout, all zeros.
  public Parameters like() {
    return new Parameters(new float[values.length], views);
  }

  /// The same layout with the same values in another array.
  Parameters copy() {
    return new Parameters(values.clone(), views);
  }
}
