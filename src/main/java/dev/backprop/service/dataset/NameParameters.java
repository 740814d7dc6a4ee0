package dev.backprop.service.dataset;

import dev.backprop.platform.http.QueryOptions;
import org.jspecify.annotations.Nullable;

/// What the query says about a data set that is uploaded, beside its bytes.
///
/// @param name null if a form says it
/// @param shared true or false; null means false
/// @param description what its maker says of it
/// @param tags separated by commas
@QueryOptions
record NameParameters(
    @Nullable String name,
    @Nullable String shared,
    @Nullable String description,
    @Nullable String tags) {}
