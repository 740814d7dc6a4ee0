package dev.backprop.service.job;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// Makes a span of the time that a training runs here, if tracing is on. What is logged meanwhile
/// on the training's thread has the span's ids.
@Component
final class TrainingSpans {

  private final @Nullable Tracer tracer;

  TrainingSpans(ObjectProvider<Tracer> tracer) {
    this.tracer = tracer.getIfAvailable();
  }

  /// @param attempt as [TrainingClaim#attempt] has it
  JobListener.Running begin(TrainingJob job, int attempt) {
    if (tracer == null) {
      return () -> {};
    }
    Span span =
        tracer
            .nextSpan()
            .name("training")
            .tag("training.id", job.id())
            .tag("training.model", job.acceptance().model())
            .tag("training.attempt", attempt)
            .start();
    Tracer.SpanInScope scope = tracer.withSpan(span);
    return () -> {
      scope.close();
      end(span, job.snapshot(false));
    };
  }

  private static void end(Span span, TrainingJob.Snapshot last) {
    span.tag("training.epochs", last.epochs());
    // What has not ended goes on later, or in another process.
    span.tag("training.outcome", last.end() == null ? "left" : last.state().json());
    if (last.end() instanceof JobEnd.Failed(var error)) {
      span.tag("training.error", error.code());
    }
    span.end();
  }
}
