package dev.backprop.engine.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How much is spent on a model if the request does not say it all.
public enum PresetName {
  /// The usual values of all settings; one small network.
  @JsonProperty("plain")
  PLAIN,

  /// One good network in seconds.
  @JsonProperty("fast")
  FAST,

  /// Several networks in about a minute or less.
  @JsonProperty("default")
  DEFAULT,

  /// As many networks as the time allows.
  @JsonProperty("best")
  BEST;

  /// As requests have it.
  @Override
  public String toString() {
    return TypeName.of(this);
  }
}
