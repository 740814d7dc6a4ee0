package dev.backprop.platform.limits;

import dev.backprop.engine.table.ByteBudget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongPredicate;

/// A bounded count of bytes that several hold together, each by its claims.
///
/// A claim that does not fit is refused at once, or waits for its turn. The budget is told what it
/// says when it refuses.
public final class Budget {

  private final String name;
  private final long limit;
  private final Function<Shortage, ProblemException> refusal;
  private final AtomicLong held = new AtomicLong();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();
  private final ReentrantLock turns = new ReentrantLock(true);
  private final Object released = new Object();
  private volatile LongPredicate makesRoom = _ -> false;

  /// @param name as the metrics have it
  /// @param limit bytes that all claims together may hold
  /// @param refusal makes the problem of a claim that does not fit
  public Budget(String name, long limit, Function<Shortage, ProblemException> refusal) {
    this.name = name;
    this.limit = limit;
    this.refusal = refusal;
  }

  /// The budget of all bodies, of requests and of answers, that are held right now.
  public static Budget inFlight(long limit) {
    return new Budget(
        "in-flight",
        limit,
        shortage ->
            new ProblemException(
                    ProblemCode.BUSY,
                    "the bodies of all requests and answers together may hold %d bytes, this needs %d more than are left; try again later"
                        .formatted(limit, shortage.held() + shortage.more() - limit))
                .withRetryAfter(Duration.ofSeconds(2)));
  }

  /// A claim that does not fit.
  ///
  /// @param limit bytes that all claims together may hold
  /// @param held bytes that they hold now
  /// @param more bytes that were asked for
  /// @param total bytes that the claim would hold with them
  public record Shortage(long limit, long held, long more, long total) {}

  /// Names somebody who can let go of bytes.
  ///
  /// @param makesRoom gets a number of bytes; lets go of at least as many and says true, or of none
  ///   and says false
  public void makesRoom(LongPredicate makesRoom) {
    this.makesRoom = makesRoom;
  }

  public String name() {
    return name;
  }

  public long limit() {
    return limit;
  }

  public long held() {
    return held.get();
  }

  /// Claims that wait for their bytes.
  public int waiting() {
    return waiting.get();
  }

  /// Claims that have been refused since the start.
  public long refused() {
    return refused.get();
  }

  /// A claim of no bytes yet.
  public Claim claim() {
    return new Claim();
  }

  /// Refuses a claim that does not fit although nobody else holds anything.
  ///
  /// @throws ProblemException what the budget says when it refuses
  public void requireFits(long total) {
    if (total > limit) {
      throw refuse(held.get(), total, total);
    }
  }

  private ProblemException refuse(long now, long more, long total) {
    refused.incrementAndGet();
    return refusal.apply(new Shortage(limit, now, more, total));
  }

  /// Takes the bytes if they fit now.
  ///
  /// @return -1, or the bytes that were held when they did not fit
  private long tryTake(long more) {
    while (true) {
      long now = takeFree(more);
      if (now < 0) {
        return -1;
      }
      if (!makesRoom.test(now + more - limit) && held.get() >= now) {
        return now;
      }
    }
  }

  /// The same, but nobody lets go of bytes for it.
  private long takeFree(long more) {
    while (true) {
      long now = held.get();
      if (more > limit - now) {
        return now;
      }
      if (held.compareAndSet(now, now + more)) {
        return -1;
      }
    }
  }

  private void release(long bytes) {
    held.addAndGet(-bytes);
    if (waiting.get() > 0) {
      synchronized (released) {
        released.notifyAll();
      }
    }
  }

  /// What one holder has of the budget. One thread grows it; any may close it, more than once.
  public final class Claim implements ByteBudget, AutoCloseable {

    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean closed;

    private Claim() {}

    public long bytes() {
      return bytes.get();
    }

    /// Holds that many bytes more; fewer if the number is negative.
    ///
    /// @throws ProblemException if they do not fit; the claim holds what it held
    public void grow(long more) {
      if (closed) {
        throw new IllegalStateException("the claim is closed");
      }
      if (more <= 0) {
        hold(more);
        return;
      }
      long total = bytes.get() + more;
      long now = total > limit ? held.get() : tryTake(more);
      if (now >= 0) {
        throw refuse(now, more, total);
      }
      bytes.addAndGet(more);
    }

    /// Holds that many bytes more if they are free now and nobody waits for bytes. Nobody lets go
    /// of bytes for them. Any thread may ask.
    ///
    /// @return false if the claim holds what it held
    public boolean tryGrow(long more) {
      if (closed || waiting.get() > 0 || takeFree(more) >= 0) {
        return false;
      }
      bytes.addAndGet(more);
      return true;
    }

    /// Holds that many bytes in total.
    ///
    /// @throws ProblemException if they do not fit; the claim holds what it held
    @Override
    public void holds(long total) {
      grow(total - bytes.get());
    }

    /// Holds that many bytes more although they may not fit. Others are refused for them.
    public void hold(long more) {
      bytes.addAndGet(more);
      release(-more);
    }

    /// Holds that many bytes more as soon as they fit. Those who wait are served in the order in
    /// which they came.
    ///
    /// @return false if they did not fit within so long
    public boolean await(long more, Duration patience) throws InterruptedException {
      long deadline = System.nanoTime() + patience.toNanos();
      waiting.incrementAndGet();
      try {
        if (!turns.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
          return refused();
        }
        try {
          return awaitRelease(more, deadline) || refused();
        } finally {
          turns.unlock();
        }
      } finally {
        waiting.decrementAndGet();
      }
    }

    private boolean refused() {
      Budget.this.refused.incrementAndGet();
      return false;
    }

    private boolean awaitRelease(long more, long deadline) throws InterruptedException {
      synchronized (released) {
        while (tryTake(more) >= 0) {
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            return false;
          }
          released.wait(left / 1_000_000 + 1);
        }
      }
      bytes.addAndGet(more);
      return true;
    }

    /// Moves the bytes to a claim of their own. This one holds nothing then.
    Claim handOver() {
      Claim next = new Claim();
      next.bytes.set(bytes.getAndSet(0));
      return next;
    }

    @Override
    public void close() {
      closed = true;
      release(bytes.getAndSet(0));
    }
  }
}
