package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.NetworkSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The layer by which encoded inputs enter a network that scales numbers or embeds categories, for
/// a batch of n examples:
///
///     X  (n x p)  inputs: numbers x, and indices c of categories
///     s           a factor for each number; absent if the network does not scale
///     E  (c x e)  the embeddings of a column: a row of e units for each of its c categories
///     A  (n x q)  in the order of X: s x for a number, row c of E for an index c, zeros for c < 0
///
/// Row c of E is the product of a one-hot vector and E. So an embedding is a linear layer on
/// one-hot inputs that skips the multiplications by zero (Guo and Berkhahn 2016, Entity Embeddings
/// of Categorical Variables, section 3). Hence the derivatives
///
///     ds = Σ rows of dA * x      dE row c = Σ of the dA of the rows with index c
///
/// dE is dense like every other gradient: a step zeroes, adds up and passes to the optimizer all
/// rows of E, not only those of the batch's categories. For 65,536 categories of 50 units these are
/// 3.3 million parameters a step, however few rows the batch has.
final class Input implements Layer {

  /// Embeddings start as U(-r, r), Keras' choice for its layer of this name, with which the paper's
  /// experiments were made. As small as that, a category that is rare in training stays near the
  /// zeros of one that is not there at all.
  static final double EMBEDDING_RANGE = 0.05;

  /// The lookup of one column.
  ///
  /// @param input place of the index among the inputs
  /// @param at first of its units in A
  /// @param view index of E among the views of the parameters
  private record Lookup(String column, int input, int at, int categories, int units, int view) {}

  /// Neighbouring numbers.
  ///
  /// @param input the first among the inputs
  /// @param at the first in A
  /// @param factor the first among the factors
  private record Run(int input, int at, int length, int factor) {}

  private final int inputs;
  private final int units;
  private final int numbers;
  private final boolean scaled;
  private final Run[] runs;
  private final Lookup[] lookups;

  private Input(NetworkSpec spec, InputLayout layout) {
    inputs = layout.width();
    numbers = inputs - layout.indices().size();
    scaled = spec.inputScale() && numbers > 0;
    List<Run> numberRuns = new ArrayList<>();
    List<Lookup> indexLookups = new ArrayList<>();
    int input = 0;
    int at = 0;
    for (InputLayout.Index index : layout.indices()) {
      int before = index.input() - input;
      addRun(numberRuns, new Run(input, at, before, input - indexLookups.size()));
      at = Math.addExact(at, before);
      int e = Objects.requireNonNull(spec.embeddings().get(index.column())).resolvedUnits();
      int view = indexLookups.size() + (scaled ? 1 : 0);
      indexLookups.add(new Lookup(index.column(), index.input(), at, index.categories(), e, view));
      at = Math.addExact(at, e);
      input = index.input() + 1;
    }
    addRun(numberRuns, new Run(input, at, inputs - input, input - indexLookups.size()));
    units = Math.addExact(at, inputs - input);
    runs = numberRuns.toArray(Run[]::new);
    lookups = indexLookups.toArray(Lookup[]::new);
  }

  private static void addRun(List<Run> runs, Run run) {
    if (run.length > 0) {
      runs.add(run);
    }
  }

  /// @return null if inputs enter as they are
  static @Nullable Input of(NetworkSpec spec, InputLayout layout) {
    List<String> columns = layout.indices().stream().map(InputLayout.Index::column).toList();
    if (columns.size() != spec.embeddings().size()
        || !spec.embeddings().keySet().containsAll(columns)) {
      throw new IllegalArgumentException(
          "embeddings of %s for indices of %s".formatted(spec.embeddings().keySet(), columns));
    }
    Input input = new Input(spec, layout);
    return input.trainable() ? input : null;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int units() {
    return units;
  }

  @Override
  public int views() {
    return lookups.length + (scaled ? 1 : 0);
  }

  /// The place in A of the first number that each input becomes, one or the units of its embedding,
  /// and the place behind the last.
  int[] places() {
    int[] places = new int[inputs + 1];
    int lookup = 0;
    for (int k = 0; k < inputs; k++) {
      boolean index = lookup < lookups.length && lookups[lookup].input == k;
      places[k + 1] = places[k] + (index ? lookups[lookup++].units : 1);
    }
    return places;
  }

  /// The views of s and of every E.
  List<Parameters.View> parts() {
    List<Parameters.View> parts = new ArrayList<>();
    int offset = 0;
    if (scaled) {
      parts.add(new Parameters.View(Parameters.INPUT_SCALE, 0, numbers, 1, false));
      offset = numbers;
    }
    for (Lookup lookup : lookups) {
      Parameters.View part =
          new Parameters.View(
              Parameters.EMBEDDINGS + lookup.column + ".weight",
              offset,
              lookup.categories,
              lookup.units,
              true);
      parts.add(part);
      offset = part.end();
    }
    return parts;
  }

  @Override
  public LayerShape shape() {
    long parameters = scaled ? numbers : 0;
    for (Lookup lookup : lookups) {
      parameters += (long) lookup.categories * lookup.units;
    }
    return new LayerShape(LayerShape.INPUT, inputs, units, parameters);
  }

  /// Factors of 1, and small embeddings.
  void draw(Parameters theta, long seed) {
    if (scaled) {
      Arrays.fill(theta.values(), 0, numbers, 1);
    }
    for (Lookup lookup : lookups) {
      Initialization.uniform(theta, theta.views().get(lookup.view), EMBEDDING_RANGE, seed);
    }
  }

  /// Takes silent inputs out: the row of E if it is a category's, else the weights of the next
  /// layer.
  ///
  /// @param slots the inputs, ascending, counted as if every category were one-hot
  /// @param weights takes out the weights of one of this layer's outputs
  void silence(int[] slots, Parameters theta, IntConsumer weights) {
    int next = 0;
    int slot = 0;
    int lookup = 0;
    int at = 0;
    for (int k = 0; k < inputs; k++) {
      boolean index = lookup < lookups.length && lookups[lookup].input == k;
      int end = slot + (index ? lookups[lookup].categories : 1);
      for (; next < slots.length && slots[next] < end; next++) {
        if (index) {
          Matrix e = theta.matrix(lookups[lookup].view);
          int row = e.offset() + (slots[next] - slot) * e.columns();
          Arrays.fill(e.values(), row, row + e.columns(), 0);
        } else {
          weights.accept(at);
        }
      }
      at += index ? lookups[lookup++].units : 1;
      slot = end;
    }
    if (next < slots.length) {
      throw new IndexOutOfBoundsException("slot %d of %d".formatted(slots[next], slot));
    }
  }

  /// A of the numbers and the indices.
  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    float[] x = pass.x().values();
    float[] a = pass.a().values();
    int n = pass.a().rows();
    for (Run run : runs) {
      for (int i = 0; i < n; i++) {
        int from = i * inputs + run.input;
        int to = i * units + run.at;
        if (scaled) {
          scale(theta.values(), run.factor, x, from, a, to, run.length);
        } else {
          System.arraycopy(x, from, a, to, run.length);
        }
      }
    }
    for (Lookup lookup : lookups) {
      Matrix e = theta.matrix(lookup.view);
      for (int i = 0; i < n; i++) {
        int c = (int) x[i * inputs + lookup.input];
        int to = i * units + lookup.at;
        if (c >= 0) {
          int row = e.offset() + Objects.checkIndex(c, lookup.categories) * lookup.units;
          System.arraycopy(e.values(), row, a, to, lookup.units);
        } else {
          Arrays.fill(a, to, to + lookup.units, 0);
        }
      }
    }
  }

  /// The factors are the first of the parameters.
  private static void scale(
      float[] s, int factor, float[] x, int from, float[] a, int to, int length) {
    for (int j = 0; j < length; j++) {
      a[to + j] = s[factor + j] * x[from + j];
    }
  }

  /// ds and every dE. Nothing stands to the left, so that dx is never asked for.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    float[] x = pass.x().values();
    float[] da = pass.gradient().values();
    float[] g = gradient.values();
    int n = pass.x().rows();
    Arrays.fill(g, 0, end(gradient), 0);
    if (scaled) {
      for (Run run : runs) {
        for (int i = 0; i < n; i++) {
          addProducts(da, i * units + run.at, x, i * inputs + run.input, g, run.factor, run.length);
        }
      }
    }
    for (Lookup lookup : lookups) {
      int rows = gradient.views().get(lookup.view).offset();
      for (int i = 0; i < n; i++) {
        int c = (int) x[i * inputs + lookup.input];
        if (c >= 0) {
          add(da, i * units + lookup.at, g, rows + c * lookup.units, lookup.units);
        }
      }
    }
  }

  /// Behind the last parameter of this layer.
  private int end(Parameters parameters) {
    return parameters.views().get(views() - 1).end();
  }

  private static void addProducts(
      float[] da, int from, float[] x, int input, float[] g, int to, int length) {
    for (int j = 0; j < length; j++) {
      g[to + j] += da[from + j] * x[input + j];
    }
  }

  private static void add(float[] da, int from, float[] g, int to, int length) {
    for (int j = 0; j < length; j++) {
      g[to + j] += da[from + j];
    }
  }
}
