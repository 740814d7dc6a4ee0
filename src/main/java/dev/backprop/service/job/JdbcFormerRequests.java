package dev.backprop.service.job;

import dev.backprop.engine.table.MissingTokens;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.Corruption;
import dev.backprop.platform.storage.JdbcBlobs;
import dev.backprop.platform.storage.JdbcDatabase;
import dev.backprop.platform.storage.StoredJson;
import dev.backprop.service.intake.AcceptedTraining;
import dev.backprop.service.intake.TrainingInputs;
import dev.backprop.service.intake.TrainingPlanner;
import dev.backprop.service.job.TrainingJob.CancelReason;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;

/// Decides requests that former versions have accepted and kept as they were sent. It decides each
/// once, when the training is claimed for the first time, and as that version read it. In the first
/// format, fewer texts stood for a missing cell if the request named none.
final class JdbcFormerRequests {

  private final JdbcDatabase database;
  private final JdbcBlobs blobs;
  private final StoredJson json;
  private final TrainingPlanner planner;

  JdbcFormerRequests(
      JdbcDatabase database, JdbcBlobs blobs, StoredJson json, TrainingPlanner planner) {
    this.database = database;
    this.blobs = blobs;
    this.json = json;
    this.planner = planner;
  }

  /// @throws ProblemException as [TrainingClaim#inputs]
  TrainingInputs decide(JdbcTrainingClaim claim) {
    String id = claim.acceptance().id();
    TrainingPlanner.Former former =
        new TrainingPlanner.Former(
            claim.acceptance(),
            claim.start(),
            claim.stored().requestFormat() == 1 ? MissingTokens.FORMER : MissingTokens.DEFAULT);
    try (InputStream body =
            new InflaterInputStream(blobs.read(String.valueOf(claim.stored().request())));
        AcceptedTraining training = planner.decide(body, former)) {
      String inputs = json.write(training.inputs());
      database.perform(
          () -> {
            keep(claim, inputs);
            training.own().forEach(data -> data.keepFor(Paths.training(id)));
          });
      return training.inputs();
    } catch (IOException e) {
      throw Corruption.of("the request of " + JdbcTrainingReader.what(id), e);
    }
  }

  private void keep(JdbcTrainingClaim claim, String inputs) {
    database.change(
        jdbc -> {
          JdbcTrainingRow row =
              JdbcTrainingRow.lock(jdbc, claim.acceptance().id())
                  .filter(found -> found.isRunBy(claim.name()))
                  .orElseThrow(() -> new FencedException(CancelReason.CLAIM_LOST));
          jdbc.sql(
                  """
                  UPDATE trainings SET inputs = :inputs, request = NULL, request_format = :format
                  WHERE id = :id""")
              .param("id", row.id())
              .param("inputs", inputs)
              .param("format", JdbcTrainingStore.format(claim.acceptance()))
              .update();
          if (row.request() != null) {
            JdbcBlobs.abandon(jdbc, row.request());
          }
        });
  }
}
