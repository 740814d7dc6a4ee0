package dev.backprop.service.intake;

import dev.backprop.service.dataset.Datasets;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.model.Models;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A training that is decided and can be accepted. Closing it gives back everything that it holds
/// and nobody has taken over or kept.
public final class AcceptedTraining implements AutoCloseable {

  private final Acceptance acceptance;
  private final TrainingInputs inputs;
  private final @Nullable ModelVersion start;
  private final List<Datasets.Draft> own;
  private final Leases leases;
  private Models.@Nullable Reservation room; // null after takeRoom

  /// @param start the version that it goes on from; null if it starts anew
  /// @param room reserved for its model
  /// @param own the data sets that will be the training's alone
  /// @param leases everything else that it holds: room for data, and holds on data sets
  public AcceptedTraining(
      Acceptance acceptance,
      TrainingInputs inputs,
      @Nullable ModelVersion start,
      Models.Reservation room,
      List<Datasets.Draft> own,
      Leases leases) {
    this.acceptance = acceptance;
    this.inputs = inputs;
    this.start = start;
    this.room = room;
    this.own = own;
    this.leases = leases;
  }

  public Acceptance acceptance() {
    return acceptance;
  }

  public TrainingInputs inputs() {
    return inputs;
  }

  public @Nullable ModelVersion start() {
    return start;
  }

  public List<Datasets.Draft> own() {
    return own;
  }

  /// How many bytes the data sets have that will be the training's alone.
  public long ownBytes() {
    return own.stream().mapToLong(Datasets.Draft::bytes).sum();
  }

  /// Takes over the room that is reserved for its model. This can be done once. If nobody does it,
  /// room is reserved anew when the training's turn has come.
  public Models.Reservation takeRoom() {
    Models.Reservation taken = Objects.requireNonNull(room, "taken already");
    room = null;
    return taken;
  }

  @Override
  public void close() {
    if (room != null) {
      room.release();
    }
    leases.release();
  }
}
