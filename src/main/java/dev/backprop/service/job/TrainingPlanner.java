package dev.backprop.service.job;

import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.Models;
import java.io.InputStream;

/// Turns requests into plans.
final class TrainingPlanner {

  private final TrainingIds ids;
  private final TrainingRequests requests;
  private final TrainingIntake intake;
  private final Models models;

  TrainingPlanner(
      TrainingIds ids, TrainingRequests requests, TrainingIntake intake, Models models) {
    this.ids = ids;
    this.requests = requests;
    this.intake = intake;
    this.models = models;
  }

  /// Plans a training that nobody is going to run.
  TrainingIntake.Planned plan(InputStream body) {
    Leases leases = new Leases();
    try {
      return plan(body, leases);
    } finally {
      leases.release();
    }
  }

  /// Plans a training, and reserves room for its model.
  ///
  /// @param leases takes what the training holds
  /// @throws ProblemException 507 if there is no room
  OpenTraining open(InputStream body, Leases leases) {
    return OpenTraining.of(plan(body, leases), models, leases);
  }

  private TrainingIntake.Planned plan(InputStream body, Leases leases) {
    return intake.plan(requests.read(body, ids.next(), leases));
  }
}
