package dev.backprop.engine.plan;

import dev.backprop.engine.training.InvalidCheckpointException;
import dev.backprop.engine.training.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The state of a training whose rows are spread over shards as bytes and back, in the form of
/// [Checkpoint].
///
/// @param identity what the training depends on
/// @param epochs of the training, at least 1
/// @param floats of the state, at most
public record SpreadCheckpoint(String identity, int epochs, long floats) {

  public void write(Snapshot state, OutputStream out) throws IOException {
    new Checkpoint(fingerprint(), List.of(), Map.of(Checkpoint.KEPT, state)).write(out);
  }

  /// Reads to the end of the stream.
  ///
  /// @throws InvalidCheckpointException if the bytes are none, or that of another training
  public Snapshot read(InputStream in) throws IOException {
    Checkpoint read =
        Checkpoint.read(
            in, new Checkpoint.Bounds(fingerprint(), 0, 0, 0, epochs + 1, floats, List.of()));
    if (read.fits().isEmpty()) {
      throw new InvalidCheckpointException("must have a state, has none");
    }
    return Objects.requireNonNull(read.fits().get(Checkpoint.KEPT));
  }

  private Fingerprint fingerprint() {
    return Fingerprint.of(List.of("spread", identity));
  }
}
