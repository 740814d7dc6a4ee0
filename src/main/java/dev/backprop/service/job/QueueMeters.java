package dev.backprop.service.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/// Counts the trainings that have not ended.
@Component
final class QueueMeters {

  QueueMeters(MeterRegistry registry, Trainings trainings) {
    Gauge.builder("backprop.training.queued", trainings, Trainings::queued)
        .description("Trainings that wait for their turn, in all processes together")
        .register(registry);
    Gauge.builder("backprop.training.queue.capacity", trainings, Trainings::capacity)
        .description("Trainings that may wait, in all processes together")
        .register(registry);
    Gauge.builder("backprop.processes", trainings, Trainings::processes)
        .description("Processes that run trainings of the database and were heard lately")
        .register(registry);
    Gauge.builder("backprop.training.running", trainings, Trainings::running)
        .description("Trainings that run in this process")
        .register(registry);
  }
}
