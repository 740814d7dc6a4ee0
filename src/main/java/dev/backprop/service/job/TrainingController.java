package dev.backprop.service.job;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Audit;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Quotas;
import dev.backprop.platform.caller.RateLimitHeaders;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Idempotent;
import dev.backprop.platform.http.IdempotentAnswer;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.http.Prefer;
import dev.backprop.platform.http.Sort;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.openapi.AlsoAnswers;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.platform.storage.UnitOfWork;
import dev.backprop.service.dataset.BodyType;
import dev.backprop.service.intake.AcceptedTraining;
import dev.backprop.service.intake.PlanResource;
import dev.backprop.service.intake.TrainingPlanner;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Accepts trainings, shows them, finishes and cancels them.
@RestController
@RequestMapping(Paths.TRAININGS)
class TrainingController {

  private final TrainingPlanner planner;
  private final Quotas quotas;
  private final ComputeSlots slots;
  private final UnitOfWork unit;
  private final Trainings trainings;
  private final ProgressStreams streams;

  TrainingController(
      TrainingPlanner planner,
      Quotas quotas,
      ComputeSlots slots,
      UnitOfWork unit,
      Trainings trainings,
      ProgressStreams streams) {
    this.planner = planner;
    this.quotas = quotas;
    this.slots = slots;
    this.unit = unit;
    this.trainings = trainings;
    this.streams = streams;
  }

  @Idempotent
  @Allowed(Role.TRAIN)
  @PostMapping(
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @AlsoAnswers(PlanResource.class)
  ResponseEntity<?> train(
      @RequestParam(defaultValue = "false") boolean validateOnly,
      Caller caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    BodyType.checkTraining(request.getContentType());
    Duration wait = Prefer.wait(request, response);
    if (validateOnly) {
      return ResponseEntity.ok(plan(request, caller));
    }
    try (Trainings.Watch accepted = accept(request, response, caller)) {
      TrainingJob job = accepted.job();
      job.awaitEnd(wait);
      return accepted(job.snapshot(true));
    }
  }

  private static ResponseEntity<TrainingResource> accepted(TrainingJob.Snapshot job) {
    return ResponseEntity.accepted()
        .location(URI.create(Paths.link(Paths.training(job.acceptance().id()))))
        .body(TrainingResource.of(job));
  }

  private PlanResource plan(HttpServletRequest request, Caller caller) throws IOException {
    try (ComputeSlots.Slot _ = slots.acquire(request)) {
      return planner.plan(request.getInputStream(), caller);
    }
  }

  private Trainings.Watch accept(
      HttpServletRequest request, HttpServletResponse response, Caller caller) throws IOException {
    trainings.refuseWhileStopping();
    quotas.requireSomeRoom(caller);
    try (ComputeSlots.Slot _ = slots.acquire(request);
        AcceptedTraining training = planner.accept(request.getInputStream(), caller)) {
      return accept(training, IdempotentAnswer.of(request), caller);
    } catch (ProblemException e) {
      Integer most = caller.limits().concurrentTrainings();
      if (e.code() == ProblemCode.QUOTA_REACHED && most != null && e.retryAfter() != null) {
        RateLimitHeaders.writeReached(response, "trainings", most, e.retryAfter());
      }
      throw e;
    }
  }

  private Trainings.Watch accept(
      AcceptedTraining training, IdempotentAnswer answer, Caller caller) {
    ResponseEntity<?> accepted = accepted(new TrainingJob(training.acceptance()).snapshot(true));
    Trainings.Watch watch = trainings.watch(training.acceptance());
    boolean kept = false;
    try {
      unit.perform(
          () -> {
            quotas.requireRoom(caller, training.ownBytes());
            trainings.accept(training, caller);
            answer.remember(accepted);
          });
      kept = true;
      Audit.note("model", training.acceptance().model());
      Audit.note("rows", training.acceptance().rows().training());
      return watch;
    } finally {
      if (!kept) {
        watch.close();
      }
    }
  }

  @Allowed(Role.TRAIN)
  @GetMapping
  Page<TrainingResource> list(
      @RequestParam(required = false) @Nullable String model,
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String sort,
      @RequestParam(defaultValue = "0") int history,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Caller caller) {
    TrainingStore.Filter filter = new TrainingStore.Filter(model, state(state), caller);
    Sort order = Sort.of(sort);
    int most = Page.limit(limit);
    checkHistory(history);
    return trainings
        .withHistories(
            order == null
                ? trainings.list(filter, Page.after(cursor), most)
                : trainings.list(filter, order, order.after(cursor), most),
            history)
        .map(TrainingResource::of);
  }

  private static void checkHistory(int epochs) {
    if (epochs < 0 || epochs > ThinnedHistory.MOST) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          "history: must be from 0 to %d, was %d".formatted(ThinnedHistory.MOST, epochs));
    }
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

  @Allowed(Role.TRAIN)
  @GetMapping("/{id}")
  TrainingResource get(
      @PathVariable String id,
      Caller caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws InterruptedException {
    try (Trainings.Watch watch = watch(id, caller)) {
      watch.job().awaitEnd(Prefer.wait(request, response));
      return TrainingResource.of(watch.job().snapshot(true));
    }
  }

  @Allowed(Role.TRAIN)
  @PostMapping(path = "/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  TrainingResource cancel(@PathVariable String id, Caller caller) {
    return switch (trainings.cancel(id, caller)) {
      case UNKNOWN -> throw none(id);
      case TOO_LATE -> throw conflict("training %s has ended and cannot be cancelled", id);
      case WAS_QUEUED, REQUESTED -> {
        try (Trainings.Watch watch = watch(id, caller)) {
          yield TrainingResource.of(watch.job().snapshot(false));
        }
      }
    };
  }

  @Allowed(Role.TRAIN)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id, Caller caller) {
    switch (trainings.delete(id, caller)) {
      case UNKNOWN -> throw none(id);
      case UNDER_WAY ->
          throw conflict("training %s has not ended; cancel it before it is deleted", id);
      case DELETED -> {}
    }
  }

  @Allowed(Role.TRAIN)
  @PostMapping(path = "/{id}/finish", produces = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  TrainingResource finish(@PathVariable String id, Caller caller) {
    switch (trainings.finish(id, caller)) {
      case UNKNOWN -> throw none(id);
      case TOO_LATE -> throw conflict("training %s has ended and cannot be finished", id);
      case IS_QUEUED ->
          throw conflict("training %s is queued and has nothing to finish; cancel it", id);
      case IS_CROSS_VALIDATED ->
          throw conflict(
              "training %s is cross-validated and has no model before its last fit has ended; cancel it or wait",
              id);
      case REQUESTED -> {}
    }
    try (Trainings.Watch watch = watch(id, caller)) {
      return TrainingResource.of(watch.job().snapshot(false));
    }
  }

  private static ProblemException conflict(String detail, String id) {
    return new ProblemException(ProblemCode.CONFLICT, detail.formatted(id));
  }

  /// Writes on the request's own thread, which is a virtual one.
  @Allowed(Role.TRAIN)
  @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void events(
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
      Caller caller,
      HttpServletResponse response)
      throws InterruptedException {
    try (Trainings.Watch watch = watch(id, caller)) {
      if ("end".equals(lastEventId)) {
        response.setStatus(HttpStatus.NO_CONTENT.value());
        return;
      }
      write(watch.job(), lastEventId, response);
    }
  }

  private void write(TrainingJob job, @Nullable String lastEventId, HttpServletResponse response)
      throws InterruptedException {
    // A training that runs again may come to an epoch a second time, so the client may know more of
    // them.
    int last = job.state().ended() ? job.epochs() : job.acceptance().epochs();
    try (ProgressStream stream = streams.open(job, seen(lastEventId, last))) {
      response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
      response.setHeader("Cache-Control", "no-store");
      // Proxies would hold events back until they have a buffer full of them.
      response.setHeader("X-Accel-Buffering", "no");
      stream.writeTo(response.getOutputStream());
    } catch (IOException e) {
      // The client has gone, so there is nobody to answer.
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

  private Trainings.Watch watch(String id, Caller caller) {
    return trainings.watch(id, caller).orElseThrow(() -> none(id));
  }

  private static ProblemException none(String id) {
    return new ProblemException(ProblemCode.NOT_FOUND, "there is no training '%s'".formatted(id));
  }
}
