package dev.backprop.service.job;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.json.JsonMapper;

/// The open event streams. Their number is bounded.
final class ProgressStreams {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final int max;
  private final Duration heartbeat;
  private final Budget inFlight;
  private final JsonMapper json;
  private final Semaphore free;
  private final Set<ProgressStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  ProgressStreams(int max, Duration heartbeat, Budget inFlight, JsonMapper json) {
    this.max = max;
    this.heartbeat = heartbeat;
    this.inFlight = inFlight;
    this.json = json;
    this.free = new Semaphore(max);
  }

  /// Opens a stream of what happens to a training after an epoch. Whoever opens it closes it.
  ///
  /// @param seen the last epoch that the client knows, 0 for none
  /// @throws ProblemException 503 if too many streams are open, or the service stops
  ProgressStream open(TrainingJob job, int seen) {
    if (closed) {
      throw new ProblemException(ProblemCode.SERVICE_STOPPING, "the service is stopping")
          .withRetryAfter(RETRY_AFTER);
    }
    if (!free.tryAcquire()) {
      throw new ProblemException(
              ProblemCode.BUSY, "at most %d event streams may be open".formatted(max))
          .withRetryAfter(RETRY_AFTER);
    }
    ProgressStream stream = new ProgressStream(job, seen, heartbeat, json, this);
    open.add(stream);
    return stream;
  }

  /// Claims memory for what a stream is going to send, until the claim is closed.
  Budget.Claim claim(long bytes) {
    Budget.Claim claim = inFlight.claim();
    claim.grow(bytes);
    return claim;
  }

  void closed(ProgressStream stream) {
    if (open.remove(stream)) {
      free.release();
    }
  }

  int size() {
    return open.size();
  }

  boolean areClosed() {
    return closed;
  }

  /// Ends every stream without its `end` event, so that clients know to come again.
  void close() {
    closed = true;
    open.forEach(ProgressStream::wake);
  }
}
