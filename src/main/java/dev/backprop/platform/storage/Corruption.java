package dev.backprop.platform.storage;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is stored and cannot be read, by no fault of whoever asks for it.
public final class Corruption {

  private static final Logger log = LoggerFactory.getLogger(Corruption.class);

  /// Of the services in this process, as the log is: whoever finds damage knows neither.
  private static final Set<StorageFaults> TOLD = new CopyOnWriteArraySet<>();

  private Corruption() {}

  /// From now on tells these.
  ///
  /// @return ends that when it is closed
  static AutoCloseable tells(StorageFaults faults) {
    TOLD.add(faults);
    return () -> TOLD.remove(faults);
  }

  /// Tells the log, health and metrics, and makes the problem to answer with.
  ///
  /// @param what cannot be read, in words
  public static ProblemException of(String what, Throwable cause) {
    log.debug("{} is stored, but cannot be read", what, cause);
    TOLD.forEach(
        faults ->
            faults.note(
                StorageFaults.Kind.CORRUPT,
                "%s is stored, but cannot be read: %s".formatted(what, cause)));
    return new ProblemException(
        ProblemCode.STORAGE_CORRUPT,
        "%s is stored, but cannot be read; the log tells more".formatted(what));
  }
}
