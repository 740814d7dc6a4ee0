package dev.backprop.platform.storage;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says in words that the service did not start because its database is damaged.
final class StorageDamageAnalyzer extends AbstractFailureAnalyzer<ProblemException> {

  static final String ACTION = "Bring the database back from a backup, or start with an empty one.";

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ProblemException cause) {
    return cause.code() == ProblemCode.STORAGE_CORRUPT
        ? new FailureAnalysis("The database cannot be read: " + cause.detail() + ".", ACTION, cause)
        : null;
  }
}
