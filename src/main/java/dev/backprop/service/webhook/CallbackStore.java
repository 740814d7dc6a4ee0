package dev.backprop.service.webhook;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Knows which trainings have ended and still have to be told of, and whose turn that is. A
/// training comes here by its end, in the same moment and by nothing else, so no end is missed.
public interface CallbackStore {

  /// Whether callbacks outlive this process, which may leave them to another then.
  boolean isLasting();

  /// A try whose time has come.
  ///
  /// @param training its id
  /// @param attempts tries that have begun before
  record Due(String training, String url, int attempts) {}

  /// @param horizon who planned a try for later than this had a clock that was set back since; such
  ///   a try is due, too
  /// @param most how many
  /// @return the earliest first
  List<Due> due(Instant now, Instant horizon, int most);

  /// Begins a try, which counts from now on.
  ///
  /// @param until when the next one is due if nothing is heard of this one
  /// @return false if another process has begun it
  boolean claim(Due due, Instant until);

  /// Writes down what has come of a try. That of a try after which another one was begun counts
  /// only if it was delivered.
  ///
  /// @param attempt which one it was, from 1
  /// @param next when the next one is due; null if there is none
  /// @return whether it counts
  boolean note(String training, int attempt, Callback.Tried tried, @Nullable Instant next);
}
