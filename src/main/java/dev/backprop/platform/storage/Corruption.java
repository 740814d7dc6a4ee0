package dev.backprop.platform.storage;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is stored and cannot be read, by no fault of whoever asks for it.
public final class Corruption {

  private static final Logger log = LoggerFactory.getLogger(Corruption.class);

  private Corruption() {}

  /// Tells the log, and makes the problem to answer with.
  ///
  /// @param what cannot be read, in words
  public static ProblemException of(String what, Throwable cause) {
    log.error("{} is stored, but cannot be read", what, cause);
    return new ProblemException(
        ProblemCode.STORAGE_CORRUPT,
        "%s is stored, but cannot be read; the log tells more".formatted(what));
  }
}
