package dev.backprop.service.prediction;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Hears of every request for predictions, on the thread that answered it.
interface PredictionListener {

  /// @param model the model's name; null if the request named none that there is
  /// @param rows how many rows were answered
  /// @param took from the request's arrival in this package to the last byte of its answer
  void onRequest(@Nullable String model, Outcome outcome, int rows, Duration took);

  /// How a request ended.
  enum Outcome {
    /// Predictions were answered.
    ANSWERED,
    /// The client has the answer already.
    NOT_MODIFIED,
    /// The request was refused.
    REFUSED,
    /// The answer broke off, or the service is at fault.
    FAILED;

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
