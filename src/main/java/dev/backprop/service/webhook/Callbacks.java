package dev.backprop.service.webhook;

import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemException;
import dev.backprop.service.webhook.Callback.State;
import dev.backprop.service.webhook.Callback.Tried;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of trainings that have ended: up to three tries for each. All processes that share a store
/// share its callbacks, and each try is made by one of them. A try of which nothing is heard
/// counts, because it may have arrived.
final class Callbacks {

  private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

  /// Between the end of a try and the next one.
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(30));

  private static final int TRIES = PAUSES.size() + 1;

  /// If nothing is heard of a try for so long, its process counts as dead: as long as it may take
  /// and some seconds more.
  static final Duration SILENCE = CallbackSender.PATIENCE.plusSeconds(10);

  /// Nobody plans further ahead than this, even with a clock that differs by some seconds.
  private static final Duration AHEAD = Duration.ofMinutes(1);

  /// Calls at once.
  static final int AT_ONCE = 8;

  private final CallbackStore store;
  private final CallbackBodies bodies;
  private final CallbackUrls urls;
  private final CallbackSender sender;
  private final CallbackListener listener;
  private final InstantSource clock;
  private final Semaphore calls = new Semaphore(AT_ONCE);
  private volatile boolean stopped;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("backprop-callback-", 1).factory());

  /// @param store whose callbacks they are
  /// @param bodies what is told
  record Source(CallbackStore store, CallbackBodies bodies) {}

  Callbacks(
      Source source,
      CallbackUrls urls,
      CallbackSender sender,
      CallbackListener listener,
      InstantSource clock) {
    this.store = source.store();
    this.bodies = source.bodies();
    this.urls = urls;
    this.sender = sender;
    this.listener = listener;
    this.clock = clock;
  }

  /// Begins the tries whose time has come, as many as there is room for, and waits for none of
  /// them.
  ///
  /// @throws ProblemException if the store cannot be reached
  void deliver() {
    Instant now = clock.instant();
    for (CallbackStore.Due due : store.due(now, now.plus(AHEAD), calls.availablePermits())) {
      if (due.attempts() >= TRIES) {
        note(due, due.attempts(), null, "its process fell silent");
      } else if (calls.tryAcquire()) {
        boolean begun = false;
        try {
          begun = begin(due, now);
        } finally {
          if (!begun) {
            calls.release();
          }
        }
      }
    }
  }

  private boolean begin(CallbackStore.Due due, Instant now) {
    if (!store.claim(due, now.plus(SILENCE))) {
      return false;
    }
    threads.execute(
        () -> {
          try {
            attempt(due, due.attempts() + 1);
          } catch (ProblemException e) {
            log.warn("The callback of training {} is tried again: {}", due.training(), e.detail());
          } catch (InterruptedException _) {
            // The service stops, as below.
          } finally {
            calls.release();
          }
        });
    return true;
  }

  private void attempt(CallbackStore.Due due, int attempt) throws InterruptedException {
    Integer status = null;
    String why;
    try {
      URI url = URI.create(due.url());
      byte[] body = bodies.of(due.training()).orElse(null);
      if (body == null) {
        return; // it has been forgotten
      }
      if (urls.allow(url)) {
        status = sender.send(url, body);
        why = "it answered " + status;
      } else {
        why = "backprop.webhook.allowed-hosts does not name it any more";
      }
    } catch (IOException e) {
      if (stopped) {
        return; // that was the stop; the try counts, and another process makes the next one
      }
      why = said(e);
    }
    note(due, attempt, status, why);
  }

  /// A fault and what it came from. A message may quote what the other side has sent.
  private static String said(IOException fault) {
    Throwable root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String said = fault.getCause() == null ? fault.toString() : fault + ", from " + root;
    return Excerpt.of(said.replaceAll("\\p{Cntrl}", " "));
  }

  /// @param status null if there was no answer
  /// @param why it was not delivered, if it was not
  private void note(CallbackStore.Due due, int attempt, @Nullable Integer status, String why) {
    Instant now = clock.instant();
    State state =
        status != null && status / 100 == 2
            ? State.DELIVERED
            : attempt < TRIES ? State.PENDING : State.FAILED;
    Instant next = state == State.PENDING ? now.plus(PAUSES.get(attempt - 1)) : null;
    if (!store.note(due.training(), attempt, new Tried(state, status, now), next)) {
      return;
    }
    listener.onEnd(state);
    if (state == State.FAILED) {
      log.warn(
          "The callback of training {} to {} failed in {} tries, the last because {}",
          due.training(),
          place(due.url()),
          attempt,
          why);
    }
  }

  /// Where a URL leads, without its path and query: these may be secrets.
  private static String place(String url) {
    URI parsed = URI.create(url);
    return parsed.getScheme() + "://" + parsed.getRawAuthority();
  }

  /// Waits until no try is under way.
  ///
  /// @return false if patience ran out
  boolean awaitIdle(Duration patience) throws InterruptedException {
    boolean idle = calls.tryAcquire(AT_ONCE, patience.toNanos(), TimeUnit.NANOSECONDS);
    if (idle) {
      calls.release(AT_ONCE);
    }
    return idle;
  }

  /// Ends tries that are under way, after a while. If nothing outlives this process, it begins
  /// those first whose time has come, because nobody else will.
  void stop(Duration patience) throws InterruptedException {
    try {
      if (!store.isLasting()) {
        deliver();
      }
      var _ = awaitIdle(patience);
    } finally {
      stopped = true;
      threads.shutdownNow();
      sender.close();
    }
  }
}
