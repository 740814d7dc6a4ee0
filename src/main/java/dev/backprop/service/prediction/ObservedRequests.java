package dev.backprop.service.prediction;

import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.model.ModelVersion;
import dev.backprop.service.prediction.PredictionListener.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/// Tells a listener how each request ended.
final class ObservedRequests {

  private final PredictionListener listener;

  ObservedRequests(PredictionListener listener) {
    this.listener = listener;
  }

  interface Answering {
    Answer answer(ModelVersion version) throws IOException;
  }

  /// Finds the version and answers by it.
  void answer(Supplier<ModelVersion> find, Answering answering) throws IOException {
    long start = System.nanoTime();
    String model = null;
    Answer answer = new Answer(Outcome.FAILED, 0);
    try {
      ModelVersion version = find.get();
      model = version.name();
      answer = answering.answer(version);
    } catch (ProblemException e) {
      answer = new Answer(Outcome.REFUSED, 0);
      throw e;
    } finally {
      listener.onRequest(
          model, answer.outcome(), answer.rows(), Duration.ofNanos(System.nanoTime() - start));
    }
  }
}
