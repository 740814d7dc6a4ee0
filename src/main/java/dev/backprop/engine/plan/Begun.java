package dev.backprop.engine.plan;

/// Which candidates of an ensemble are trained, as it is known.
///
/// @param candidates that have begun or are sure to begin
/// @param last whether no further one begins
/// @param seconds that the training has run
record Begun(int candidates, boolean last, double seconds) {}
