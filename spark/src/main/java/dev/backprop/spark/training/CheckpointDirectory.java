package dev.backprop.spark.training;

import dev.backprop.platform.json.StrictJson;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/// What a training keeps, so that another driver can go on: who began it, the state after the last
/// round, and the finished model. Every file gets its name once it is whole.
final class CheckpointDirectory {

  private static final String BEGUN = "training.json";
  private static final String MODEL = "model.zip";
  private static final String STATE = "state-";

  private final FileSystem files;
  private final Path directory;

  CheckpointDirectory(String uri, Configuration hadoop) throws IOException {
    try {
      directory = new Path(uri);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "--checkpoint: must be a URI, was '%s': %s".formatted(uri, e.getMessage()));
    }
    files = directory.getFileSystem(hadoop);
  }

  /// Who began a training.
  ///
  /// @param applications the first, and all that have gone on since
  record Begun(List<String> applications, Instant startedAt) {

    String first() {
      return applications.getFirst();
    }

    Begun and(String application) {
      List<String> all = new ArrayList<>(applications);
      all.add(application);
      return new Begun(all, startedAt);
    }
  }

  /// @return null if no training has begun here
  @Nullable Begun begun() throws IOException {
    Path file = new Path(directory, BEGUN);
    if (!files.exists(file)) {
      return null;
    }
    try (InputStream in = files.open(file)) {
      return StrictJson.mapper().readValue(in.readAllBytes(), Begun.class);
    }
  }

  void begin(Begun begun) throws IOException {
    files.mkdirs(directory);
    write(BEGUN, out -> out.write(StrictJson.mapper().writeValueAsBytes(begun)));
  }

  /// Writes bytes.
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private void write(String name, Content content) throws IOException {
    Path draft = new Path(directory, "_" + name);
    Path file = new Path(directory, name);
    try (OutputStream out = files.create(draft, true)) {
      content.writeTo(out);
    }
    files.delete(file, false);
    if (!files.rename(draft, file)) {
      throw new IOException("'%s' cannot be named '%s'".formatted(draft, file));
    }
  }

  /// Keeps the state after a round, and lets go of those before.
  void save(int round, Content state) throws IOException {
    String name = "%s%09d".formatted(STATE, round);
    write(name, state);
    for (Path other : states()) {
      if (!other.getName().equals(name)) {
        files.delete(other, false);
      }
    }
  }

  /// The state after the last round that was kept; null if there is none.
  @Nullable InputStream state() throws IOException {
    List<Path> states = states();
    return states.isEmpty() ? null : files.open(states.getLast());
  }

  private List<Path> states() throws IOException {
    return Arrays.stream(files.listStatus(directory))
        .map(FileStatus::getPath)
        .filter(path -> path.getName().startsWith(STATE))
        .sorted()
        .toList();
  }

  void keepModel(byte[] artifact) throws IOException {
    write(MODEL, out -> out.write(artifact));
  }

  /// The finished model; null if it is not finished.
  byte @Nullable [] model() throws IOException {
    Path file = new Path(directory, MODEL);
    if (!files.exists(file)) {
      return null;
    }
    try (InputStream in = files.open(file)) {
      return in.readAllBytes();
    }
  }
}
