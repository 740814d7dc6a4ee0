package dev.backprop.model;

import java.time.Instant;

/// Where a version of a model comes from. The same data, specs and seed on an equal [Engine] give
/// the same parameters, bit by bit.
///
/// @param dataSha256 of the training data as it was sent, in hexadecimal
public record Provenance(
    Engine engine,
    long seed,
    String dataSha256,
    RowCounts rows,
    String trainingId,
    Instant startedAt,
    Instant finishedAt) {}
