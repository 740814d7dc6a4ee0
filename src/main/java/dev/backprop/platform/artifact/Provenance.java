package dev.backprop.platform.artifact;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.plan.RowCounts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The origin of a version of a model. The same data, specs and seed on an equal [Engine] give the
/// same parameters, bit by bit, if they start from the same.
///
/// @param dataSha256 of the training data as it was sent, in hexadecimal
/// @param engine that trained, here or elsewhere
/// @param warmStart the version whose parameters it started from; null if they were drawn
/// @param microsecondsPerRow what a row took the model where it was trained, from its cells to its
///   answer, among others, on one thread; null if that was not measured
/// @param imported null if it was trained here
public record Provenance(
    Engine engine,
    long seed,
    String dataSha256,
    RowCounts rows,
    @Nullable ModelReference warmStart,
    String trainingId,
    Instant startedAt,
    Instant finishedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double microsecondsPerRow,
    @Nullable Imported imported) {

  /// The same for a copy on another instance.
  public Provenance imported(Imported from) {
    return new Provenance(
        engine,
        seed,
        dataSha256,
        rows,
        warmStart,
        trainingId,
        startedAt,
        finishedAt,
        microsecondsPerRow,
        from);
  }

  /// @param from the version that it is a copy of, as the other instance called it
  /// @param createdAt when that one was made
  /// @param sha256 of the artifact, in hexadecimal
  /// @param at when it came here
  public record Imported(ModelReference from, Instant createdAt, String sha256, Instant at) {}
}
