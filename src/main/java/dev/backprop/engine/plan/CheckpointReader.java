package dev.backprop.engine.plan;

import dev.backprop.engine.linalg.FloatStreams;
import dev.backprop.engine.nn.LayerFigures;
import dev.backprop.engine.spec.Metric;
import dev.backprop.engine.spec.NetworkSpec;
import dev.backprop.engine.training.Ending;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.InvalidCheckpointException;
import dev.backprop.engine.training.Snapshot;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/// Reads what [CheckpointWriter] has written. Nothing that the bytes say is believed beyond what
/// the training could have: they never take more memory than it does.
final class CheckpointReader {

  private static final int MAX_METRICS = 100;

  /// With an output layer, one for inputs and one for members.
  private static final int MAX_LAYERS = NetworkSpec.MAX_LAYERS + 3;

  /// L-BFGS has the most: one or two for each of up to 100 pairs.
  private static final int MAX_NUMBERS = 1_000;

  private final CRC32C checksum = new CRC32C();
  private final DataInputStream from;
  private int version;

  CheckpointReader(InputStream in) {
    from = new DataInputStream(new CheckedInputStream(new BufferedInputStream(in), checksum));
  }

  /// Reads to the end of the stream.
  ///
  /// @throws InvalidCheckpointException if there is anything but a checkpoint within the bounds
  Checkpoint read(Checkpoint.Bounds bounds) throws IOException {
    try {
      Checkpoint checkpoint = content(bounds);
      int computed = (int) checksum.getValue();
      int stored = from.readInt();
      if (stored != computed) {
        throw new InvalidCheckpointException(
            "must have the checksum %08x, has %08x".formatted(computed, stored));
      }
      if (from.read() >= 0) {
        throw new InvalidCheckpointException("must end after its checksum, goes on");
      }
      return checkpoint;
    } catch (EOFException e) {
      throw new InvalidCheckpointException("ends too early", e);
    }
  }

  private Checkpoint content(Checkpoint.Bounds bounds) throws IOException {
    count("magic number", CheckpointWriter.MAGIC, CheckpointWriter.MAGIC);
    version = count("version", 1, CheckpointWriter.VERSION);
    byte[] sha256 = new byte[Fingerprint.LENGTH];
    from.readFully(sha256);
    Fingerprint fingerprint = new Fingerprint(new String(sha256, StandardCharsets.ISO_8859_1));
    fingerprint.require(bounds.fingerprint());
    List<MeasuredFold> folds = new ArrayList<>();
    int fold = 0;
    for (int n = count("number of folds", 0, bounds.folds()); n > 0; n--) {
      fold = count("fold", fold + 1, bounds.folds());
      folds.add(fold(fold, bounds));
    }
    Map<Integer, Snapshot> fits = new TreeMap<>();
    int next = Checkpoint.KEPT;
    for (int n = count("number of snapshots", 0, bounds.folds() + 1); n > 0; n--) {
      int of = count("fold", next, bounds.folds());
      fits.put(of, snapshot(bounds));
      next = of + 1;
    }
    return new Checkpoint(fingerprint, folds, fits, version < 6 ? null : begun(bounds));
  }

  private @Nullable Begun begun(Checkpoint.Bounds bounds) throws IOException {
    return flag("number of candidates")
        ? new Begun(
            count("number of candidates", 1, bounds.members()),
            flag("decision that no further one begins"),
            from.readDouble())
        : null;
  }

  private MeasuredFold fold(int task, Checkpoint.Bounds bounds) throws IOException {
    int rows = count("number of rows", 0, Integer.MAX_VALUE);
    int epochs = count("number of epochs", 1, bounds.epochs());
    int bestEpoch = count("best epoch", 1, epochs);
    CrossValidationResult.Fold figures =
        new CrossValidationResult.Fold(
            bounds.members() == 0 ? null : (task - 1) / bounds.foldsOfMember() + 1,
            (task - 1) % bounds.foldsOfMember() + 1,
            rows,
            epochs,
            bestEpoch,
            metrics());
    Map<String, Map<String, Double>> parts = new LinkedHashMap<>();
    for (int n = count("number of parts", 0, bounds.parts()); n > 0; n--) {
      parts.put(name(), metrics());
    }
    boolean kept = version >= 5 && flag("network that is kept");
    return new MeasuredFold(task, figures, parts, kept ? kept(task, figures, bounds) : null);
  }

  private KeptFit kept(int task, CrossValidationResult.Fold figures, Checkpoint.Bounds bounds)
      throws IOException {
    Ending ending = ending();
    List<EpochReport> history = history(figures.epochs());
    int values = bounds.kept(task);
    return new KeptFit(history, figures.bestEpoch(), ending, array(values, values));
  }

  private Ending ending() throws IOException {
    String name = name();
    for (Ending ending : Ending.values()) {
      if (ending.name().equals(name)) {
        return ending;
      }
    }
    throw new InvalidCheckpointException(
        "must have an ending that is known, has '%s'".formatted(name));
  }

  private float[] array(int least, int most) throws IOException {
    float[] array = new float[count("length of an array", least, most)];
    FloatStreams.read(from, array, 0, array.length);
    return array;
  }

  private List<EpochReport> history(int epochs) throws IOException {
    List<EpochReport> history = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      history.add(
          new EpochReport(
              epoch,
              from.readDouble(),
              optional("validation loss"),
              version < 2 ? null : optional("weighted validation loss"),
              optional("validation accuracy"),
              optional("validation RMSE"),
              version < 3 ? null : selected(),
              version < 4 ? null : layers(),
              from.readDouble(),
              from.readDouble()));
    }
    return history;
  }

  private Map<String, Double> metrics() throws IOException {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (int n = count("number of metrics", 0, MAX_METRICS); n > 0; n--) {
      String name = name();
      double figure = from.readDouble();
      // A former version has kept some that are undefined.
      if (Double.isFinite(figure)) {
        metrics.put(name, figure);
      }
    }
    return metrics;
  }

  private String name() throws IOException {
    int length = count("length of a name", 0, Integer.MAX_VALUE / Character.BYTES);
    // Grows as bytes come, whatever was said.
    byte[] bytes = from.readNBytes(length * Character.BYTES);
    if (bytes.length < length * Character.BYTES) {
      throw new EOFException();
    }
    char[] chars = new char[length];
    ByteBuffer.wrap(bytes).asCharBuffer().get(chars);
    return new String(chars);
  }

  private Snapshot snapshot(Checkpoint.Bounds bounds) throws IOException {
    // The last epoch is followed by no step.
    List<EpochReport> history = history(count("number of epochs", 0, bounds.epochs() - 1));
    long[] numbers = new long[count("number of numbers", 0, MAX_NUMBERS)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = from.readLong();
    }
    List<float[]> arrays = new ArrayList<>();
    long room = bounds.floats();
    for (int n = count("number of arrays", 0, MAX_NUMBERS); n > 0; n--) {
      float[] array = array(0, (int) Math.min(room, Integer.MAX_VALUE));
      room -= array.length;
      arrays.add(array);
    }
    return new Snapshot(history, numbers, arrays);
  }

  private EpochReport.@Nullable Selected selected() throws IOException {
    if (!flag("figure that selects")) {
      return null;
    }
    String name = name();
    for (Metric metric : Metric.values()) {
      if (metric.toString().equals(name)) {
        return new EpochReport.Selected(metric, from.readDouble());
      }
    }
    throw new InvalidCheckpointException(
        "must have a figure that is known, has '%s'".formatted(name));
  }

  private @Nullable List<LayerFigures> layers() throws IOException {
    if (!flag("number of layers")) {
      return null;
    }
    List<LayerFigures> layers = new ArrayList<>();
    for (int n = count("number of layers", 0, MAX_LAYERS); n > 0; n--) {
      layers.add(
          new LayerFigures(
              name(),
              optional("ratio of update to weight"),
              optional("mean"),
              optional("standard deviation"),
              optional("share of dead units")));
    }
    return List.copyOf(layers);
  }

  private int count(String what, int min, int max) throws IOException {
    int value = from.readInt();
    if (value < min || value > max) {
      throw new InvalidCheckpointException(
          "must have a %s from %d to %d, has %d".formatted(what, min, max, value));
    }
    return value;
  }

  private boolean flag(String what) throws IOException {
    int value = from.readUnsignedByte();
    if (value > 1) {
      throw new InvalidCheckpointException(
          "must have 0 or 1 before a %s, has %d".formatted(what, value));
    }
    return value == 1;
  }

  private @Nullable Double optional(String what) throws IOException {
    return flag(what) ? Double.valueOf(from.readDouble()) : null;
  }
}
