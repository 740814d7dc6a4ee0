package dev.backprop.service.job;

import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.table.Label;
import dev.backprop.engine.table.Target;
import dev.backprop.platform.artifact.ModelReference;
import dev.backprop.platform.artifact.RowCounts;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.artifact.TargetView;
import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Plans what a request asks for: everything that can be decided before the first epoch is decided
/// here.
final class TrainingIntake {

  /// As much as JSON readers take for a name.
  private static final int MAX_NAME_BYTES = 50_000;

  private final Budget trainingMemory;
  private final int threads;
  private final boolean checkpoints;

  /// @param threads of the team
  /// @param checkpoints whether trainings have them
  TrainingIntake(Budget trainingMemory, int threads, boolean checkpoints) {
    this.trainingMemory = trainingMemory;
    this.threads = threads;
    this.checkpoints = checkpoints;
  }

  /// Checks a request against its data.
  ///
  /// @throws ProblemException 422 with the pointer of what cannot be
  Planned plan(TrainingRequest request) {
    checkNames(request.source().data().target());
    TrainingPlan plan =
        TrainingPlan.of(
            request.source().data(),
            request.source().validation(),
            request.network(),
            request.training());
    if (request.start() != null) {
      plan = request.start().begin(plan);
    }
    plan = plan.identifiedBy(request.id());
    long bytes =
        request.source().inlineBytes()
            + plan.estimatedBytes(threads)
            + (checkpoints ? plan.checkpointBytes(threads) : 0);
    trainingMemory.requireFits(bytes);
    return new Planned(request, plan, bytes, threads);
  }

  /// Classes and target columns become names in JSON, which readers bound.
  private static void checkNames(Target target) {
    if (target instanceof Target.Classes(_, List<Label> classes)) {
      classes.forEach(label -> checkName("a class", label.text()));
    }
    target.names().forEach(name -> checkName("a name", name));
  }

  private static void checkName(String what, String text) {
    // Of a character outside the basic plane, JSON in ASCII has two halves.
    long bytes = text.chars().mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : 3).sum();
    if (bytes > MAX_NAME_BYTES) {
      throw ProblemException.at(
          ProblemCode.INVALID_DATA,
          "/data/target",
          "%s of the target may have at most %d bytes, '%s' has %d"
              .formatted(what, MAX_NAME_BYTES, Excerpt.of(text), bytes));
    }
  }

  /// A request with its plan.
  ///
  /// @param bytes what it takes from the memory of trainings while it runs
  /// @param threads that share its work
  record Planned(TrainingRequest request, TrainingPlan plan, long bytes, int threads) {

    Acceptance acceptance(Instant now) {
      return new Acceptance(
          request.id(),
          request.model(),
          now,
          request.source().dataset(),
          start(),
          rows(),
          plan.training().epochs(),
          plan.atOnce(threads),
          plan.parameters(),
          bytes,
          target(),
          spec(),
          warnings());
    }

    /// What the data tell of themselves and of their parts.
    List<String> warnings() {
      return Stream.concat(request.source().warnings().stream(), plan.warnings().stream()).toList();
    }

    RowCounts rows() {
      return new RowCounts(plan.trainingRows(), plan.validationRows(), plan.testRows());
    }

    /// The version that it goes on from; null if it starts anew.
    @Nullable ModelReference start() {
      return request.start() == null ? null : request.start().reference();
    }

    TargetView target() {
      return TargetView.of(request.source().data().target(), request.source().taskInferred());
    }

    SpecView spec() {
      return SpecView.of(plan.network(), plan.training(), plan.splitBy());
    }
  }
}
