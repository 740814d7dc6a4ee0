package dev.backprop.nn;

import dev.backprop.linalg.Kernels;
import dev.backprop.spec.NetworkSpec;
import java.util.List;

/// A feed-forward network: immutable to its callers but for the values of its parameters, so that
/// many threads may predict with it, each with a [Workspace] of its own.
public final class Network {

  private Network() {}

  /// A network that starts as its initializers say: a pure function of the arguments.
  ///
  /// @param spec a resolved spec
  /// @param silentInputs inputs whose weights start at zero, and stay so as long as the input does
  ///   not fire
  public static Network initialize(
      NetworkSpec spec, int inputs, int outputs, int[] silentInputs, long seed, Kernels kernels) {
    throw new UnsupportedOperationException();
  }

  /// A network with these parameters, which it keeps and does not copy.
  public static Network of(
      NetworkSpec spec, int inputs, int outputs, float[] parameters, Kernels kernels) {
    throw new UnsupportedOperationException();
  }

  /// Weights and biases of such a network, without building it.
  public static long parameterCount(NetworkSpec spec, int inputs, int outputs) {
    throw new UnsupportedOperationException();
  }

  /// Bytes of a workspace of such a network, without building either.
  public static long workspaceBytes(
      NetworkSpec spec, int inputs, int outputs, int rows, boolean training) {
    throw new UnsupportedOperationException();
  }

  /// The layers of such a network, the output layer last, without building it.
  public static List<LayerShape> shapes(NetworkSpec spec, int inputs, int outputs) {
    throw new UnsupportedOperationException();
  }

  public NetworkSpec spec() {
    throw new UnsupportedOperationException();
  }

  public int inputs() {
    throw new UnsupportedOperationException();
  }

  public int outputs() {
    throw new UnsupportedOperationException();
  }

  public Parameters parameters() {
    throw new UnsupportedOperationException();
  }

  public List<LayerShape> shapes() {
    throw new UnsupportedOperationException();
  }

  /// Scratch for predicting up to that many rows at once.
  public Workspace workspace(int rows) {
    throw new UnsupportedOperationException();
  }

  /// Scratch for training on batches of up to that many rows.
  public Workspace trainingWorkspace(int rows) {
    throw new UnsupportedOperationException();
  }

  /// Prediction: from `w.x()` to `w.logits()` and `w.outputs()`, without dropout.
  public void forward(Workspace w) {
    throw new UnsupportedOperationException();
  }

  /// The forward pass of training, with dropout.
  ///
  /// @param position index of the batch's first example in the epoch's order
  public void forwardTraining(Workspace w, long seed, int epoch, long position) {
    throw new UnsupportedOperationException();
  }

  /// The SUM over the examples of the loss against `w.y()`, after a forward pass, without penalty.
  public double loss(Workspace w) {
    throw new UnsupportedOperationException();
  }

  /// dJ/dparameters after a forward pass of training, J being the mean of the loss over `batchRows`
  /// examples; overwrites `gradient`.
  ///
  /// @param batchRows examples in the mini-batch, of which `w` may hold a part
  public void backward(Workspace w, int batchRows, Parameters gradient) {
    throw new UnsupportedOperationException();
  }
}
