package dev.backprop.platform.storage;

import dev.backprop.engine.table.NewerFormatException;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;

/// What a newer version of the service has stored, which this one does not read and another process
/// may.
public final class NewerFormat {

  /// A rolling update goes on meanwhile.
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private NewerFormat() {}

  /// @param what has the format, in words
  public static ProblemException of(String what, NewerFormatException e) {
    return new ProblemException(
            ProblemCode.NEWER_FORMAT,
            "%s has format %d, this process reads formats up to %d; a newer one may answer"
                .formatted(what, e.found(), e.known()))
        .withRetryAfter(RETRY_AFTER);
  }
}
