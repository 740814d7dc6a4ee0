package dev.backprop.platform.artifact;

import dev.backprop.engine.linalg.FloatStreams;
import dev.backprop.engine.nn.Parameters;
import java.io.IOException;
import java.io.OutputStream;

/// Parameters as the blob of an artifact, which is made while it is written.
public final class Weights {

  private final byte[] head;
  private final Parameters parameters;

  Weights(byte[] head, Parameters parameters) {
    this.head = head;
    this.parameters = parameters;
  }

  /// Bytes that [#writeTo] writes.
  long length() {
    return head.length + (long) parameters.values().length * Float.BYTES;
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(head);
    FloatStreams.write(parameters.values(), 0, parameters.values().length, out);
  }
}
