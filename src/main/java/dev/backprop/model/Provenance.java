package dev.backprop.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a version of a model comes from. The same data, specs and seed on an equal [Engine] give
/// the same parameters, bit by bit, where they start from the same.
///
/// @param dataSha256 of the training data as it was sent, in hexadecimal
/// @param warmStart the version whose parameters it started from; null where they were drawn
public record Provenance(
    Engine engine,
    long seed,
    String dataSha256,
    RowCounts rows,
    @Nullable ModelReference warmStart,
    String trainingId,
    Instant startedAt,
    Instant finishedAt) {}
