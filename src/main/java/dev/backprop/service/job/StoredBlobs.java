package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.training.InvalidCheckpointException;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.CorruptBlobException;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcBlobs.BlobGoneException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The checkpoints of trainings in a database.
final class StoredBlobs {

  private static final Logger log = LoggerFactory.getLogger(StoredBlobs.class);

  private final JdbcBlobs blobs;
  private final Engine engine;
  private final Duration interval;

  /// @param engine of this process
  /// @param interval the least time between two checkpoints of a training
  StoredBlobs(JdbcBlobs blobs, Engine engine, Duration interval) {
    this.blobs = blobs;
    this.engine = engine.numbered(Checkpoint.ENGINE);
    this.interval = interval;
  }

  Duration interval() {
    return interval;
  }

  /// As [TrainingClaim#keep].
  boolean keep(JdbcTrainingClaim claim, Checkpoint checkpoint, BooleanSupplier isNeeded)
      throws IOException {
    try (JdbcBlobs.Writer blob = blobs.writer()) {
      checkpoint.write(new Interruptible(blob, isNeeded));
      blob.finish();
      return claim.keep(blob, engine);
    } catch (InterruptedIOException _) {
      return false; // closing the blob deletes it
    }
  }

  /// Breaks off writing if nobody needs the checkpoint any more.
  private static final class Interruptible extends OutputStream {

    private final OutputStream to;
    private final BooleanSupplier isNeeded;

    Interruptible(OutputStream to, BooleanSupplier isNeeded) {
      this.to = to;
      this.isNeeded = isNeeded;
    }

    @Override
    public void write(int b) throws IOException {
      to.write(b);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      if (!isNeeded.getAsBoolean()) {
        throw new InterruptedIOException("the training has ended");
      }
      to.write(from, offset, length);
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }
  }

  /// Reads the checkpoint of a training, if going on from it comes to the same end.
  ///
  /// @return null if there is none
  /// @throws ProblemException if the database cannot be reached
  @Nullable Checkpoint read(
      JdbcTrainingClaim.@Nullable StoredCheckpoint stored, String training, TrainingPlan plan) {
    if (stored == null) {
      return null;
    }
    if (!stored.engine().equals(engine)) {
      log.info(
          "Training {} begins anew: its checkpoint was computed by {}, here computes {}",
          training,
          stored.engine(),
          engine);
      return null;
    }
    try (InputStream content = blobs.read(stored.blob())) {
      return Checkpoint.read(content, plan.checkpointBounds());
    } catch (InvalidCheckpointException | BlobGoneException | CorruptBlobException e) {
      log.warn("Training {} begins anew: {}", training, e.getMessage());
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
