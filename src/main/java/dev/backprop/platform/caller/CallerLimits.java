package dev.backprop.platform.caller;

import org.jspecify.annotations.Nullable;

/// How much a caller may have. What is null is not limited.
///
/// @param requestsPerSecond of each process of the service
/// @param concurrentTrainings that wait or run, in all processes that share a database
/// @param storedBytes of data sets and models, in all processes that share a database
public record CallerLimits(
    @Nullable Integer requestsPerSecond,
    @Nullable Integer concurrentTrainings,
    @Nullable Long storedBytes) {

  public static final CallerLimits NONE = new CallerLimits(null, null, null);
}
