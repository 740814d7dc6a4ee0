package dev.backprop.platform.keys;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backprop.engine.spec.Interval;
import dev.backprop.platform.artifact.ModelName;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.CallerLimits;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.json.Values;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.Problem;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request for a key.
///
/// @param name for people
/// @param modelPrefixes what the names of models must begin with for the key to see them; all if
///   there are none
/// @param expiresAt a time of ISO 8601
/// @param requestsPerSecond as [CallerLimits] has it, as the two below
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeyRequest(
    @Nullable String name,
    @JsonInclude @Values(names = {"predict", "train", "admin"}) String role,
    @Nullable List<String> modelPrefixes,
    @Nullable String expiresAt,
    @Interval("[1, 1000000]") @Nullable Integer requestsPerSecond,
    @Interval("[1, 2147483647]") @Nullable Integer concurrentTrainings,
    @Interval("[0, ∞)") @Nullable Long storedBytes) {

  private static final int MOST_NAME = 100;

  /// More than any process answers, and what can be counted by the nanosecond.
  private static final int MOST_REQUESTS = 1_000_000;

  private static final Instant END_OF_TIMES = Instant.parse("9999-12-31T23:59:59Z");

  /// @throws ProblemException 4xx that names the field at fault
  KeyRequest {
    checkName(name);
    checkRole(role);
    modelPrefixes = modelPrefixes == null ? List.of() : checked(modelPrefixes);
    checkWithin("requestsPerSecond", requestsPerSecond, 1, MOST_REQUESTS);
    checkWithin("concurrentTrainings", concurrentTrainings, 1, Integer.MAX_VALUE);
    checkWithin("storedBytes", storedBytes, 0, Long.MAX_VALUE);
  }

  /// Of a key that is limited in nothing.
  ///
  /// @param name null if it has none
  static KeyRequest of(Role role, @Nullable String name) {
    return new KeyRequest(name, role.json(), null, null, null, null, null);
  }

  private static void checkName(@Nullable String name) {
    if (name == null) {
      return;
    }
    int length = name.codePointCount(0, name.length());
    if (name.isBlank() || length > MOST_NAME) {
      throw invalid(
          "name",
          "must have 1 to %d characters, not only blanks, had %d".formatted(MOST_NAME, length));
    }
    if (!Caller.isPrintable(name)) {
      throw invalid("name", "must have only characters that can be printed");
    }
  }

  private static void checkRole(@Nullable String role) {
    if (role == null) {
      throw ProblemException.at(ProblemCode.WRONG_TYPE, "/role", "is required");
    }
    if (Role.ofJson(role).isEmpty()) {
      throw invalid(
          "role", "must be predict, train or admin, was '%s'".formatted(Excerpt.of(role)));
    }
  }

  private static List<String> checked(List<String> prefixes) {
    if (prefixes.size() > Caller.MOST_PREFIXES) {
      throw invalid(
          "modelPrefixes",
          "must be at most %d, were %d".formatted(Caller.MOST_PREFIXES, prefixes.size()));
    }
    for (int i = 0; i < prefixes.size(); i++) {
      @Nullable String prefix = prefixes.get(i); // JSON may have null there
      String pointer = Problem.Field.pointer("modelPrefixes", Integer.toString(i));
      if (prefix == null) {
        throw ProblemException.at(ProblemCode.WRONG_TYPE, pointer, "must be a string, was null");
      }
      if (!ModelName.isValid(prefix)) {
        throw ProblemException.at(
            ProblemCode.INVALID_SPEC,
            pointer,
            "must be %s, was '%s'".formatted(ModelName.RULE, Excerpt.of(prefix)));
      }
    }
    return List.copyOf(prefixes);
  }

  private static void checkWithin(String field, @Nullable Number given, long least, long most) {
    if (given != null && (given.longValue() < least || given.longValue() > most)) {
      throw invalid(field, "must be from %d to %d, was %d".formatted(least, most, given));
    }
  }

  private static ProblemException invalid(String field, String detail) {
    return ProblemException.at(ProblemCode.INVALID_SPEC, Problem.Field.pointer(field), detail);
  }

  /// The role that [#role] names.
  Role allows() {
    return Role.ofJson(role).orElseThrow();
  }

  List<String> prefixes() {
    return Objects.requireNonNull(modelPrefixes);
  }

  CallerLimits limits() {
    return new CallerLimits(requestsPerSecond, concurrentTrainings, storedBytes);
  }

  /// The time that [#expiresAt] names; null if the key does not expire.
  ///
  /// @throws ProblemException 422 unless it is in the future
  @Nullable Instant expiry(Instant now) {
    if (expiresAt == null) {
      return null;
    }
    Instant expiry;
    try {
      expiry = Instant.parse(expiresAt).truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException _) {
      throw invalid(
          "expiresAt",
          "must be a time such as %s, was '%s'"
              .formatted(now.truncatedTo(ChronoUnit.SECONDS), Excerpt.of(expiresAt)));
    }
    if (!expiry.isAfter(now) || expiry.isAfter(END_OF_TIMES)) {
      throw invalid(
          "expiresAt",
          "must be after now, %s, and not after %s, was %s".formatted(now, END_OF_TIMES, expiry));
    }
    return expiry;
  }
}
