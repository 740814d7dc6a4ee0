package dev.backprop.platform.caller;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a caller may do. Each role may do what those before it may.
public enum Role {
  /// Asks models, and sees what they are.
  PREDICT,
  /// Also uploads data, trains, imports and activates, and deletes what is its own.
  TRAIN,
  /// Everything.
  ADMIN;

  /// The name as it is written.
  @JsonValue
  public String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @return empty if no role has that name
  public static Optional<Role> ofJson(String name) {
    return Arrays.stream(values()).filter(role -> role.json().equals(name)).findFirst();
  }

  /// Whether whoever has this role may do what the other may.
  public boolean covers(Role other) {
    return compareTo(other) >= 0;
  }
}
