package dev.backprop.service.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What a process does about callbacks when a test says so, and not by the time.
public final class CallbacksOfAProcess {

  public static final String SECRET = "of-a-test";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<Callback.State> heard = Collections.synchronizedList(new ArrayList<>());
  private final Callbacks callbacks;

  /// Tells the id of a training, and nothing else.
  public CallbacksOfAProcess(CallbackStore store, InstantSource clock) {
    this(store, clock, List.of("127.0.0.1"), CallbackSender.PATIENCE);
  }

  /// @param patience with an answer
  public CallbacksOfAProcess(
      CallbackStore store, InstantSource clock, List<String> hosts, Duration patience) {
    callbacks =
        new Callbacks(
            new Callbacks.Source(store, id -> Optional.of(id.getBytes(StandardCharsets.UTF_8))),
            new CallbackUrls(hosts, true),
            new CallbackSender(new Signature(SECRET), clock, patience),
            heard::add,
            clock);
  }

  /// Makes the tries that are due, and waits for what comes of them.
  public void deliver() throws InterruptedException {
    callbacks.deliver();
    if (!callbacks.awaitIdle(PATIENCE)) {
      throw new AssertionError("a try does not end");
    }
  }

  /// Begins the tries that are due.
  public void begin() {
    callbacks.deliver();
  }

  public void stop(Duration patience) throws InterruptedException {
    callbacks.stop(patience);
  }

  /// What it has heard of ends of callbacks, without those that are tried again.
  public List<Callback.State> heard() {
    return heard.stream().filter(state -> state != Callback.State.PENDING).toList();
  }
}
