package dev.backprop.platform.limits;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// The bytes of all bodies, of requests and of answers, that are held right now, bounded: what does
/// not fit is told to come again (503).
public final class InFlightBytes {

  private final long limit;
  private final AtomicLong held = new AtomicLong();

  /// @param limit bytes that all requests together may hold
  public InFlightBytes(long limit) {
    this.limit = limit;
  }

  public long limit() {
    return limit;
  }

  public long held() {
    return held.get();
  }

  /// A claim of no bytes yet; it grows as a body is read.
  public Claim claim() {
    return new Claim();
  }

  /// What one request holds. Safe to close more than once.
  public final class Claim implements AutoCloseable {

    private final AtomicLong bytes = new AtomicLong();

    private Claim() {}

    /// Holds that many bytes more.
    ///
    /// @throws ProblemException `busy`, and nothing more is held, where they do not fit
    public void grow(long more) {
      long now = held.addAndGet(more);
      if (now > limit) {
        held.addAndGet(-more);
        throw new ProblemException(
                ProblemCode.BUSY,
                "the bodies of all requests and answers together may hold %d bytes, this needs %d more than are left; try again later"
                    .formatted(limit, now - limit))
            .withRetryAfter(Duration.ofSeconds(2));
      }
      bytes.addAndGet(more);
    }

    /// Holds that many bytes more although they may not fit: others are refused for them.
    public void hold(long more) {
      held.addAndGet(more);
      bytes.addAndGet(more);
    }

    @Override
    public void close() {
      held.addAndGet(-bytes.getAndSet(0));
    }
  }
}
