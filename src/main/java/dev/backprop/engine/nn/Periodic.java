package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Elementwise;
import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The layer that has cosines of numbers beside them, for a batch of n examples:
///
///     X  (n x p)  inputs, some of which are periodic numbers x
///     w, b        frequency and phase of each of the m cosines of a number; m differs
///     a, c        factor and shift of x and of each of its cosines
///     T  (n x Σm) t = w x + b, in turns
///     A  (n x q)  in the order of X: a x + c and then each a cos(2π t) + c for a periodic number,
///                 x for every other input
///
///     dc = Σ dA      da = Σ dA * x or dA * cos(2π t)
///     g = -2π a * dA * sin(2π t)      db = Σ g      dw = Σ g * x      dx = a dA + Σ of its g * w
///
/// The form is that of TabPack (Yandex 2026). There all but w start at 0. Here the a of x starts at
/// 1, so that a network starts on its numbers as they are: if nothing entered, units of relu whose
/// biases start at 0 would never learn. The first step gives the cosines factors, and from the second
/// on their frequencies and phases learn. Factors of 1 for all were worse on the tables tried.
final class Periodic implements Layer {

  // Which of the layer's views is which.
  private static final int FREQUENCY = 0;
  private static final int PHASE = 1;
  private static final int FACTOR = 2;
  private static final int SHIFT = 3;

  private static final float TWO_PI = (float) (2 * Math.PI);

  /// A number with cosines.
  ///
  /// @param input its place among the inputs
  /// @param at its place in A, before those of its cosines
  /// @param cosines m
  /// @param first of its w and b
  /// @param factor first of its a and c
  private record Wave(int input, int at, int cosines, int first, int factor, double sigma) {}

  /// Neighbouring inputs that leave as they enter.
  ///
  /// @param input the first among the inputs
  /// @param at the first in A
  private record Run(int input, int at, int length) {}

  private final int inputs;
  private final int units;
  private final int cosines;
  private final int view;

  /// The place in A of the first number that each input becomes, and the place behind the last.
  private final int[] outputs;

  private final Wave[] numbers;
  private final Run[] runs;

  private Periodic(List<InputLayout.Periodic> said, int[] places, int view) {
    this.inputs = places[places.length - 1];
    this.view = view;
    this.outputs = new int[inputs + 1];
    List<Wave> found = new ArrayList<>();
    List<Run> between = new ArrayList<>();
    int input = 0;
    int at = 0;
    int first = 0;
    for (InputLayout.Periodic periodic : said) {
      int place = places[periodic.input()];
      at = addRun(between, input, place, at);
      int m = periodic.frequencies();
      outputs[place] = at;
      found.add(new Wave(place, at, m, first, first + found.size(), periodic.sigma()));
      at = Math.addExact(at, 1 + m);
      first += m;
      input = place + 1;
    }
    units = addRun(between, input, inputs, at);
    outputs[inputs] = units;
    cosines = first;
    numbers = found.toArray(Wave[]::new);
    runs = between.toArray(Run[]::new);
  }

  /// The inputs from one on to before another.
  ///
  /// @return the place behind them in A
  private int addRun(List<Run> between, int from, int to, int at) {
    if (from < to) {
      between.add(new Run(from, at, to - from));
    }
    for (int k = from; k < to; k++) {
      outputs[k] = at + k - from;
    }
    return Math.addExact(at, to - from);
  }

  /// @param places of the inputs of the network among those of this layer, and how many those are
  /// @param view index of w among the views of the parameters, before b, a and c
  /// @return null if no number has cosines
  static @Nullable Periodic of(List<InputLayout.Periodic> periodics, int[] places, int view) {
    return periodics.isEmpty() ? null : new Periodic(periodics, places, view);
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
    return 1 + SHIFT;
  }

  /// From places among the inputs to those in A.
  void move(int[] places) {
    for (int k = 0; k < places.length; k++) {
      places[k] = outputs[places[k]];
    }
  }

  /// The views of w, b, a and c.
  ///
  /// @param offset of the first
  List<Parameters.View> parts(int offset) {
    int factors = cosines + numbers.length;
    Parameters.View w = part("frequency", offset, cosines, false);
    Parameters.View b = part("phase", w.end(), cosines, false);
    Parameters.View a = part("scale", b.end(), factors, true);
    return List.of(w, b, a, part("shift", a.end(), factors, false));
  }

  private static Parameters.View part(String name, int offset, int size, boolean weight) {
    return new Parameters.View(Parameters.PERIODIC + name, offset, size, 1, weight);
  }

  @Override
  public LayerShape shape() {
    long parameters = 4L * cosines + 2L * numbers.length;
    return new LayerShape(LayerShape.PERIODIC, inputs, units, parameters);
  }

  @Override
  public Pass pass(Matrix x, Matrix turn, List<Pass> before) {
    return new Pass(x, Matrix.allocate(x.capacity(), cosines), turn, null);
  }

  @Override
  public Pass trainingPass(Matrix x, Matrix turn, List<Pass> before) {
    Matrix t = Matrix.allocate(x.capacity(), cosines);
    return new Pass(x, t, Matrix.allocate(x.capacity(), units), turn);
  }

  @Override
  public int keptColumns(boolean training) {
    return cosines + (training ? units : 0);
  }

  /// Frequencies around 0, and numbers as they are.
  void draw(Parameters theta, long seed) {
    for (Wave number : numbers) {
      int w = offset(theta, FREQUENCY) + number.first;
      Initialization.truncatedNormal(theta, w, w + number.cosines, number.sigma, seed);
      theta.values()[offset(theta, FACTOR) + number.factor] = 1;
    }
  }

  /// Takes out what an input that is always 0 becomes. Its cosines are not 0, but their factors
  /// start so, and do not learn without weights behind them.
  ///
  /// @param weights takes out the weights of one of this layer's outputs
  void silence(int input, IntConsumer weights) {
    for (int k = outputs[input]; k < outputs[input + 1]; k++) {
      weights.accept(k);
    }
  }

  @Override
  public void forward(Pass pass, Parameters theta, Kernels kernels) {
    float[] x = pass.x().values();
    float[] t = pass.z().values();
    float[] a = pass.a().values();
    int n = pass.x().rows();
    turns(pass, theta);
    cosines(t, n * cosines);
    for (Run run : runs) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(x, i * inputs + run.input, a, i * units + run.at, run.length);
      }
    }
    float[] v = theta.values();
    for (Wave number : numbers) {
      int factor = offset(theta, FACTOR) + number.factor;
      int shift = offset(theta, SHIFT) + number.factor;
      for (int i = 0; i < n; i++) {
        int from = i * cosines + number.first;
        int to = i * units + number.at;
        a[to] = v[factor] * x[i * inputs + number.input] + v[shift];
        for (int j = 0; j < number.cosines; j++) {
          a[to + 1 + j] = v[factor + 1 + j] * t[from + j] + v[shift + 1 + j];
        }
      }
    }
  }

  /// T = w x + b.
  private void turns(Pass pass, Parameters theta) {
    float[] x = pass.x().values();
    float[] t = pass.z().values();
    float[] v = theta.values();
    int n = pass.x().rows();
    for (Wave number : numbers) {
      int w = offset(theta, FREQUENCY) + number.first;
      int b = offset(theta, PHASE) + number.first;
      for (int i = 0; i < n; i++) {
        float value = x[i * inputs + number.input];
        int to = i * cosines + number.first;
        for (int j = 0; j < number.cosines; j++) {
          t[to + j] = v[w + j] * value + v[b + j];
        }
      }
    }
  }

  private static void cosines(float[] t, int n) {
    for (int i = 0; i < n; i++) {
      t[i] = Elementwise.cosineOfTurns(t[i]);
    }
  }

  private static void sines(float[] t, int n) {
    for (int i = 0; i < n; i++) {
      t[i] = Elementwise.sineOfTurns(t[i]);
    }
  }

  /// The forward pass has left the cosines in T.
  @Override
  public void backward(
      Pass pass, Parameters theta, Parameters gradient, @Nullable Matrix dx, Kernels kernels) {
    int end = gradient.views().get(view + SHIFT).end();
    Arrays.fill(gradient.values(), offset(gradient, FREQUENCY), end, 0);
    for (Wave number : numbers) {
      factorGradient(number, pass, gradient);
    }
    turns(pass, theta);
    sines(pass.z().values(), pass.x().rows() * cosines);
    for (Wave number : numbers) {
      frequencyGradient(number, pass, theta, gradient);
    }
    if (dx != null) {
      inputGradient(pass, theta, dx);
    }
  }

  /// da and dc.
  private void factorGradient(Wave number, Pass pass, Parameters gradient) {
    float[] t = pass.z().values();
    float[] da = pass.gradient().values();
    float[] g = gradient.values();
    int factor = offset(gradient, FACTOR) + number.factor;
    int shift = offset(gradient, SHIFT) + number.factor;
    for (int i = 0; i < pass.x().rows(); i++) {
      int from = i * units + number.at;
      int cosine = i * cosines + number.first;
      g[factor] += da[from] * pass.x().values()[i * inputs + number.input];
      g[shift] += da[from];
      for (int j = 0; j < number.cosines; j++) {
        g[factor + 1 + j] += da[from + 1 + j] * t[cosine + j];
        g[shift + 1 + j] += da[from + 1 + j];
      }
    }
  }

  /// From the sines in T to db and dw; leaves g in T.
  private void frequencyGradient(Wave number, Pass pass, Parameters theta, Parameters gradient) {
    float[] t = pass.z().values();
    float[] da = pass.gradient().values();
    float[] v = theta.values();
    float[] g = gradient.values();
    int factor = offset(theta, FACTOR) + number.factor + 1;
    int w = offset(gradient, FREQUENCY) + number.first;
    int b = offset(gradient, PHASE) + number.first;
    for (int i = 0; i < pass.x().rows(); i++) {
      float x = pass.x().values()[i * inputs + number.input];
      int from = i * units + number.at + 1;
      int at = i * cosines + number.first;
      for (int j = 0; j < number.cosines; j++) {
        float turn = -TWO_PI * v[factor + j] * da[from + j] * t[at + j];
        t[at + j] = turn;
        g[b + j] += turn;
        g[w + j] += turn * x;
      }
    }
  }

  private void inputGradient(Pass pass, Parameters theta, Matrix dx) {
    float[] t = pass.z().values();
    float[] da = pass.gradient().values();
    float[] v = theta.values();
    for (int i = 0; i < pass.x().rows(); i++) {
      for (Run run : runs) {
        System.arraycopy(da, i * units + run.at, dx.values(), i * inputs + run.input, run.length);
      }
      for (Wave number : numbers) {
        int w = offset(theta, FREQUENCY) + number.first;
        int at = i * cosines + number.first;
        float sum = v[offset(theta, FACTOR) + number.factor] * da[i * units + number.at];
        for (int j = 0; j < number.cosines; j++) {
          sum += t[at + j] * v[w + j];
        }
        dx.values()[i * inputs + number.input] = sum;
      }
    }
  }

  private int offset(Parameters parameters, int part) {
    return parameters.views().get(view + part).offset();
  }
}
