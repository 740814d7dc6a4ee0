package dev.backprop.platform.artifact;

import dev.backprop.engine.linalg.FloatStreams;
import dev.backprop.engine.nn.Parameters;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Parameters as the blob of an artifact, which is made while it is written.
public final class Weights {

  private final byte[] head;
  private final List<Parameters> networks;

  Weights(byte[] head, List<Parameters> networks) {
    this.head = head;
    this.networks = networks;
  }

  /// Bytes that [#writeTo] writes.
  long length() {
    long floats = networks.stream().mapToLong(parameters -> parameters.values().length).sum();
    return head.length + floats * Float.BYTES;
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(head);
    for (Parameters parameters : networks) {
      FloatStreams.write(parameters.values(), 0, parameters.values().length, out);
    }
  }
}
