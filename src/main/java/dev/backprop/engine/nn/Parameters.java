package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.LearningRateFactorsSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All parameters of a network in one flat array, or anything else that has one number for each of
/// them: a gradient, a moment of an optimizer. Its views name the parts.
///
/// Behind what is learned, the array of a network has the running statistics of its batch
/// normalization. Whoever copies or keeps the array has them too. Whoever updates parameters does
/// not touch them.
public final class Parameters {

  /// How the names of embeddings begin.
  static final String EMBEDDINGS = "embeddings.";

  /// How the names of what cosines of numbers learn begin.
  static final String PERIODIC = "periodic.";

  static final String INPUT_SCALE = "input.scale";

  /// The name of the factors by which members begin.
  static final String MEMBERS = "members.scale";

  /// How the names of biases, slopes and shares of activations end.
  static final String BIAS = ".bias";

  static final String SLOPE = ".slope";

  static final String SHARE = ".share";

  /// A weight matrix, a projection, a bias vector, a learned slope, the shares that units take of
  /// their activation, the gains of units, the embeddings of a column, the factors of inputs or
  /// what their cosines learn inside the flat array, row-major.
  ///
  /// @param name such as `layers.0.weight`, `layers.0.slope`, `layers.0.share`, `layers.1.gain`,
  ///   `layers.2.layers.0.weight`, `layers.2.projection`, `output.bias`, `embeddings.city.weight`,
  ///   `input.scale`, `periodic.frequency`; `members.scale` and `output.0.weight` if there are
  ///   several members
  /// @param rows inputs of the layer for its weights, units for what else it learns; scaled inputs;
  ///   categories of a column, and one more if it had missing cells; cosines of all numbers, and as
  ///   many more as there are such numbers for their factors and shifts; members
  /// @param columns units of the layer for its weights; units of an embedding; inputs that members
  ///   scale; 1 for the others
  /// @param weight true for weights, embeddings, the factors of cosines and of members, which alone
  ///   are decayed and penalized; false for the others
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
    /// embeddings are categories, those of the factors of members are members. The factors of
    /// cosines are one for each.
    public boolean columnsAreUnits() {
      return weight
          && !name.startsWith(EMBEDDINGS)
          && !name.startsWith(PERIODIC)
          && !name.equals(MEMBERS);
    }

    /// The layer whose it is: as its name begins. Output layers of members are one.
    String layer() {
      if (name.startsWith(EMBEDDINGS)) {
        return LayerShape.INPUT;
      }
      return name.startsWith(Layers.OUTPUT + ".")
          ? Layers.OUTPUT
          : name.substring(0, name.lastIndexOf('.'));
    }

    /// The factor of its kind.
    private double factor(LearningRateFactorsSpec factors) {
      if (name.startsWith(EMBEDDINGS)) {
        return factors.embeddings();
      }
      if (name.startsWith(PERIODIC)) {
        return factors.periodic();
      }
      if (name.equals(INPUT_SCALE)) {
        return factors.inputScale();
      }
      if (name.endsWith(SLOPE) || name.endsWith(SHARE)) {
        return factors.slopes();
      }
      return name.endsWith(BIAS) ? factors.biases() : 1;
    }

    private View scaledBy(LearningRateFactorsSpec factors) {
      return new View(
          name, offset, rows, columns, weight, rateFactor * factor(factors), decayFactor);
    }

    /// Behind the last element.
    public int end() {
      return offset + size();
    }
  }

  private final float[] values;
  private final List<View> views;
  private final List<View> statistics;
  private final Matrix[] matrices;
  private final boolean oneRate;

  /// @param statistics views of the array behind the others
  Parameters(float[] values, List<View> views, List<View> statistics) {
    this.values = values;
    this.views = List.copyOf(views);
    this.statistics = List.copyOf(statistics);
    this.matrices =
        views.stream()
            .map(view -> new Matrix(values, view.offset(), view.rows(), view.columns()))
            .toArray(Matrix[]::new);
    this.oneRate = views.stream().allMatch(view -> view.rateFactor() == 1);
  }

  /// What is learned, and then running statistics.
  public float[] values() {
    return values;
  }

  /// What is learned, part by part in the order of the array, without gaps.
  public List<View> views() {
    return views;
  }

  /// The running statistics, which follow without a gap: the mean of every unit of a layer, then
  /// their variance, then those of the next layer.
  public List<View> statistics() {
    return statistics;
  }

  /// Whether a part is a running variance, which is never negative.
  public boolean isVariance(View view) {
    return statistics.indexOf(view) % 2 == 1;
  }

  /// Whether no part has a learning rate of its own.
  public boolean oneRate() {
    return oneRate;
  }

  /// The part that `views().get(view)` names.
  Matrix matrix(int view) {
    return matrices[view];
  }

  /// How many numbers are learned.
  public int size() {
    return views.isEmpty() ? 0 : views.getLast().end();
  }

  /// The same array, whose parts learn at rates with these factors too.
  ///
  /// @param factors null for none
  public Parameters learningBy(@Nullable LearningRateFactorsSpec factors) {
    return factors == null
        ? this
        : new Parameters(
            values, views.stream().map(view -> view.scaledBy(factors)).toList(), statistics);
  }

  /// One number, zero, for each that is learned.
  public Parameters like() {
    return new Parameters(new float[size()], views, List.of());
  }

  /// The same layout with the same values in another array.
  Parameters copy() {
    return new Parameters(values.clone(), views, statistics);
  }
}
