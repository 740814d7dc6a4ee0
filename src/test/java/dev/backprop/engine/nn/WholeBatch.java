package dev.backprop.engine.nn;

/// A mini-batch in one workspace, which meets nobody but itself.
public final class WholeBatch {

  private WholeBatch() {}

  /// The forward pass of training.
  public static void forward(Network network, Workspace w, long seed, int epoch, long position) {
    network.forwardTraining(w, seed, epoch, position);
    for (int meeting = 0; meeting < network.meetings(); meeting++) {
      network.meetForward(meeting, new Workspace[] {w}, 1);
      network.resumeForward(w, meeting, seed, epoch, position);
    }
  }

  /// The gradient of the mean over the rows of the workspace.
  public static void backward(Network network, Workspace w, Parameters gradient) {
    network.backward(w, w.x().rows(), gradient);
    for (int meeting = network.meetings() - 1; meeting >= 0; meeting--) {
      network.meetBackward(meeting, new Workspace[] {w}, 1);
      network.resumeBackward(w, meeting, gradient);
    }
  }
}
