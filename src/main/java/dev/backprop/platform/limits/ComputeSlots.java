package dev.backprop.platform.limits;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.ServletRequest;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Bounded permits for the heavy part of a request: reading an upload, predicting many rows.
///
/// Requests run on virtual threads, whose carriers are as many as the cores (at least two). A heavy
/// part holds one of max(1, cores - 1) permits, so that one carrier is left for small requests and
/// health checks, however many large requests there are. A semaphore bounds the computing as a pool
/// of that many threads would, and spares handing the request from thread to thread. While a
/// request waits for its client to send more it gives its permit back, so a slow client holds none.
/// Whoever finds too many others waiting is told to come again.
public final class ComputeSlots {

  private static final String ATTRIBUTE = ComputeSlots.class.getName();

  private final Semaphore permits;
  private final int maxWaiting;
  private final AtomicInteger waiting = new AtomicInteger();

  /// @param permits heavy parts that run at once
  /// @param maxWaiting heavy parts that may wait for a permit before others are refused
  public ComputeSlots(int permits, int maxWaiting) {
    this.permits = new Semaphore(permits, true);
    this.maxWaiting = maxWaiting;
  }

  /// Waits for a permit; reentrant within a request, whose body may already hold one.
  ///
  /// Use as `try (var slot = slots.acquire(request)) { … }`.
  ///
  /// @throws ProblemException `busy` if too many wait already
  public Slot acquire(ServletRequest request) {
    Slot slot = of(request);
    slot.enter();
    return slot;
  }

  /// Permits that nobody holds.
  public int available() {
    return permits.availablePermits();
  }

  /// Heavy parts that wait for their first permit.
  public int waiting() {
    return waiting.get();
  }

  /// The place of a request, which may hold no permit yet.
  public Slot of(ServletRequest request) {
    synchronized (request) {
      if (request.getAttribute(ATTRIBUTE) instanceof Slot slot) {
        return slot;
      }
      Slot slot = new Slot();
      request.setAttribute(ATTRIBUTE, slot);
      return slot;
    }
  }

  /// A request's place among the heavy parts; used by one thread at a time.
  public final class Slot implements AutoCloseable {

    private int depth;

    private Slot() {}

    void enter() {
      if (depth == 0 && !permits.tryAcquire()) {
        awaitPermit();
      }
      depth++;
    }

    private void awaitPermit() {
      try {
        if (waiting.incrementAndGet() > maxWaiting) {
          throw new ProblemException(
                  ProblemCode.BUSY, "%d large requests wait already".formatted(maxWaiting))
              .withRetryAfter(Duration.ofSeconds(5));
        }
        permits.acquireUninterruptibly();
      } finally {
        waiting.decrementAndGet();
      }
    }

    /// Gives the permit back for the time of a wait.
    public void pause() {
      if (depth > 0) {
        permits.release();
      }
    }

    /// Takes it again; never refused, the request is half done.
    public void resume() {
      if (depth > 0) {
        permits.acquireUninterruptibly();
      }
    }

    @Override
    public void close() {
      if (depth > 0 && --depth == 0) {
        permits.release();
      }
    }
  }
}
