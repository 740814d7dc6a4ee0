package dev.backprop.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.http.Problem;
import dev.backprop.model.EpochView;
import dev.backprop.model.ModelReference;
import dev.backprop.model.RowCounts;
import dev.backprop.model.SpecView;
import dev.backprop.model.TargetView;
import dev.backprop.training.EpochReport;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A training as clients see it.
///
/// @param history left out in lists and in the last event of a stream
/// @param warmStart the version that it goes on from; null where it starts anew
/// @param result null unless it has succeeded
/// @param error null unless it has failed or was cancelled
record TrainingResource(
    String id,
    String model,
    JobState state,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Progress progress,
    @Nullable Metrics metrics,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<EpochView> history,
    @Nullable String dataset,
    @Nullable ModelReference warmStart,
    RowCounts rows,
    TargetView target,
    SpecView spec,
    List<String> warnings,
    @Nullable JobResult result,
    @Nullable Problem error,
    Links links) {

  static final String PATH = "/api/v1/trainings/";

  static TrainingResource of(TrainingJob.Snapshot job) {
    Acceptance acceptance = job.acceptance();
    return new TrainingResource(
        acceptance.id(),
        acceptance.model(),
        job.state(),
        acceptance.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        Progress.of(job),
        job.latest() == null ? null : Metrics.of(job.latest()),
        job.history() == null ? null : job.history().stream().map(EpochView::of).toList(),
        acceptance.dataset(),
        acceptance.warmStart(),
        acceptance.rows(),
        acceptance.target(),
        acceptance.spec(),
        warnings(job),
        job.end() instanceof JobEnd.Succeeded(JobResult result, _) ? result : null,
        switch (job.end()) {
          case JobEnd.Failed(Problem error) -> error;
          case JobEnd.Cancelled(Problem error) -> error;
          case JobEnd.Succeeded _ -> null;
          case null -> null;
        },
        Links.of(job));
  }

  private static List<String> warnings(TrainingJob.Snapshot job) {
    List<String> atAcceptance = job.acceptance().warnings();
    return job.end() instanceof JobEnd.Succeeded(_, List<String> later)
        ? Stream.concat(atAcceptance.stream(), later.stream()).distinct().toList()
        : atAcceptance;
  }

  /// @param epoch the last that has ended, 0 before the first
  /// @param epochs that it runs at most
  /// @param fraction of its epochs, from 0 to 1; 1 when it has succeeded, early or not
  /// @param examplesPerSecond over the epochs so far; null before the first
  /// @param etaSeconds until its last epoch, at the pace so far; null unless it runs and has a pace
  record Progress(
      int epoch,
      int epochs,
      double fraction,
      @Nullable Double examplesPerSecond,
      @Nullable Double etaSeconds) {

    static Progress of(TrainingJob.Snapshot job) {
      int epochs = job.acceptance().epochs();
      boolean paced = job.epochs() > 0 && job.epochSeconds() > 0;
      double examples = (double) job.epochs() * job.acceptance().rows().training();
      double secondsPerEpoch = job.epochSeconds() / job.epochs();
      return new Progress(
          job.epochs(),
          epochs,
          job.state() == JobState.SUCCEEDED ? 1 : (double) job.epochs() / epochs,
          paced ? Double.valueOf(Math.rint(examples / job.epochSeconds())) : null,
          paced && job.state() == JobState.RUNNING
              ? Double.valueOf(secondsPerEpoch * (epochs - job.epochs()))
              : null);
    }
  }

  /// The figures of the latest epoch.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Metrics(
      double trainLoss,
      @Nullable Double validationLoss,
      @Nullable Double validationAccuracy,
      @Nullable Double validationRmse) {

    static Metrics of(EpochReport report) {
      return new Metrics(
          report.trainLoss(),
          report.validationLoss(),
          report.validationAccuracy(),
          report.validationRmse());
    }
  }

  /// @param model the version that it made; null unless it has succeeded
  record Links(String self, String events, @Nullable String model) {

    static Links of(TrainingJob.Snapshot job) {
      String self = PATH + job.acceptance().id();
      return new Links(
          self,
          self + "/events",
          job.end() instanceof JobEnd.Succeeded(JobResult result, _)
              ? "/api/v1/models/%s/versions/%d".formatted(result.model(), result.version())
              : null);
    }
  }
}
