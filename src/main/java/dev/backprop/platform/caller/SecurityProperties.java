package dev.backprop.platform.caller;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Who may call.
///
/// @param anonymous what requests without a key may do. Unless it is given, nothing from the moment
///   in which there is a key or an issuer of tokens, and before that everything to requests of this
///   very machine
/// @param adminKey a key of the role admin that is kept at the start if its id is new
/// @param openMetrics whether `/actuator/prometheus` answers without a key
/// @param token how much each caller with a token may have
@Validated
@ConfigurationProperties("backprop.security")
public record SecurityProperties(
    @Nullable Anonymous anonymous,
    @Nullable String adminKey,
    @DefaultValue("false") boolean openMetrics,
    @Valid @DefaultValue TokenLimits token) {

  /// What requests without a key may do.
  public enum Anonymous {
    NONE,
    PREDICT,
    TRAIN,
    ADMIN;

    /// Empty if they may nothing.
    public Optional<Role> role() {
      return switch (this) {
        case NONE -> Optional.empty();
        case PREDICT -> Optional.of(Role.PREDICT);
        case TRAIN -> Optional.of(Role.TRAIN);
        case ADMIN -> Optional.of(Role.ADMIN);
      };
    }
  }

  /// As of a key, see [CallerLimits]; nothing is limited unless it is given.
  public record TokenLimits(
      @Min(1) @Nullable Integer requestsPerSecond,
      @Min(1) @Nullable Integer concurrentTrainings,
      @Nullable DataSize storedBytes) {

    public CallerLimits limits() {
      return new CallerLimits(
          requestsPerSecond,
          concurrentTrainings,
          storedBytes == null ? null : storedBytes.toBytes());
    }
  }

  /// A record would tell its secret to whoever prints it.
  @Override
  public String toString() {
    return "SecurityProperties[anonymous=%s]".formatted(anonymous);
  }
}
