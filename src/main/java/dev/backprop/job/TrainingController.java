package dev.backprop.job;

import dev.backprop.http.ComputeSlots;
import dev.backprop.http.Page;
import dev.backprop.http.Prefer;
import dev.backprop.http.ProblemCode;
import dev.backprop.http.ProblemException;
import dev.backprop.job.TrainingJob.CancelAnswer;
import dev.backprop.job.TrainingJob.CancelReason;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Accepts trainings, shows them and cancels them.
@RestController
@RequestMapping("/api/v1/trainings")
class TrainingController {

  private final TrainingIds ids;
  private final TrainingRequests requests;
  private final TrainingIntake intake;
  private final ComputeSlots slots;
  private final TrainingJobs jobs;
  private final JobRunner runner;
  private final ProgressStreams streams;

  TrainingController(
      TrainingIds ids,
      TrainingRequests requests,
      TrainingIntake intake,
      ComputeSlots slots,
      TrainingJobs jobs,
      JobRunner runner,
      ProgressStreams streams) {
    this.ids = ids;
    this.requests = requests;
    this.intake = intake;
    this.slots = slots;
    this.jobs = jobs;
    this.runner = runner;
    this.streams = streams;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<?> train(
      @RequestParam(defaultValue = "false") boolean validateOnly,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    Duration wait = Prefer.wait(request, response);
    Leases leases = new Leases();
    TrainingJob job = null;
    try (ComputeSlots.Slot _ = slots.acquire(request)) {
      TrainingIntake.Planned planned =
          intake.plan(requests.read(request.getInputStream(), ids.next(), leases));
      if (validateOnly) {
        return ResponseEntity.ok(PlanResource.of(planned));
      }
      job = intake.accept(planned, leases);
    } finally {
      if (job == null) {
        leases.release();
      }
    }
    job.awaitEnd(wait);
    return ResponseEntity.accepted()
        .location(URI.create(TrainingResource.PATH + job.id()))
        .body(TrainingResource.of(job.snapshot(true)));
  }

  @GetMapping
  Page<TrainingResource> list(
      @RequestParam(required = false) @Nullable String model,
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor) {
    return jobs.list(model, state(state), Page.after(cursor), Page.limit(limit))
        .map(job -> TrainingResource.of(job.snapshot(false)));
  }

  private static @Nullable JobState state(@Nullable String state) {
    if (state == null) {
      return null;
    }
    return JobState.ofJson(state)
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemCode.INVALID_PARAMETER,
                    "state: must be queued, running, succeeded, failed or cancelled, was "
                        + state));
  }

  @GetMapping("/{id}")
  TrainingResource get(
      @PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws InterruptedException {
    TrainingJob job = job(id);
    job.awaitEnd(Prefer.wait(request, response));
    return TrainingResource.of(job.snapshot(true));
  }

  @PostMapping("/{id}/cancel")
  @ResponseStatus(HttpStatus.ACCEPTED)
  TrainingResource cancel(@PathVariable String id) {
    TrainingJob job = job(id);
    if (runner.cancel(job, CancelReason.REQUEST) == CancelAnswer.TOO_LATE) {
      throw new ProblemException(
          ProblemCode.CONFLICT, "training %s has ended and cannot be cancelled".formatted(id));
    }
    return TrainingResource.of(job.snapshot(false));
  }

  /// Writes on the request's own thread, which is a virtual one.
  @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void events(
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      HttpServletResponse response)
      throws InterruptedException {
    TrainingJob job = job(id);
    if ("end".equals(lastEventId)) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
      return;
    }
    try (ProgressStream stream = streams.open(job, seen(lastEventId, job.epochs()))) {
      response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
      response.setHeader("Cache-Control", "no-store");
      stream.writeTo(response.getOutputStream());
    } catch (IOException e) {
      // The client has gone: nobody is left to tell.
    }
  }

  private static int seen(@Nullable String lastEventId, int epochs) {
    if (lastEventId == null) {
      return 0;
    }
    if (lastEventId.matches("[0-9]{1,9}") && Integer.parseInt(lastEventId) <= epochs) {
      return Integer.parseInt(lastEventId);
    }
    throw new ProblemException(
        ProblemCode.INVALID_PARAMETER,
        "Last-Event-ID: must be end or an epoch from 1 to %d, was %s"
            .formatted(epochs, lastEventId));
  }

  private TrainingJob job(String id) {
    return jobs.find(id)
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemCode.NOT_FOUND, "there is no training '%s'".formatted(id)));
  }
}
