package dev.backprop.service.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The state of a training: queued, then running, then one of three ends.
enum JobState {
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  boolean ended() {
    return switch (this) {
      case QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED -> true;
    };
  }

  /// The state as it stands in JSON and in the query of a list.
  @JsonValue
  String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<JobState> ofJson(String json) {
    return Arrays.stream(values()).filter(state -> state.json().equals(json)).findFirst();
  }
}
