package dev.backprop.service.job;

import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.artifact.Engine;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The right to run a training, and to write down what comes of it, until somebody else claims it
/// or it has ended.
final class JdbcTrainingClaim {

  private final JdbcDatabase database;
  private final StoredJson json;
  private final String id;
  private final String name;

  /// @param name that the claim has in the training's row; of its own
  JdbcTrainingClaim(JdbcDatabase database, StoredJson json, String id, String name) {
    this.database = database;
    this.json = json;
    this.id = id;
    this.name = name;
  }

  /// What whoever runs a training is told when it reports.
  enum Order {
    GO_ON,
    CANCEL,
    /// The claim is lost.
    LEAVE
  }

  /// How a training ended, and how far it had come.
  ///
  /// @param history every epoch
  record End(JobEnd how, List<EpochReport> history, TrainingProgress progress, Instant at) {}

  /// Gives the claim back: the training waits again, and nothing has happened to it.
  void giveBack() {
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

  /// Asks what to do where there is nothing to report.
  Order order() {
    return database.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT cancel_requested FROM trainings
                    WHERE id = :id AND claim = :claim AND state = :running""")
                .param("id", id)
                .param("claim", name)
                .param("running", JobState.RUNNING.json())
                .query(Integer.class)
                .optional()
                .map(requested -> requested == 0 ? Order.GO_ON : Order.CANCEL)
                .orElse(Order.LEAVE));
  }

  /// Reports epochs; those that somebody else has reported after as many are forgotten.
  ///
  /// @param reported how many this claim has reported before
  /// @param epochs those after them
  Order report(int reported, List<EpochReport> epochs, TrainingProgress progress) {
    return database.write(
        jdbc -> {
          JdbcTrainingRow row = JdbcTrainingRow.lock(jdbc, id).orElse(null);
          if (row == null || !row.isRunBy(name)) {
            return Order.LEAVE;
          }
          write(jdbc, reported, epochs, progress);
          return row.cancelRequested() ? Order.CANCEL : Order.GO_ON;
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

  /// Keeps a checkpoint that has been written, in the place of the one before: the training has got
  /// further.
  ///
  /// @param engine that has come that far
  /// @return false where the claim is lost
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
    // Of the claims so far this one alone has not ended in a death.
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

  /// Ends the training. Ending it again changes nothing.
  ///
  /// @return when it ended
  /// @throws FencedException where the claim is lost, or where it has succeeded after somebody
  ///   asked to cancel it
  Instant end(End end) {
    return database.write(jdbc -> end(jdbc, end));
  }

  /// The same, in the transaction that the calling thread is in.
  void endTogether(End end) {
    database.join(jdbc -> end(jdbc, end));
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
    row.end(jdbc, json, end.how(), end.at());
    return JdbcTrainingRow.instant(JdbcTrainingRow.micros(end.at()));
  }
}
