package dev.backprop.service.webhook;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A call that tells of a training's end, and what has come of it so far.
///
/// @param attempts tries that have begun
/// @param status of the answer to the last try; null if there was none
/// @param at when the last try ended; null before
public record Callback(
    String url, State state, int attempts, @Nullable Integer status, @Nullable Instant at) {

  /// Pending, then delivered or failed.
  public enum State {
    PENDING,
    DELIVERED,
    FAILED;

    @JsonValue
    public String json() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static State ofJson(String json) {
      return Arrays.stream(values())
          .filter(state -> state.json().equals(json))
          .findFirst()
          .orElseThrow();
    }
  }

  /// Before the first try.
  ///
  /// @param url null if nobody wants to hear
  /// @return null if so
  public static @Nullable Callback of(@Nullable String url) {
    return url == null ? null : new Callback(url, State.PENDING, 0, null, null);
  }

  /// A try has begun.
  public Callback begun() {
    return new Callback(url, state, attempts + 1, status, at);
  }

  /// A try has ended.
  public Callback after(Tried tried) {
    return new Callback(url, tried.state(), attempts, tried.status(), tried.at());
  }

  /// What has come of a try.
  ///
  /// @param state pending if there is another one
  /// @param status of the answer; null if there was none
  public record Tried(State state, @Nullable Integer status, Instant at) {}
}
