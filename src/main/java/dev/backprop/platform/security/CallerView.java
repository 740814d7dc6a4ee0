package dev.backprop.platform.security;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.CallerLimits;
import dev.backprop.platform.caller.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whoever sent the request.
///
/// @param id of the key, or the subject of the token; null if the request came without either
/// @param role what the caller may do
/// @param modelPrefixes what the names of models must begin with for the caller to see them; empty
///   if the caller sees all
record CallerView(
    @Nullable String id,
    Role role,
    List<String> modelPrefixes,
    @JsonUnwrapped CallerLimits limits) {

  static CallerView of(Caller caller) {
    return new CallerView(caller.id(), caller.role(), caller.modelPrefixes(), caller.limits());
  }
}
