package dev.backprop.service.job;

import dev.backprop.engine.data.MissingTokens;
import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.Checkpoints;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Corruption;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.service.dataset.SchemaRequest.TargetTask;
import dev.backprop.service.job.JdbcTrainingClaims.Outcome;
import dev.backprop.service.model.JdbcPinnedVersions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// Keeps the bodies of requests for trainings, and plans them again when their turn has come, in
/// whatever process: reading a body again comes to the same plan.
final class StoredRequests implements StoredTrainings.Requests, StoredRunner.Works {

  /// The number of the form in which a body is kept and read again: of what it means, too, where
  /// defaults have changed. Bodies of all former numbers are read as they were accepted: in the
  /// first, fewer texts stood for a missing cell unless the body said which.
  static final int FORMAT = 2;

  private static final int BUFFER = 1 << 16;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final JdbcBlobs blobs;
  private final JdbcPinnedVersions versions;
  private final TrainingRequests requests;
  private final TrainingIntake intake;
  private final StoredCheckpoints checkpoints;
  private final PlannedTraining.Machine machine;
  private final JobListener listener;

  StoredRequests(
      JdbcBlobs blobs,
      JdbcPinnedVersions versions,
      TrainingRequests requests,
      TrainingIntake intake,
      StoredCheckpoints checkpoints,
      PlannedTraining.Machine machine,
      JobListener listener) {
    this.blobs = blobs;
    this.versions = versions;
    this.requests = requests;
    this.intake = intake;
    this.checkpoints = checkpoints;
    this.machine = machine;
    this.listener = listener;
  }

  @Override
  public Copy copy() {
    return new Copy(blobs.writer());
  }

  @Override
  public void requireRoom(TrainingIntake.Planned planned) {
    machine.models().expect(planned.plan().modelBytes()).release();
  }

  /// A body on its way into the database, as one zlib stream (RFC 1950). Closing it gives it up,
  /// unless its blob was adopted.
  static final class Copy implements AutoCloseable {

    private final JdbcBlobs.Writer blob;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final DeflaterOutputStream out;

    Copy(JdbcBlobs.Writer blob) {
      this.blob = blob;
      this.out = new DeflaterOutputStream(blob, deflater, BUFFER);
    }

    /// What is read of a body is kept.
    InputStream of(InputStream body) {
      return new CopiedInput(body, out);
    }

    /// All has been read.
    JdbcBlobs.Writer finished() {
      try {
        out.finish();
        blob.finish();
        return blob;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      blob.close();
      deflater.end();
    }
  }

  private static final class CopiedInput extends InputStream {

    private final InputStream body;
    private final OutputStream copy;

    CopiedInput(InputStream body, OutputStream copy) {
      this.body = body;
      this.copy = copy;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = body.read(into, offset, length);
      if (n > 0) {
        copy.write(into, offset, n);
      }
      return n;
    }
  }

  @Override
  public TrainingWork of(
      Outcome.Won claimed, Checkpoints wishes, Consumer<JobEnd.Succeeded> together) {
    Leases leases = new Leases();
    boolean made = false;
    try {
      TrainingIntake.Planned planned = plan(claimed, leases);
      requireRoom(planned);
      PlannedTraining.Resumption from = resumption(claimed, planned.plan());
      TrainingWork work = work(planned, leases, together, wishes, from);
      made = true;
      return work;
    } finally {
      if (!made) {
        leases.release();
      }
    }
  }

  private PlannedTraining.@Nullable Resumption resumption(Outcome.Won claimed, TrainingPlan plan) {
    Checkpoint checkpoint = checkpoints.read(claimed.checkpoint(), claimed.acceptance().id(), plan);
    return checkpoint == null
        ? null
        : new PlannedTraining.Resumption(checkpoint, claimed.progress());
  }

  private TrainingWork work(
      TrainingIntake.Planned planned,
      Leases leases,
      Consumer<JobEnd.Succeeded> together,
      Checkpoints wishes,
      PlannedTraining.@Nullable Resumption from) {
    try {
      return new PlannedTraining(machine, planned, leases, listener, together, wishes, from);
    } catch (ProblemException e) {
      throw forNow(e);
    }
  }

  /// What others take now they will give back.
  private static ProblemException forNow(ProblemException e) {
    return e.code() == ProblemCode.REPOSITORY_FULL
        ? new ProblemException(ProblemCode.BUSY, e.detail()).withRetryAfter(RETRY_AFTER)
        : e;
  }

  private TrainingIntake.Planned plan(Outcome.Won claimed, Leases leases) {
    Acceptance acceptance = claimed.acceptance();
    WarmStart start = start(acceptance.warmStart(), claimed.start());
    try (InputStream body = new InflaterInputStream(blobs.read(claimed.request()))) {
      TrainingIntake.Planned planned =
          intake.plan(
              requests
                  .readAgain(
                      body,
                      acceptance.id(),
                      leases,
                      new TrainingRequests.Decided(
                          task(acceptance.target()),
                          start,
                          claimed.requestFormat() == 1
                              ? MissingTokens.FORMER
                              : MissingTokens.DEFAULT))
                  .watchingAs(acceptance.spec().training()));
      if (!planned.spec().equals(acceptance.spec())) {
        throw new ProblemException(
            ProblemCode.INTERNAL_ERROR,
            "the training was accepted by another version of the service, which this one reads otherwise");
      }
      return planned;
    } catch (ProblemException e) {
      throw forNow(e);
    } catch (IOException e) {
      throw Corruption.of("the request of " + JdbcTrainingStore.what(acceptance.id()), e);
    }
  }

  private static @Nullable TargetTask task(TargetView target) {
    return switch (target.task()) {
      case TargetView.CLASSIFICATION -> TargetTask.CLASSIFICATION;
      case TargetView.REGRESSION -> TargetTask.REGRESSION;
      default -> null;
    };
  }

  private @Nullable WarmStart start(
      @Nullable ModelReference version, JdbcPinnedVersions.@Nullable Pin pin) {
    return version == null || pin == null ? null : new WarmStart(versions.load(version, pin));
  }
}
