package dev.backprop.platform.keys;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says in words why the service did not start, without the secret.
final class AdminKeyFailureAnalyzer extends AbstractFailureAnalyzer<AdminKeyException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, AdminKeyException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Give a key as the command `keys generate` prints one, or none.",
        cause);
  }
}
