package dev.backprop.service.job;

import dev.backprop.service.model.Models;

/// A training that can run: its plan, the room for its model, and everything else that it holds.
///
/// @param leases what it holds, the room too
record OpenTraining(TrainingIntake.Planned planned, Models.Reservation room, Leases leases) {

  /// Reserves room for the model of a training.
  ///
  /// @param leases what the training holds so far; takes the room, too
  static OpenTraining of(TrainingIntake.Planned planned, Models models, Leases leases) {
    Models.Reservation room = models.expect(planned.plan().modelBytes());
    leases.add(room::release);
    return new OpenTraining(planned, room, leases);
  }

  /// The same, of which another lets go.
  OpenTraining handedOver() {
    return new OpenTraining(planned, room, leases.handOver());
  }
}
