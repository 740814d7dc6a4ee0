package dev.backprop.service.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.plan.Headline;
import dev.backprop.engine.plan.RowCounts;
import dev.backprop.engine.plan.Standing;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.engine.training.EpochReport;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.problem.KeptWarnings;
import dev.backprop.platform.problem.Problem;
import dev.backprop.service.intake.Acceptance;
import dev.backprop.service.webhook.Callback;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A training as clients see it.
///
/// @param owner the id of the key that made it, or the subject of the token; null if there was
///   neither
/// @param description what the request says of the version to come, as are the tags; null if it
///   says nothing
/// @param headline how good the version is; null unless it has succeeded and rows judged it
/// @param metrics null before the first epoch has ended
/// @param history left out in the last event of a stream, and in lists that do not ask for it
/// @param warmStart the version that it goes on from; null if it starts anew
/// @param result null unless it has succeeded
/// @param error null unless it has failed or was cancelled
/// @param callback what has come of the call that tells of its end; null if there is none
record TrainingResource(
    String id,
    String model,
    @Nullable String owner,
    @Nullable String description,
    List<String> tags,
    PresetName preset,
    JobState state,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Progress progress,
    @Nullable Headline headline,
    @Nullable Metrics metrics,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<EpochReport> history,
    @Nullable String dataset,
    @Nullable ModelReference warmStart,
    RowCounts rows,
    TargetView target,
    SpecView spec,
    List<String> warnings,
    @Nullable JobResult result,
    @Nullable Problem error,
    @Nullable Callback callback,
    Links links) {

  static TrainingResource of(TrainingJob.Snapshot job) {
    Acceptance acceptance = job.acceptance();
    return new TrainingResource(
        acceptance.id(),
        acceptance.model(),
        acceptance.owner(),
        acceptance.notes().description(),
        acceptance.notes().tags(),
        acceptance.preset(),
        job.state(),
        acceptance.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        Progress.of(job),
        headline(job),
        Metrics.of(job),
        job.history(),
        acceptance.dataset(),
        acceptance.warmStart(),
        acceptance.rows(),
        acceptance.target(),
        acceptance.spec(),
        warnings(job),
        job.end() instanceof JobEnd.Succeeded(JobResult result, _, _, _) ? result : null,
        switch (job.end()) {
          case JobEnd.Failed(Problem error) -> error;
          case JobEnd.Cancelled(Problem error) -> error;
          case JobEnd.Succeeded _ -> null;
          case null -> null;
        },
        job.callback(),
        Links.of(job));
  }

  private static @Nullable Headline headline(TrainingJob.Snapshot job) {
    Standing standing = job.end() instanceof JobEnd.Succeeded how ? how.standing() : null;
    return standing == null ? null : standing.headline();
  }

  private static List<String> warnings(TrainingJob.Snapshot job) {
    List<String> atAcceptance = job.acceptance().warnings();
    return job.end() instanceof JobEnd.Succeeded(_, List<String> later, _, _)
        ? KeptWarnings.of(Stream.concat(atAcceptance.stream(), later.stream()).distinct().toList())
        : atAcceptance;
  }

  /// If there are folds, `epoch` counts the last fit, to all rows, which comes after the folds. If
  /// none comes, it counts the epochs of all folds.
  ///
  /// @param epoch the last that has ended, 0 before the first
  /// @param epochs that it runs at most
  /// @param fraction how much of its epochs it has run, from 0 to 1; 1 after a success, even an
  ///   early one. Each fold counts as much as the last fit
  /// @param examplesPerSecond over the epochs so far; null before the first
  /// @param etaSeconds until its last epoch, at its pace; null unless it runs and has a pace. With
  ///   early stopping it counts the epochs that are expected, which is usually within a factor of 2
  /// @param folds left out if there are none
  record Progress(
      int epoch,
      int epochs,
      double fraction,
      @Nullable Double examplesPerSecond,
      @Nullable Double etaSeconds,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Folds folds) {

    static Progress of(TrainingJob.Snapshot job) {
      FoldProgress.Snapshot folds = job.folds();
      int epochs = folds.lastFitEpochs();
      boolean onlyFolds = epochs == 0;
      double fits = folds.fractions() + (onlyFolds ? 0 : (double) job.epochs() / epochs);
      int all = folds.count() + (onlyFolds ? 0 : 1);
      return new Progress(
          onlyFolds ? folds.epochs() : job.epochs(),
          onlyFolds ? folds.most() : epochs,
          job.state() == JobState.SUCCEEDED ? 1 : fits / all,
          examplesPerSecond(job, onlyFolds),
          job.state() == JobState.RUNNING ? etaSeconds(job) : null,
          folds.count() == 0
              ? null
              : new Folds(
                  folds.count(),
                  folds.ended(),
                  folds.epochs(),
                  job.acceptance().members() == 0 ? null : folds.underWay()));
    }

    private static @Nullable Double examplesPerSecond(TrainingJob.Snapshot job, boolean onlyFolds) {
      double rows = job.acceptance().rows().training();
      double examples =
          onlyFolds
              ? job.folds().epochs() * rows * job.acceptance().foldShare()
              : job.epochs() * rows;
      double seconds = onlyFolds ? job.folds().seconds() : job.epochSeconds();
      return examples > 0 && seconds > 0 ? Double.valueOf(Math.rint(examples / seconds)) : null;
    }

    /// Before the last fit has a pace of its own, its pace is estimated from that of the folds and
    /// its larger number of rows.
    private static @Nullable Double etaSeconds(TrainingJob.Snapshot job) {
      FoldProgress.Snapshot folds = job.folds();
      double foldPace = folds.epochs() == 0 ? 0 : folds.seconds() / folds.epochs();
      double pace =
          job.epochs() > 0 ? job.pace().seconds() : foldPace / job.acceptance().foldShare();
      if (!(pace > 0)) {
        return null;
      }
      double left =
          folds.count() == 0
              ? job.pace().left()
              : Math.max(0, folds.lastFitExpected() - job.epochs());
      double eta = pace * left + foldPace * folds.left();
      Double most = job.acceptance().spec().training().maxSeconds();
      return most == null ? eta : Math.min(eta, Math.max(0, most - job.epochSeconds()) + pace);
    }

    /// @param count those of all members of an ensemble together
    /// @param ended how many of them have ended
    /// @param epochs that all of them have run together
    /// @param underWay those of the members of an ensemble; left out if there is none
    record Folds(
        int count,
        int ended,
        int epochs,
        @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable List<FoldProgress.FoldUnderWay> underWay) {}
  }

  /// The figures of the latest epoch. After a success they are those of the epoch whose parameters
  /// are served. If several networks are served, they are theirs together after a success, by the
  /// part of the rows.
  ///
  /// @param trainLoss the loss during that epoch, while its parameters changed
  /// @param outOfFold how many rows it has, and the figures that are defined on them; each row is
  ///   answered by the networks that have not learned from it
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Metrics(
      @Nullable Double trainLoss,
      @Nullable Double validationLoss,
      @Nullable Double weightedValidationLoss,
      @Nullable Double validationAccuracy,
      @Nullable Double validationRmse,
      EpochReport.@Nullable Selected selected,
      @Nullable Map<String, Number> outOfFold,
      @Nullable Map<String, Number> validation,
      @Nullable Map<String, Number> test) {

    static @Nullable Metrics of(TrainingJob.Snapshot job) {
      if (job.end() instanceof JobEnd.Succeeded(_, _, var parts, _) && parts != null) {
        return new Metrics(
            null,
            null,
            null,
            null,
            null,
            null,
            parts.get("outOfFold"),
            parts.get("validation"),
            parts.get("test"));
      }
      EpochReport report = job.shown();
      return report == null
          ? null
          : new Metrics(
              report.trainLoss(),
              report.validationLoss(),
              report.weightedValidationLoss(),
              report.validationAccuracy(),
              report.validationRmse(),
              report.selected(),
              null,
              null,
              null);
    }
  }

  /// @param model the version that it made; null unless it has succeeded
  record Links(String self, String events, @Nullable String model) {

    static Links of(TrainingJob.Snapshot job) {
      String self = Paths.link(Paths.training(job.acceptance().id()));
      return new Links(
          self,
          self + "/events",
          job.end() instanceof JobEnd.Succeeded(JobResult result, _, _, _)
              ? Paths.link(Paths.version(result.model(), result.version()))
              : null);
    }
  }
}
