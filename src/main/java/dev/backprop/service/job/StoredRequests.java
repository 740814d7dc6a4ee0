package dev.backprop.service.job;

import dev.backprop.engine.table.MissingTokens;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Corruption;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.service.dataset.SchemaRequest.TargetTask;
import dev.backprop.service.model.JdbcPinnedVersions;
import dev.backprop.service.model.Models;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// Keeps the bodies of requests for trainings, and plans them again when their turn has come, in
/// whatever process: reading a body again comes to the same plan.
final class StoredRequests {

  /// The number of the form in which a body is kept and read again. If defaults have changed, it is
  /// the number of what it means, too. Bodies of all former numbers are read as they were accepted:
  /// in the first, fewer texts stood for a missing cell unless the body said which.
  static final int FORMAT = 2;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final JdbcBlobs blobs;
  private final JdbcPinnedVersions versions;
  private final TrainingRequests requests;
  private final TrainingIntake intake;
  private final Models models;

  StoredRequests(
      JdbcBlobs blobs,
      JdbcPinnedVersions versions,
      TrainingRequests requests,
      TrainingIntake intake,
      Models models) {
    this.blobs = blobs;
    this.versions = versions;
    this.requests = requests;
    this.intake = intake;
    this.models = models;
  }

  /// As [TrainingClaim#open].
  OpenTraining open(Acceptance acceptance, JdbcTrainingClaim.Inputs inputs) {
    Leases leases = new Leases();
    boolean made = false;
    try {
      OpenTraining open = OpenTraining.of(plan(acceptance, inputs, leases), models, leases);
      made = true;
      return open;
    } finally {
      if (!made) {
        leases.release();
      }
    }
  }

  /// What others take now they will give back.
  private static ProblemException forNow(ProblemException e) {
    return e.code() == ProblemCode.REPOSITORY_FULL
        ? new ProblemException(ProblemCode.BUSY, e.detail()).withRetryAfter(RETRY_AFTER)
        : e;
  }

  private TrainingIntake.Planned plan(
      Acceptance acceptance, JdbcTrainingClaim.Inputs inputs, Leases leases) {
    WarmStart start = start(acceptance.warmStart(), inputs.start());
    try (InputStream body = new InflaterInputStream(blobs.read(inputs.request()))) {
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
                          inputs.requestFormat() == 1
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
      throw Corruption.of("the request of " + JdbcTrainingReader.what(acceptance.id()), e);
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
