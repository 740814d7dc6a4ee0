package dev.backprop.engine.nn;

import dev.backprop.engine.linalg.Kernels;
import dev.backprop.engine.linalg.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/// The layers of a network in training, cut where the shards of a mini-batch meet: at the layers
/// that normalize over the batch. All shards must have come to a meeting before any goes on.
final class Segments {

  private final List<Layer> layers;
  private final Parameters theta;
  private final Kernels kernels;

  /// Layers below this one have nothing to learn, so no error needs to reach them.
  private final int firstTrainable;

  /// Places of the layers at which shards meet.
  private final int[] meetings;

  Segments(List<Layer> layers, Parameters theta, Kernels kernels) {
    this.layers = layers;
    this.theta = theta;
    this.kernels = kernels;
    int first = 0;
    while (!layers.get(first).trainable()) {
      first++;
    }
    this.firstTrainable = first;
    this.meetings =
        IntStream.range(0, layers.size()).filter(l -> layers.get(l) instanceof BatchNorm).toArray();
  }

  /// How often shards meet; there is one segment more.
  int meetings() {
    return meetings.length;
  }

  private BatchNorm norm(int meeting) {
    return (BatchNorm) layers.get(meetings[meeting]);
  }

  /// The layers from a meeting on, or from the first layer, to those before the next.
  void forward(Workspace w, int segment, long seed, int epoch, long position) {
    int begin = segment == 0 ? 0 : meetings[segment - 1];
    int end = segment == meetings.length ? layers.size() : meetings[segment];
    for (int l = begin; l < end; l++) {
      layers.get(l).forwardTraining(w.pass(l), theta, kernels, seed, epoch, position);
    }
    if (segment < meetings.length) {
      norm(segment).gather(w.pass(end));
    }
  }

  /// As [Network#meetForward].
  void meetForward(int meeting, Workspace[] shards, int count) {
    norm(meeting).meetForward(shards, count, meetings[meeting], theta);
  }

  /// From the output error dJ/dz(L), which is in place, or from a meeting to the left: the layers
  /// down to the one behind the meeting before.
  void backward(Workspace w, int segment, Parameters gradient) {
    int last = segment == meetings.length ? layers.size() - 1 : meetings[segment];
    int first = segment == 0 ? firstTrainable : meetings[segment - 1] + 1;
    for (int l = last; l >= first; l--) {
      Matrix dx = l > firstTrainable ? w.pass(l - 1).gradient() : null;
      layers.get(l).backward(w.pass(l), theta, gradient, dx, kernels);
    }
    if (segment > 0) {
      norm(segment - 1).gatherBackward(w.pass(meetings[segment - 1]), gradient);
    }
  }

  /// As [Network#meetBackward].
  void meetBackward(int meeting, Workspace[] shards, int count) {
    norm(meeting).meetBackward(shards, count, meetings[meeting]);
  }
}
