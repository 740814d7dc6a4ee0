package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/// Derivatives of a number F that is made of a network's answers, along the straight way from what
/// one row is when it has entered the network to what another is then. The network answers as in
/// prediction. Owned by one thread.
///
///     U  (p)       what has entered: scaled numbers, embeddings, cosines, one-hot inputs
///     t  (n)       points of the way, 0 at its begin, 1 at its end
///     L  (k q)     what the way is straight in, for each of the k networks that share weights
///     dF/dL        (k q), summed up over the points
///
/// Embeddings and cosines are taken as they enter. So the way is straight through them, and needs
/// no category that is half another.
///
/// If the first layer is dense, its weighted inputs Z = X W + b go straight as U does. Then L is Z
/// and neither W nor its product with a point is touched on the way: with wide inputs these are most
/// of the network. Else L is U.
public final class PathSlopes {

  private final Network network;
  private final List<Layer> layers;
  private final Workspace w;

  /// The layer that U are the inputs of.
  private final int first;

  /// The dense layer that L are the weighted inputs of; negative if L is U.
  private final int dense;

  /// The place in U of the first number that each input becomes, and the place behind the last.
  private final int[] places;

  /// Where points stand: (kn x q), the points of a network behind those of the one before.
  private final Matrix line;

  /// dF/dL of each point, likewise.
  private final Matrix slopes;

  /// Networks whose rows are apart in L.
  private final int networks;

  /// dF/dL as floats, and dF/dX of the first dense layer, a row a network.
  private final Matrix sums;

  private final Matrix left;

  /// @param points the most at once
  public PathSlopes(Network network, int points) {
    this.network = network;
    layers = network.layers().stream().map(PathSlopes::plain).toList();
    w = network.trainingWorkspace(points);
    int enters = 0;
    int[] at = IntStream.rangeClosed(0, network.inputs()).toArray();
    for (; enters(layers.get(enters)); enters++) {
      if (layers.get(enters) instanceof Input input) {
        at = input.places();
      } else if (layers.get(enters) instanceof Periodic periodic) {
        periodic.move(at);
      }
    }
    first = enters;
    places = at;
    int next = first;
    int spread = 1;
    while (layers.get(next) instanceof Adapters || layers.get(next) instanceof Dropout) {
      spread *= layers.get(next++).spread();
    }
    dense = layers.get(next) instanceof Dense ? next : -1;
    networks = dense < 0 ? 1 : spread;
    if (dense < 0) {
      line = w.pass(first).x();
      slopes = first > 0 ? w.pass(first - 1).gradient() : Matrix.allocate(points, line.columns());
      sums = left = Matrix.allocate(0, 0);
    } else {
      line = w.pass(dense).z();
      slopes = w.pass(dense).gradient();
      sums = Matrix.allocate(networks, line.columns());
      left = Matrix.allocate(networks, width());
    }
  }

  /// What is between two one-hot inputs is not one-hot.
  private static Layer plain(Layer layer) {
    return layer instanceof OneHotDense hot ? hot.dense() : layer;
  }

  private static boolean enters(Layer layer) {
    return layer instanceof Input || layer instanceof Periodic;
  }

  /// Bytes of the arrays of such an object.
  public static long bytes(Network network, int points) {
    long width = network.shapes().stream().mapToInt(LayerShape::units).max().orElse(0);
    return network.trainingWorkspaceBytes(points)
        + (long) network.members() * (width + network.inputs()) * Float.BYTES
        + (long) points * width * Float.BYTES;
  }

  /// p, how many numbers enter.
  public int width() {
    return places[places.length - 1];
  }

  /// The place in U of the first number that an input becomes, or, for the number of inputs, p.
  public int place(int input) {
    return places[input];
  }

  /// The length of L.
  public int length() {
    return networks * line.columns();
  }

  /// One encoded row, to be written before [#enter].
  public Matrix x() {
    return w.x();
  }

  /// Lets the row in `x()` enter.
  ///
  /// @param u gets U
  /// @param l gets L
  public void enter(float[] u, float[] l) {
    w.rows(1);
    for (int i = 0; i < first; i++) {
      layers.get(i).forward(w.pass(i), network.parameters(), network.kernels());
    }
    System.arraycopy(w.pass(first).x().values(), 0, u, 0, u.length);
    for (int i = first; i < dense; i++) {
      layers.get(i).forward(w.pass(i), network.parameters(), network.kernels());
    }
    if (dense >= 0) {
      product();
    }
    System.arraycopy(line.values(), 0, l, 0, l.length);
  }

  private void product() {
    Pass pass = w.pass(dense);
    Parameters theta = network.parameters();
    Kernels kernels = network.kernels();
    if (network.layers().get(dense) instanceof OneHotDense hot) {
      hot.product(pass, theta, kernels);
    } else {
      ((Dense) layers.get(dense)).product(pass, theta, kernels);
    }
  }

  /// What the network answers at points of the way.
  ///
  /// @param from L at its begin
  /// @param to L at its end
  /// @param t of which the first n are points
  /// @return of each of the networks that share weights the answers at all points
  public Answers forward(float[] from, float[] to, double[] t, int n) {
    w.rows(n);
    if (first == 0 && dense < 0) {
      slopes.rows(n);
    }
    int q = line.columns();
    for (int m = 0; m < networks; m++) {
      for (int i = 0; i < n; i++) {
        between(from, to, m * q, (float) t[i], line.values(), (m * n + i) * q, q);
      }
    }
    if (dense >= 0) {
      ((Dense) layers.get(dense)).activate(w.pass(dense), network.parameters());
    }
    for (int i = dense >= 0 ? dense + 1 : first; i < layers.size(); i++) {
      layers.get(i).forward(w.pass(i), network.parameters(), network.kernels());
    }
    w.answerApart(network.lossFunction());
    return w.judged();
  }

  private static void between(
      float[] a, float[] b, int from, float t, float[] to, int at, int length) {
    for (int j = 0; j < length; j++) {
      to[at + j] = a[from + j] + t * (b[from + j] - a[from + j]);
    }
  }

  /// Where dF of the answers are written before [#backward]: (kn x outputs), in the order of the
  /// answers.
  public Matrix slopesOfAnswers() {
    return w.pass(layers.size() - 1).gradient();
  }

  /// Sums up dF/dL over the points of the last pass.
  ///
  /// @param ofOutputs whether F is made of outputs, else of logits
  /// @param weights of the points
  /// @param sum to which it is added
  public void backward(boolean ofOutputs, double[] weights, double[] sum) {
    int last = layers.size() - 1;
    Parameters theta = network.parameters();
    if (ofOutputs) {
      Answers answers = w.judged();
      Activations.backward(
          network.spec().outputActivation(),
          answers.logits(),
          answers.outputs(),
          slopesOfAnswers());
    }
    int end = Math.max(dense + 1, first);
    for (int i = last; i >= end; i--) {
      Matrix dx = i == first ? slopes : w.pass(i - 1).gradient();
      layers.get(i).slopes(w.pass(i), theta, dx, network.kernels());
    }
    if (dense >= 0) {
      ((Dense) layers.get(dense)).deactivate(w.pass(dense), theta);
    }
    int q = line.columns();
    int n = slopes.rows() / networks;
    for (int m = 0; m < networks; m++) {
      for (int i = 0; i < n; i++) {
        if (weights[i] != 0) {
          add(weights[i], slopes.values(), (m * n + i) * q, sum, m * q, q);
        }
      }
    }
  }

  private static void add(double weight, float[] x, int from, double[] sum, int to, int length) {
    for (int j = 0; j < length; j++) {
      sum[to + j] += weight * x[from + j];
    }
  }

  /// What each of the numbers that enter brings: φ = (u - u') dF/dU.
  ///
  /// @param from U at the begin
  /// @param to U at the end
  /// @param sum dF/dL
  /// @param phi to which it is added, for each number
  public void bring(float[] from, float[] to, double[] sum, double[] phi) {
    if (dense < 0) {
      for (int j = 0; j < phi.length; j++) {
        phi[j] += sum[j] * (to[j] - from[j]);
      }
      return;
    }
    Dense d = (Dense) layers.get(dense);
    for (int i = 0; i < sum.length; i++) {
      sums.values()[i] = (float) sum[i] * d.factor();
    }
    Parameters theta = network.parameters();
    network.kernels().multiplyNT(sums, theta.matrix(d.weight()), left);
    Matrix r = networks > 1 ? theta.matrix(adapters().scale()) : null;
    for (int m = 0; m < networks; m++) {
      for (int j = 0; j < phi.length; j++) {
        int at = m * phi.length + j;
        double factor = r == null ? 1 : r.values()[r.offset() + at];
        phi[j] += factor * left.values()[at] * (to[j] - from[j]);
      }
    }
  }

  private Adapters adapters() {
    return (Adapters) layers.stream().filter(Adapters.class::isInstance).findFirst().orElseThrow();
  }
}
