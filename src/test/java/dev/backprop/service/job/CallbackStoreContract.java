package dev.backprop.service.job;

import static dev.backprop.platform.caller.Caller.ANYBODY;
import static dev.backprop.service.job.Replica.end;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.backprop.SteppedClock;
import dev.backprop.service.job.TrainingJob.CancelReason;
import dev.backprop.service.webhook.Callback;
import dev.backprop.service.webhook.Callback.State;
import dev.backprop.service.webhook.Callback.Tried;
import dev.backprop.service.webhook.CallbackStore;
import dev.backprop.service.webhook.CallbackStore.Due;
import dev.backprop.service.webhook.CallbacksOfAProcess;
import dev.backprop.service.webhook.Receiver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What holds for callbacks wherever trainings are kept. No training runs by itself here.
abstract class CallbackStoreContract {

  static final Instant NOW = Replica.NOW;
  static final Instant HORIZON = NOW.plusSeconds(60);
  static final String URL = "http://h/?token=x";

  final Receiver receiver = new Receiver();
  final SteppedClock clock = new SteppedClock(NOW);

  /// A process without trainings.
  abstract Harness process();

  abstract CallbackStore callbacks();

  @AfterEach
  final void close() {
    receiver.close();
  }

  final void accept(String id, @Nullable String url) {
    process().accept(Jobs.acceptance(id, "m", 100).calling(url));
  }

  final void succeed(String id) {
    if (process().store.claim(id, NOW) instanceof TrainingStore.Outcome.Won won) {
      won.claim().end(end(Jobs.succeeded(), NOW));
    } else {
      throw new AssertionError("cannot be claimed");
    }
  }

  final Callback shown(String id) {
    try (Trainings.Watch watch = process().trainings.watch(id, ANYBODY).orElseThrow()) {
      return Objects.requireNonNull(watch.job().snapshot(false).callback());
    }
  }

  private List<Due> due() {
    return callbacks().due(NOW, HORIZON, 9);
  }

  @Test
  void isDueOnceTheTrainingHasEndedInWhateverWay() {
    Stream.of("a", "b", "c").forEach(id -> accept(id, URL));
    assertThat(due()).isEmpty();
    assertThat(shown("a")).isEqualTo(new Callback(URL, State.PENDING, 0, null, null));

    succeed("a");
    process().store.end("b", JobEnd.Failed.because(new IllegalStateException()), NOW);
    process().store.cancel("c", NOW);

    assertThat(due())
        .containsExactlyInAnyOrder(
            new Due("a", URL, 0), new Due("b", URL, 0), new Due("c", URL, 0));
    assertThat(callbacks().due(NOW, HORIZON, 2)).hasSize(2);
    assertThat(callbacks().due(NOW, HORIZON, 0)).isEmpty();
  }

  @Test
  void whatHasNoneIsNeverDue() {
    process().accept(Jobs.acceptance("a", "m", 100));
    succeed("a");

    assertThat(due()).isEmpty();
    try (Trainings.Watch watch = process().trainings.watch("a", ANYBODY).orElseThrow()) {
      assertThat(watch.job().snapshot(false).callback()).isNull();
    }
  }

  @Test
  void aTryIsBegunOnceAndCounts() {
    accept("a", URL);
    succeed("a");
    Due first = due().getFirst();
    Instant until = NOW.plusSeconds(20);

    assertThat(callbacks().claim(first, until)).isTrue();
    assertThat(callbacks().claim(first, until)).isFalse();

    assertThat(due()).isEmpty();
    assertThat(shown("a")).isEqualTo(new Callback(URL, State.PENDING, 1, null, null));
    assertThat(callbacks().due(until, HORIZON, 9)).containsExactly(new Due("a", URL, 1));
    assertThat(callbacks().due(NOW.minusSeconds(3_600), NOW.minusSeconds(3_540), 9))
        .as("after the clock was set back by an hour")
        .containsExactly(new Due("a", URL, 1));
  }

  @Test
  void whatHasComeOfATryIsShown() {
    accept("a", URL);
    succeed("a");
    callbacks().claim(due().getFirst(), NOW.plusSeconds(20));
    Instant later = NOW.plusSeconds(7);

    assertThat(callbacks().note("a", 1, new Tried(State.PENDING, 500, NOW), later)).isTrue();
    assertThat(shown("a")).isEqualTo(new Callback(URL, State.PENDING, 1, 500, NOW));
    assertThat(due()).isEmpty();
    Due second = callbacks().due(later, HORIZON, 9).getFirst();
    assertThat(second).isEqualTo(new Due("a", URL, 1));

    callbacks().claim(second, NOW.plusSeconds(30));
    assertThat(callbacks().note("a", 2, new Tried(State.FAILED, null, later), null)).isTrue();
    assertThat(shown("a")).isEqualTo(new Callback(URL, State.FAILED, 2, null, later));
    assertThat(callbacks().due(HORIZON, HORIZON, 9)).isEmpty();
    assertThat(callbacks().note("a", 2, new Tried(State.DELIVERED, 200, later), null)).isFalse();
    assertThat(
            process()
                .trainings
                .list(new TrainingStore.Filter(null, null, ANYBODY), null, 9)
                .items())
        .singleElement()
        .extracting(TrainingJob.Snapshot::callback)
        .isEqualTo(shown("a"));
  }

  @Test
  void aLateTryCountsOnlyIfItWasDelivered() {
    accept("a", URL);
    succeed("a");
    callbacks().claim(due().getFirst(), NOW);
    callbacks().claim(due().getFirst(), NOW.plusSeconds(20));

    assertThat(callbacks().note("a", 1, new Tried(State.PENDING, 500, NOW), NOW)).isFalse();
    assertThat(shown("a")).isEqualTo(new Callback(URL, State.PENDING, 2, null, null));
    assertThat(callbacks().note("a", 1, new Tried(State.DELIVERED, 200, NOW), null)).isTrue();
    assertThat(callbacks().note("a", 2, new Tried(State.FAILED, null, NOW), null)).isFalse();
    assertThat(shown("a")).isEqualTo(new Callback(URL, State.DELIVERED, 2, 200, NOW));
  }

  @Test
  void aTrainingIsNotForgottenBeforeItsCallback() {
    for (String id : List.of("a", "b", "c")) {
      accept(id, id.equals("b") ? null : URL);
      process().store.end(id, JobEnd.Cancelled.because(CancelReason.REQUEST), NOW);
    }
    callbacks().claim(due().getFirst(), NOW.plusSeconds(20));
    callbacks().note("a", 1, new Tried(State.DELIVERED, 200, NOW), null);

    process().store.forget(0, NOW, NOW.minusSeconds(1));
    assertThat(process().trainings.watch("a", ANYBODY)).isEmpty();
    assertThat(process().trainings.watch("b", ANYBODY)).isEmpty();
    assertThat(shown("c").state()).isEqualTo(State.PENDING);

    process().store.forget(0, null, NOW);
    assertThat(process().trainings.watch("c", ANYBODY)).isEmpty();
  }

  @Test
  void isDelivered() throws InterruptedException {
    CallbacksOfAProcess process = new CallbacksOfAProcess(callbacks(), clock);
    accept("a", receiver.url("/x"));
    process.deliver();
    assertThat(receiver.all()).isEmpty();
    succeed("a");

    process.deliver();
    process.deliver();

    assertThat(receiver.all()).singleElement().extracting(Receiver.Call::path).isEqualTo("/x");
    assertThat(receiver.take().body()).isEqualTo("a");
    assertThat(shown("a"))
        .isEqualTo(new Callback(receiver.url("/x"), State.DELIVERED, 1, 204, NOW));
    assertThat(process.heard()).containsExactly(State.DELIVERED);
  }

  @Test
  void isTriedThreeTimes() throws InterruptedException {
    CallbacksOfAProcess process = new CallbacksOfAProcess(callbacks(), clock);
    String url = receiver.url("/");
    receiver.answers(Receiver.status(500), Receiver.redirect(url), Receiver.status(404));
    accept("a", url);
    succeed("a");

    process.deliver();
    assertThat(shown("a")).isEqualTo(new Callback(url, State.PENDING, 1, 500, NOW));
    stepAndDeliver(process, 4);
    assertThat(receiver.all()).hasSize(1);
    stepAndDeliver(process, 1);
    assertThat(shown("a")).isEqualTo(new Callback(url, State.PENDING, 2, 307, clock.instant()));
    stepAndDeliver(process, 29);
    assertThat(receiver.all()).hasSize(2);
    stepAndDeliver(process, 1);
    stepAndDeliver(process, 3_600);

    assertThat(receiver.all()).hasSize(3);
    assertThat(shown("a")).isEqualTo(new Callback(url, State.FAILED, 3, 404, NOW.plusSeconds(35)));
    assertThat(process.heard()).containsExactly(State.FAILED);
  }

  private void stepAndDeliver(CallbacksOfAProcess process, int seconds)
      throws InterruptedException {
    clock.step(Duration.ofSeconds(seconds));
    process.deliver();
  }

  @Test
  void theLogOfAFailureHasNeitherPathNorQuery() throws InterruptedException {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.backprop.service.webhook");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      CallbacksOfAProcess process = new CallbacksOfAProcess(callbacks(), clock);
      receiver.answers(Receiver.status(500), Receiver.status(500), Receiver.status(503));
      accept("a", receiver.url("/hidden?token=hidden"));
      succeed("a");
      process.deliver();
      stepAndDeliver(process, 5);
      stepAndDeliver(process, 30);
    } finally {
      logger.detachAppender(lines);
    }

    assertThat(lines.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEqualTo(
            "The callback of training a to %s failed in 3 tries, the last because it answered 503"
                .formatted(receiver.url("")));
  }

  @Test
  void aProcessMakesEightTriesAtOnce() throws InterruptedException {
    CallbacksOfAProcess process = new CallbacksOfAProcess(callbacks(), clock);
    CountDownLatch goOn = new CountDownLatch(1);
    for (int i = 0; i < 9; i++) {
      receiver.answers(
          exchange -> {
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            exchange.sendResponseHeaders(200, -1);
          });
      accept("" + i, receiver.url("/" + i));
      succeed("" + i);
    }

    process.begin();
    for (int i = 0; i < 8; i++) {
      receiver.take();
    }
    process.begin();
    assertThat(receiver.all()).hasSize(8);
    goOn.countDown();
    process.deliver();
    process.deliver();

    assertThat(receiver.all()).hasSize(9);
  }

  @Test
  void noHostIsCalledThatIsNotInTheListAnyMore() throws InterruptedException {
    CallbacksOfAProcess process =
        new CallbacksOfAProcess(callbacks(), clock, List.of("other"), Duration.ofSeconds(9));
    accept("a", receiver.url("/"));
    succeed("a");

    process.deliver();

    assertThat(receiver.all()).isEmpty();
    assertThat(shown("a")).isEqualTo(new Callback(receiver.url("/"), State.PENDING, 1, null, NOW));
  }
}
