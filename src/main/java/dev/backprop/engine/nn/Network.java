package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import dev.backprop.engine.spec.NetworkSpec;
import java.util.List;
import java.util.Map;

/// A feed-forward network: immutable to its callers but for the values of its parameters, so that
/// many threads may predict with it, each with a [Workspace] of its own.
///
/// Its [Layers] end at the logits z(L); there the [LossFunction] takes over.
///
/// In training, workspaces may share a mini-batch. If layers normalize over the batch, these shards
/// meet at each of them, on their way forward and again on their way back. All must have come there
/// before any goes on.
public final class Network {

  /// The most parameters that one array holds.
  public static final int MAX_PARAMETERS = Integer.MAX_VALUE - 8;

  private final NetworkSpec spec;
  private final List<Layer> layers;

  /// Places of the layers that have outputs of their own, by name.
  private final Map<String, Integer> names;

  private final LossFunction loss;
  private final Parameters theta;
  private final Kernels kernels;

  private final Segments segments;

  private final long multiplyAdds;

  private Network(
      NetworkSpec spec,
      List<Layer> layers,
      Map<String, Integer> names,
      long multiplyAdds,
      Parameters theta,
      Kernels kernels) {
    this.spec = spec;
    this.layers = layers;
    this.names = names;
    this.multiplyAdds = multiplyAdds;
    this.loss = new LossFunction(spec.outputActivation(), spec.resolvedLoss());
    this.theta = theta;
    this.kernels = kernels;
    this.segments = new Segments(layers, theta, kernels);
  }

  /// As [#initialize(NetworkSpec, InputLayout, int, int[], long, Kernels)], on numbers.
  public static Network initialize(
      NetworkSpec spec, int inputs, int outputs, int[] silentInputs, long seed, Kernels kernels) {
    return initialize(spec, InputLayout.numbers(inputs), outputs, silentInputs, seed, kernels);
  }

  /// A network that starts as its initializers say: a pure function of the arguments.
  ///
  /// @param spec a resolved spec
  /// @param silentInputs inputs whose weights start at zero, and stay so as long as the input does
  ///   not fire. Ascending, counted as if every category of the layout were an input
  /// @throws IllegalArgumentException if there are more parameters than an array holds
  public static Network initialize(
      NetworkSpec spec,
      InputLayout inputs,
      int outputs,
      int[] silentInputs,
      long seed,
      Kernels kernels) {
    Layers layers = Layers.of(spec, inputs, outputs);
    long count = layers.valueCount();
    if (count > MAX_PARAMETERS) {
      throw new IllegalArgumentException(
          "parameters must be at most %d, were %d".formatted(MAX_PARAMETERS, count));
    }
    Parameters theta = layers.on(new float[(int) count]);
    layers.drawParameters(theta, seed);
    layers.silence(silentInputs, theta);
    return new Network(
        spec, layers.list(), layers.names(), layers.multiplyAdds(spec.networks()), theta, kernels);
  }

  /// As [#of(NetworkSpec, InputLayout, int, float\[\], Kernels)], on numbers.
  public static Network of(
      NetworkSpec spec, int inputs, int outputs, float[] parameters, Kernels kernels) {
    return of(spec, InputLayout.numbers(inputs), outputs, parameters, kernels);
  }

  /// A network with these parameters, which it keeps and does not copy.
  ///
  /// @param spec a resolved spec
  /// @param parameters as many as [#valueCount] says
  public static Network of(
      NetworkSpec spec, InputLayout inputs, int outputs, float[] parameters, Kernels kernels) {
    Layers layers = Layers.of(spec, inputs, outputs);
    long count = layers.valueCount();
    if (count != parameters.length) {
      throw new IllegalArgumentException(
          "the network has %d parameters, %d were given".formatted(count, parameters.length));
    }
    return new Network(
        spec,
        layers.list(),
        layers.names(),
        layers.multiplyAdds(spec.networks()),
        layers.on(parameters),
        kernels);
  }

  /// The same network with other parameters, which begin as a copy of these.
  public Network copy() {
    return copy(kernels);
  }

  /// As [#copy()], computing with other kernels.
  public Network copy(Kernels with) {
    return new Network(spec, layers, names, multiplyAdds, theta.copy(), with);
  }

  /// The same network on the same parameters, which predicts every row alike, see [Kernels#alike].
  public Network alike() {
    return new Network(spec, layers, names, multiplyAdds, theta, kernels.alike());
  }

  /// As [#parameterCount(NetworkSpec, InputLayout, int)], on numbers.
  public static long parameterCount(NetworkSpec spec, int inputs, int outputs) {
    return parameterCount(spec, InputLayout.numbers(inputs), outputs);
  }

  /// Everything that such a network learns, without building it.
  public static long parameterCount(NetworkSpec spec, InputLayout inputs, int outputs) {
    return Layers.of(spec, inputs, outputs).parameterCount();
  }

  /// The length of the array of its parameters: everything that such a network learns, and the
  /// running statistics behind that.
  public static long valueCount(NetworkSpec spec, InputLayout inputs, int outputs) {
    return Layers.of(spec, inputs, outputs).valueCount();
  }

  /// Bytes of the arrays of a workspace of such a network, without building either.
  public static long workspaceBytes(
      NetworkSpec spec, InputLayout inputs, int outputs, int rows, boolean training) {
    return Workspace.bytes(Layers.of(spec, inputs, outputs).list(), rows, training);
  }

  /// The layers of such a network, the output layer last, without building it.
  ///
  /// @throws dev.backprop.engine.spec.InvalidSpecException with a pointer below `/layers` if a
  ///   layer does not suit the width of its inputs
  public static List<LayerShape> shapes(NetworkSpec spec, InputLayout inputs, int outputs) {
    return Layers.of(spec, inputs, outputs).shapes();
  }

  /// How many inputs of its first layer with weights such a network multiplies for a row; one-hot
  /// inputs that are added as rows of weights count one for each group.
  public static int multipliedInputs(NetworkSpec spec, InputLayout inputs, int outputs) {
    return Layers.of(spec, inputs, outputs).multipliedInputs();
  }

  /// Multiplications with their additions in the products that answer a row, over all networks that
  /// share weights. Of one-hot inputs whose weights are added a group counts as one input.
  public static long multiplyAdds(NetworkSpec spec, InputLayout inputs, int outputs) {
    return Layers.of(spec, inputs, outputs).multiplyAdds(spec.networks());
  }

  public NetworkSpec spec() {
    return spec;
  }

  /// As [#multiplyAdds(NetworkSpec, InputLayout, int)].
  public long multiplyAdds() {
    return multiplyAdds;
  }

  public int inputs() {
    return layers.getFirst().inputs();
  }

  /// How many networks share weights; their answers are averaged.
  public int members() {
    return spec.networks();
  }

  public int outputs() {
    return layers.getLast().units();
  }

  public Parameters parameters() {
    return theta;
  }

  public List<LayerShape> shapes() {
    return layers.stream().map(Layer::shape).toList();
  }

  /// Watches its layers while it learns.
  public LayerWatch watch() {
    int widest = layers.stream().mapToInt(Layer::units).max().orElse(0);
    return new LayerWatch(names, theta, widest);
  }

  /// Scratch for predicting up to that many rows at once.
  public Workspace workspace(int rows) {
    return Workspace.of(layers, rows, false);
  }

  /// Bytes of the arrays of such a workspace.
  public long workspaceBytes(int rows) {
    return Workspace.bytes(layers, rows, false);
  }

  /// Scratch for training on batches of up to that many rows.
  public Workspace trainingWorkspace(int rows) {
    return Workspace.of(layers, rows, true);
  }

  /// Bytes of the arrays of such a workspace.
  public long trainingWorkspaceBytes(int rows) {
    return Workspace.bytes(layers, rows, true);
  }

  /// In their order.
  List<Layer> layers() {
    return layers;
  }

  Kernels kernels() {
    return kernels;
  }

  LossFunction lossFunction() {
    return loss;
  }

  /// Prediction: from the rows in use of `w.x()` to `w.logits()` and `w.outputs()`, without
  /// dropout.
  public void forward(Workspace w) {
    w.rows(w.x().rows());
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).forward(w.pass(l), theta, kernels);
    }
    w.answer(loss);
  }

  /// How often the shards of a mini-batch meet on their way forward, and as often on their way
  /// back.
  public int meetings() {
    return segments.meetings();
  }

  /// The forward pass of training, with dropout, to the end or to the first meeting.
  ///
  /// @param w a training workspace
  /// @param position index of the first example of `w` in the epoch's order
  public void forwardTraining(Workspace w, long seed, int epoch, long position) {
    w.rows(w.x().rows());
    forward(w, 0, seed, epoch, position);
  }

  /// Combines what all shards of a mini-batch have brought to a meeting, and moves the running
  /// statistics.
  ///
  /// @param meeting the first is 0
  /// @param shards of which there are `count`, in the order of their examples; together at least 2
  ///   examples
  public void meetForward(int meeting, Workspace[] shards, int count) {
    segments.meetForward(meeting, shards, count);
  }

  /// From a meeting to the next one or to the end.
  public void resumeForward(Workspace w, int meeting, long seed, int epoch, long position) {
    forward(w, meeting + 1, seed, epoch, position);
  }

  private void forward(Workspace w, int segment, long seed, int epoch, long position) {
    segments.forward(w, segment, seed, epoch, position);
    if (segment == segments.meetings()) {
      w.answerApart(loss);
    }
  }

  /// The SUM over the examples of the loss against `w.y()`, after a forward pass, without penalty.
  /// That of members is the mean of their losses after a pass of training, else that of their mean.
  public double loss(Workspace w) {
    Answers judged = w.judged();
    return loss.sum(judged.logits(), judged.outputs(), judged.y()) / judged.members();
  }

  /// The SUM over the rows of the loss of answers that this network, or a mean of such networks,
  /// gave.
  public double loss(Answers answers) {
    return loss.sum(answers.logits(), answers.outputs(), answers.y());
  }

  /// As [#loss(Answers)], each loss times its weight.
  ///
  /// @param weights of the rows
  public double loss(Answers answers, double[] weights) {
    return loss.weightedSum(answers.logits(), answers.outputs(), answers.y(), weights, 0);
  }

  /// As [#loss(Workspace)], each loss times its weight.
  ///
  /// @param weights that of example i of `w` is `weights[first + i]`
  public double loss(Workspace w, double[] weights, int first) {
    Answers judged = w.judged();
    double[] each = w.weights(weights, first);
    int begin = w.firstWeight(first);
    return loss.weightedSum(judged.logits(), judged.outputs(), judged.y(), each, begin)
        / judged.members();
  }

  /// dJ/dparameters after a forward pass of training, J being the mean of the loss over `batchRows`
  /// examples; overwrites `gradient`, as far as to the last meeting.
  ///
  /// @param w a training workspace
  /// @param batchRows examples in the mini-batch, of which `w` may hold a part
  public void backward(Workspace w, int batchRows, Parameters gradient) {
    Matrix dz = w.pass(layers.size() - 1).gradient();
    Answers judged = w.judged();
    long rows = Math.multiplyFull(batchRows, judged.members());
    loss.delta(judged.logits(), judged.outputs(), judged.y(), rows, dz);
    segments.backward(w, segments.meetings(), gradient);
  }

  /// As [#backward(Workspace, int, Parameters)], J being the weighted mean Σ w_i L_i / Σ w_i.
  ///
  /// @param weights that of example i of `w` is `weights[first + i]`
  /// @param weightSum of the mini-batch, above 0
  public void backward(
      Workspace w, double[] weights, int first, double weightSum, Parameters gradient) {
    Matrix dz = w.pass(layers.size() - 1).gradient();
    Answers judged = w.judged();
    double[] each = w.weights(weights, first);
    double sum = judged.members() * weightSum;
    loss.weightedDelta(judged, each, w.firstWeight(first), sum, dz);
    segments.backward(w, segments.meetings(), gradient);
  }

  /// Combines what all shards of a mini-batch have brought to a meeting on their way back.
  ///
  /// @param meeting the last is the first to come to
  /// @param shards as on their way forward
  public void meetBackward(int meeting, Workspace[] shards, int count) {
    segments.meetBackward(meeting, shards, count);
  }

  /// From a meeting to the one before, or to the end.
  public void resumeBackward(Workspace w, int meeting, Parameters gradient) {
    segments.backward(w, meeting, gradient);
  }
}
