package dev.backprop.service.intake;

import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.engine.spec.PresetName;
import dev.backprop.platform.artifact.SpecView;
import dev.backprop.platform.artifact.TargetView;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A request, and everything that can be decided about it before the first epoch.
///
/// @param preset the one that the request names or amounts to
/// @param start the version that it goes on from; null if it starts anew
/// @param bytes what the training takes from the budget of trainings while it runs
/// @param threads that share its work
record DecidedTraining(
    String id,
    TrainingRequest request,
    PresetName preset,
    TrainingSource source,
    @Nullable WarmStart start,
    TrainingPlan plan,
    long bytes,
    int threads) {

  /// @param owner whose it will be; null for nobody's
  Acceptance acceptance(Instant now, @Nullable String owner) {
    return new Acceptance(
        id,
        model(),
        owner,
        request.callback(),
        request.notes().isEmpty() ? null : request.notes(),
        preset,
        now,
        source.given().dataset() == null ? null : source.given().dataset().id(),
        start == null ? null : start.reference(),
        plan.rows(),
        plan.training().epochs(),
        plan.atOnce(threads),
        plan.parameters(),
        bytes,
        target(),
        spec(),
        warnings());
  }

  String model() {
    return String.valueOf(request.model());
  }

  /// Warnings about the data and about their split into parts.
  List<String> warnings() {
    return Stream.concat(source.warnings().stream(), plan.warnings().stream()).toList();
  }

  TargetView target() {
    return TargetView.of(source.data().target(), source.taskInferred());
  }

  SpecView spec() {
    return SpecView.of(plan.spec(), plan.splitBy());
  }
}
