package dev.backprop.engine.optim;

import dev.backprop.engine.linalg.JavaKernels;
import dev.backprop.engine.nn.Network;
import dev.backprop.engine.nn.Parameters;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.spec.Task;
import java.util.List;

/// Parameters for tests that need no network around them.
final class Layouts {

  private Layouts() {}

  /// As many weights and one bias.
  static Parameters of(float... weightsAndBias) {
    NetworkSpec spec = NetworkSpec.of(List.of(), null, null).resolve(Task.REGRESSION);
    return Network.of(spec, weightsAndBias.length - 1, 1, weightsAndBias, new JavaKernels())
        .parameters();
  }
}
