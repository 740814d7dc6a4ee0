package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.training.InvalidCheckpointException;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.CorruptBlobException;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcBlobs.BlobGoneException;
import dev.backprop.service.job.JdbcTrainingClaims.StoredCheckpoint;
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

/// Checkpoints of trainings in a database.
final class StoredCheckpoints {

  private static final Logger log = LoggerFactory.getLogger(StoredCheckpoints.class);

  private final JdbcBlobs blobs;
  private final Engine engine;
  private final Duration interval;
  private final JobListener listener;

  /// @param engine of this process
  /// @param interval between two of a training, at least
  StoredCheckpoints(JdbcBlobs blobs, Engine engine, Duration interval, JobListener listener) {
    this.blobs = blobs;
    this.engine = engine;
    this.interval = interval;
    this.listener = listener;
  }

  /// Keeps those of a training from now on, as long as its claim holds.
  CheckpointKeeper keeper(String training, JdbcTrainingClaim claim) {
    return new CheckpointKeeper(
        training, interval, (checkpoint, isNeeded) -> put(claim, checkpoint, isNeeded));
  }

  private void put(JdbcTrainingClaim claim, Checkpoint checkpoint, BooleanSupplier isNeeded)
      throws IOException {
    long begun = System.nanoTime();
    try (JdbcBlobs.Writer blob = blobs.writer()) {
      checkpoint.write(new Interruptible(blob, isNeeded));
      blob.finish();
      if (claim.keep(blob, engine)) {
        listener.onCheckpoint(Duration.ofNanos(System.nanoTime() - begun));
      }
    } catch (InterruptedIOException _) {
      // Closing the blob gives it up.
    }
  }

  /// Ends where nobody needs what is written any more.
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

  /// Reads what a training can go on from to the same end.
  ///
  /// @return null where there is nothing such
  /// @throws ProblemException where the database cannot be reached
  @Nullable Checkpoint read(@Nullable StoredCheckpoint stored, String training, TrainingPlan plan) {
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
      return Checkpoint.read(content, plan);
    } catch (InvalidCheckpointException | BlobGoneException | CorruptBlobException e) {
      log.warn("Training {} begins anew: {}", training, e.getMessage());
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
