package dev.backprop.service.intake;

import dev.backprop.engine.plan.TrainingPlan;
import dev.backprop.service.model.Models;

/// A training that can run: its plan, the room for its model, and everything else that it holds.
///
/// @param leases everything that the training holds, its room included
public record OpenTraining(
    TrainingPlan plan, TrainingInputs inputs, Models.Reservation room, Leases leases) {}
