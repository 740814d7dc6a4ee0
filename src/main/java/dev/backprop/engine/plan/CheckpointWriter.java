package dev.backprop.engine.plan;

import dev.backprop.engine.linalg.FloatStreams;
import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.Snapshot;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/// Checkpoints as bytes, which [CheckpointReader] reads; numbers big-endian as [DataOutputStream]
/// writes them, but the elements of arrays as [FloatStreams] does:
///
/// - [#MAGIC] and [#VERSION], each an int; the fingerprint, 64 ASCII characters
/// - how many folds there are. Of each fold the number of its task, rows, epochs and best epoch,
///   its metrics (how many, and of each its name and value), and how many parts it has. Of each
///   part its name and its metrics. Names are in UTF-16, their length before them. Then 0, or 1 and
///   the network that is kept: the name of its ending, its epochs as snapshots have them, and an
///   array of its values (before version 5 there was none)
/// - how many snapshots there are; of each the number of its fold, or 0, and then
///   - how many epochs; of each its training loss, validation loss, weighted validation loss
///     (before version 2 there was none), accuracy and RMSE (1 and the value, or 0), the name and
///     the value of the figure that selects (1 before them, or 0; before version 3 there was none),
///     the figures of its layers (1 and how many before them, or 0; before version 4 there were
///     none; of each its name and its four figures), learning rate and seconds
///   - how many numbers; the numbers, each a long
///   - how many arrays; of each its length and its elements
/// - 0, or 1 and what is known of the candidates of an ensemble: how many begin, an int; whether no
///   further one does, a byte; the seconds that the training has run, a double (before version 6
///   there was none)
/// - CRC-32C of all that, an int
final class CheckpointWriter {

  static final int MAGIC = 0x42504350; // "BPCP"
  static final int VERSION = 6;

  private final CRC32C checksum = new CRC32C();
  private final DataOutputStream to;

  CheckpointWriter(OutputStream out) {
    to = new DataOutputStream(new CheckedOutputStream(new BufferedOutputStream(out), checksum));
  }

  /// Leaves the stream open.
  void write(Checkpoint checkpoint) throws IOException {
    to.writeInt(MAGIC);
    to.writeInt(VERSION);
    to.write(checkpoint.fingerprint().sha256().getBytes(StandardCharsets.US_ASCII));
    to.writeInt(checkpoint.measured().size());
    for (MeasuredFold fold : checkpoint.measured()) {
      write(fold);
    }
    to.writeInt(checkpoint.fits().size());
    for (Map.Entry<Integer, Snapshot> fit : checkpoint.fits().entrySet()) {
      to.writeInt(fit.getKey());
      write(fit.getValue());
    }
    Begun begun = checkpoint.begun();
    to.writeBoolean(begun != null);
    if (begun != null) {
      to.writeInt(begun.candidates());
      to.writeBoolean(begun.last());
      to.writeDouble(begun.seconds());
    }
    to.writeInt((int) checksum.getValue());
    to.flush();
  }

  private void write(MeasuredFold fold) throws IOException {
    to.writeInt(fold.task());
    to.writeInt(fold.figures().rows());
    to.writeInt(fold.figures().epochs());
    to.writeInt(fold.figures().bestEpoch());
    write(fold.figures().metrics());
    to.writeInt(fold.parts().size());
    for (Map.Entry<String, Map<String, Double>> part : fold.parts().entrySet()) {
      write(part.getKey());
      write(part.getValue());
    }
    to.writeBoolean(fold.kept() != null);
    if (fold.kept() != null) {
      write(fold.kept().ending().name());
      writeEpochs(fold.kept().history());
      write(fold.kept().values());
    }
  }

  private void write(Map<String, Double> metrics) throws IOException {
    to.writeInt(metrics.size());
    for (Map.Entry<String, Double> metric : metrics.entrySet()) {
      write(metric.getKey());
      to.writeDouble(metric.getValue());
    }
  }

  /// JSON may have halves of surrogate pairs.
  private void write(String name) throws IOException {
    to.writeInt(name.length());
    to.writeChars(name);
  }

  private void write(Snapshot fit) throws IOException {
    to.writeInt(fit.history().size());
    writeEpochs(fit.history());
    to.writeInt(fit.numbers().length);
    for (long number : fit.numbers()) {
      to.writeLong(number);
    }
    to.writeInt(fit.arrays().size());
    for (float[] array : fit.arrays()) {
      write(array);
    }
  }

  private void write(float[] array) throws IOException {
    to.writeInt(array.length);
    FloatStreams.write(array, 0, array.length, to);
  }

  private void writeEpochs(List<EpochReport> history) throws IOException {
    for (EpochReport report : history) {
      to.writeDouble(report.trainLoss());
      write(report.validationLoss());
      write(report.weightedValidationLoss());
      write(report.validationAccuracy());
      write(report.validationRmse());
      write(report.selected());
      write(report.layers());
      to.writeDouble(report.learningRate());
      to.writeDouble(report.seconds());
    }
  }

  private void write(EpochReport.@Nullable Selected selected) throws IOException {
    to.writeBoolean(selected != null);
    if (selected != null) {
      write(selected.metric().toString());
      to.writeDouble(selected.value());
    }
  }

  private void write(@Nullable List<LayerFigures> layers) throws IOException {
    to.writeBoolean(layers != null);
    if (layers == null) {
      return;
    }
    to.writeInt(layers.size());
    for (LayerFigures layer : layers) {
      write(layer.layer());
      write(layer.updateToWeight());
      write(layer.mean());
      write(layer.std());
      write(layer.dead());
    }
  }

  private void write(@Nullable Double value) throws IOException {
    to.writeBoolean(value != null);
    if (value != null) {
      to.writeDouble(value);
    }
  }
}
