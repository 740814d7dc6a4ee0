package dev.backprop.nn;

import dev.backprop.linalg.Kernels;
import dev.backprop.spec.NetworkSpec;
import java.util.List;

/// A feed-forward network: layers and their parameters. Serves many threads; each brings its own workspace.
public final class Network {

  private Network() {}

  public static Network initialize(
      NetworkSpec spec, int inputs, int outputs, int[] silentInputs, long seed, Kernels kernels) {
    throw new UnsupportedOperationException();
  }

  public static Network of(
      NetworkSpec spec, int inputs, int outputs, float[] parameters, Kernels kernels) {
    throw new UnsupportedOperationException();
  }

  public static List<LayerShape> shapes(NetworkSpec spec, int inputs, int outputs) {
    throw new UnsupportedOperationException();
  }

  public static long parameterCount(NetworkSpec spec, int inputs, int outputs) {
    throw new UnsupportedOperationException();
  }

  public static long workspaceBytes(
      NetworkSpec spec, int inputs, int outputs, int rows, boolean training) {
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

  public Workspace workspace(int rows) {
    throw new UnsupportedOperationException();
  }

  public Workspace trainingWorkspace(int rows) {
    throw new UnsupportedOperationException();
  }

  public void forward(Workspace w) {
    throw new UnsupportedOperationException();
  }

  public void forwardTraining(Workspace w, long seed, int epoch, long position) {
    throw new UnsupportedOperationException();
  }

  public double loss(Workspace w) {
    throw new UnsupportedOperationException();
  }

  public void backward(Workspace w, int batchRows, Parameters gradient) {
    throw new UnsupportedOperationException();
  }
}
