package dev.backprop.service.job;

import dev.backprop.engine.plan.Checkpoint;
import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.intake.TrainingInputs;
import dev.backprop.service.job.TrainingJob.CancelReason;
import dev.backprop.service.model.JdbcPinnedVersions;
import dev.backprop.service.model.ModelVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A claim in the database. Its name in the training's row is unique.
final class JdbcTrainingClaim implements TrainingClaim {

  /// What running a training needs beside its [Acceptance].
  ///
  /// @param inputs null if a former version has accepted the training, which kept the request
  ///   instead
  /// @param request the blob of the request's body; null if there are inputs
  /// @param requestFormat see [JdbcFormerRequests]
  /// @param start the version that it goes on from; null if it starts anew
  /// @param checkpoint to go on with; null if there is none
  /// @param finishes whether somebody has asked to finish the training
  /// @param turn the which claim this is
  record Stored(
      @Nullable TrainingInputs inputs,
      @Nullable String request,
      int requestFormat,
      JdbcPinnedVersions.@Nullable Pin start,
      @Nullable StoredCheckpoint checkpoint,
      boolean finishes,
      Turn turn) {}

  /// As [TrainingClaim#attempt] and [TrainingClaim#isTakenOver] have it.
  record Turn(int attempt, boolean takenOver) {}

  /// A checkpoint that is kept, and what computed it.
  ///
  /// @param blob its id
  /// @param engine the engine that computed it
  record StoredCheckpoint(String blob, Engine engine) {}

  private final JdbcDatabase database;
  private final StoredJson json;
  private final JdbcTrainingClaims claims;
  private final Acceptance acceptance;
  private final String id;
  private final String name;
  private final Stored stored;

  JdbcTrainingClaim(JdbcTrainingClaims claims, Acceptance acceptance, String name, Stored stored) {
    this.claims = claims;
    this.database = claims.database();
    this.json = claims.json();
    this.acceptance = acceptance;
    this.id = acceptance.id();
    this.name = name;
    this.stored = stored;
  }

  String name() {
    return name;
  }

  Acceptance acceptance() {
    return acceptance;
  }

  Stored stored() {
    return stored;
  }

  @Override
  public TrainingInputs inputs() {
    return stored.inputs() == null ? claims.needs().former().decide(this) : stored.inputs();
  }

  @Override
  public @Nullable ModelVersion start() {
    ModelReference version = acceptance.warmStart();
    return version == null || stored.start() == null
        ? null
        : claims.needs().versions().load(version, stored.start());
  }

  @Override
  public @Nullable Checkpoint checkpoint(TrainingPlan plan) {
    return claims.needs().blobs().read(stored.checkpoint(), id, plan);
  }

  @Override
  public boolean keep(Checkpoint checkpoint, BooleanSupplier isNeeded) throws IOException {
    return claims.needs().blobs().keep(this, checkpoint, isNeeded);
  }

  @Override
  public boolean finishes() {
    return stored.finishes();
  }

  @Override
  public int attempt() {
    return stored.turn().attempt();
  }

  @Override
  public boolean isTakenOver() {
    return stored.turn().takenOver();
  }

  @Override
  public void giveBack() {
    database.change(
        jdbc ->
            jdbc.sql(
                    """
                    UPDATE trainings SET revision = revision + 1, state = :queued, claim = NULL,
                      attempts = attempts - 1
                    WHERE id = :id AND claim = :claim AND state = :running""")
                .param("id", id)
                .param("claim", name)
                .param("queued", JobState.QUEUED.json())
                .param("running", JobState.RUNNING.json())
                .update());
  }

  @Override
  public Order order() {
    return database.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT 2 * cancel_requested + finish_requested FROM trainings
                    WHERE id = :id AND claim = :claim AND state = :running""")
                .param("id", id)
                .param("claim", name)
                .param("running", JobState.RUNNING.json())
                .query(Integer.class)
                .optional()
                .map(asked -> asked == 0 ? Order.GO_ON : asked == 1 ? Order.FINISH : Order.CANCEL)
                .orElse(Order.LEAVE));
  }

  @Override
  public Order report(int reported, List<EpochReport> epochs, TrainingProgress progress) {
    return database.write(
        jdbc -> {
          JdbcTrainingRow row = JdbcTrainingRow.lock(jdbc, id).orElse(null);
          if (row == null || !row.isRunBy(name)) {
            return Order.LEAVE;
          }
          write(jdbc, reported, epochs, progress);
          return row.cancelRequested()
              ? Order.CANCEL
              : row.finishRequested() ? Order.FINISH : Order.GO_ON;
        });
  }

  private void write(
      JdbcClient jdbc, int kept, List<EpochReport> epochs, TrainingProgress progress) {
    jdbc.sql("UPDATE trainings SET progress = :progress WHERE id = :id")
        .param("id", id)
        .param("progress", json.write(progress))
        .update();
    jdbc.sql("DELETE FROM training_epochs WHERE training = :id AND first_epoch > :kept")
        .param("id", id)
        .param("kept", kept)
        .update();
    if (!epochs.isEmpty()) {
      jdbc.sql(
              """
              INSERT INTO training_epochs (training, first_epoch, last_epoch, reports)
              VALUES (:id, :first, :last, :reports)""")
          .param("id", id)
          .param("first", epochs.getFirst().epoch())
          .param("last", epochs.getLast().epoch())
          .param("reports", json.write(epochs))
          .update();
    }
  }

  /// Replaces the training's checkpoint by a newer one that has been written.
  ///
  /// @param engine that has come that far
  /// @return false if the claim is lost
  boolean keep(JdbcBlobs.Writer checkpoint, Engine engine) {
    boolean kept = database.write(jdbc -> keep(jdbc, checkpoint.id(), engine));
    if (kept) {
      checkpoint.keep();
    }
    return kept;
  }

  private boolean keep(JdbcClient jdbc, String checkpoint, Engine engine) {
    JdbcTrainingRow row = JdbcTrainingRow.lock(jdbc, id).orElse(null);
    if (row == null || !row.isRunBy(name)) {
      return false;
    }
    JdbcBlobs.adopt(jdbc, checkpoint);
    row.abandonCheckpoint(jdbc);
    // Every earlier claim that was not given back ended in a death.
    jdbc.sql(
            """
            UPDATE trainings SET checkpoint = :checkpoint, checkpoint_engine = :engine,
              deaths = deaths + attempts - 1, attempts = 1
            WHERE id = :id""")
        .param("id", id)
        .param("checkpoint", checkpoint)
        .param("engine", json.write(engine))
        .update();
    return true;
  }

  @Override
  public Instant end(End end) {
    return database.write(jdbc -> end(jdbc, end));
  }

  private Instant end(JdbcClient jdbc, End end) {
    JdbcTrainingRow row =
        JdbcTrainingRow.lock(jdbc, id)
            .orElseThrow(() -> new FencedException(CancelReason.CLAIM_LOST));
    if (row.finishedAt() != null && name.equals(row.claim())) {
      return row.finishedAt();
    }
    if (!row.isRunBy(name)) {
      throw new FencedException(CancelReason.CLAIM_LOST);
    }
    if (row.cancelRequested() && end.how() instanceof JobEnd.Succeeded) {
      throw new FencedException(CancelReason.REQUEST);
    }
    write(jdbc, 0, end.history(), end.progress());
    row.end(jdbc, json, claims.needs().datasets(), end.how(), end.at());
    return JdbcTrainingRow.instant(JdbcTrainingRow.micros(end.at()));
  }
}
