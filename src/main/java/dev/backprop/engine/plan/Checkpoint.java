package dev.backprop.engine.plan;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.engine.training.InvalidCheckpointException;
import dev.backprop.engine.training.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All that a training has come to, from which it can go on to the same end. It does so bit for bit
/// if the same engine computes with the same kernels on the same family of processors. A copy: the
/// training does not change it any more.
public final class Checkpoint {

  /// The number of the engine. It rises if a training comes to other bits than before from the same
  /// request, on the same kernels and processor, and only then: no checkpoint of another number can
  /// be gone on from.
  public static final int ENGINE = 1;

  /// In place of a fold's number, the network that will be kept.
  static final int KEPT = 0;

  private final Fingerprint fingerprint;
  private final List<MeasuredFold> folds;
  private final Map<Integer, Snapshot> fits;
  private final @Nullable Begun begun;

  /// @param folds of a cross-validation that have ended, ascending
  /// @param fits under way, by the number of the fold's task, or [#KEPT]
  Checkpoint(Fingerprint fingerprint, List<MeasuredFold> folds, Map<Integer, Snapshot> fits) {
    this(fingerprint, folds, fits, null);
  }

  /// @param begun of an ensemble; null if there is none
  Checkpoint(
      Fingerprint fingerprint,
      List<MeasuredFold> folds,
      Map<Integer, Snapshot> fits,
      @Nullable Begun begun) {
    this.begun = begun;
    this.fingerprint = fingerprint;
    this.folds = List.copyOf(folds);
    Map<Integer, Snapshot> copies = new TreeMap<>();
    fits.forEach((fold, fit) -> copies.put(fold, fit.copy()));
    this.fits = Collections.unmodifiableMap(copies);
  }

  Fingerprint fingerprint() {
    return fingerprint;
  }

  /// The folds of a cross-validation that have ended well, ascending: what listeners have heard of
  /// and will not hear of again.
  public List<CrossValidationResult.Fold> folds() {
    return folds.stream().map(MeasuredFold::figures).toList();
  }

  List<MeasuredFold> measured() {
    return folds;
  }

  /// The epochs that have ended, of the network that will be kept; likewise.
  public List<EpochReport> history() {
    Snapshot kept = fits.get(KEPT);
    return kept == null ? List.of() : kept.history();
  }

  Map<Integer, Snapshot> fits() {
    return fits;
  }

  @Nullable Begun begun() {
    return begun;
  }

  /// Writes it, in a form of its own that [#read] knows. Needs no memory to speak of.
  public void write(OutputStream out) throws IOException {
    new CheckpointWriter(out).write(this);
  }

  /// What a checkpoint of a training can have.
  ///
  /// @param folds of all members of an ensemble together
  /// @param members of an ensemble; 0 if there is none
  /// @param parts of an evaluation
  /// @param floats of all arrays of a snapshot together
  /// @param kept values of the network of a fold that will be served, by member; none if none will
  public record Bounds(
      Fingerprint fingerprint,
      int folds,
      int members,
      int parts,
      int epochs,
      long floats,
      List<Long> kept) {

    /// Folds of a member.
    int foldsOfMember() {
      return members == 0 ? folds : folds / members;
    }

    /// Values of the network that learned for a fold.
    ///
    /// @param task of the fold, from 1
    int kept(int task) {
      return Math.toIntExact(kept.get(members == 0 ? 0 : (task - 1) / foldsOfMember()));
    }
  }

  /// Reads one, to the end of the stream.
  ///
  /// @param bounds of the training that will go on from it
  /// @throws InvalidCheckpointException if the bytes are none, or that of another training
  /// @throws IOException if the stream cannot be read
  public static Checkpoint read(InputStream in, Bounds bounds) throws IOException {
    return new CheckpointReader(in).read(bounds);
  }
}
