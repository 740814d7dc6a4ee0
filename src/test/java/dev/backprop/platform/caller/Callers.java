package dev.backprop.platform.caller;

import java.util.List;

/// Callers of tests.
public final class Callers {

  private Callers() {}

  /// Who has the role train.
  public static Caller of(String id) {
    return new Caller(id, Role.TRAIN, List.of(), CallerLimits.NONE);
  }

  /// Who sees only models of such names.
  public static Caller limitedTo(String... prefixes) {
    return new Caller("limited", Role.TRAIN, List.of(prefixes), CallerLimits.NONE);
  }

  /// Who may have so many trainings at once.
  public static Caller withTrainings(String id, int most) {
    return new Caller(id, Role.TRAIN, List.of(), new CallerLimits(null, most, null));
  }
}
