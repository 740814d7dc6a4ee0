package dev.backprop.platform.http;

import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The answers that accepted requests with an `Idempotency-Key` were given, for a bounded time and
/// in a bounded number of each caller and of all together. Keys are those of [CallersKey].
public interface IdempotencyStore {

  /// All callers together may have as many keys as so many of them that have the most.
  int CALLERS = 10;

  /// An accepted request and its answer.
  ///
  /// @param fingerprint of the request
  @SuppressWarnings("ArrayRecordComponent") // never changed, written out as it is
  record Remembered(
      String fingerprint,
      int status,
      @Nullable String contentType,
      @Nullable String location,
      byte[] body,
      Instant at) {

    private static final long ENTRY_BYTES = 1000;

    /// The memory that it takes.
    long bytes() {
      return ENTRY_BYTES + body.length;
    }
  }

  /// Begins a request.
  ///
  /// @return what an earlier one with this key was answered; null if there was none, and the key is
  ///   taken until [#end]
  /// @throws ProblemException 409 if another one with this key is being answered
  @Nullable Remembered begin(String key);

  /// Remembers the answer to a request that began with its key free and that is being accepted, in
  /// the unit of work that accepts it. From then on [#begin] returns it, although the request has
  /// not ended and may never end.
  ///
  /// @throws ProblemException 409 if another request has the key by now, because this one's process
  ///   was not heard of for too long. Then this one must not be accepted
  void accept(String key, Remembered answer);

  /// Ends a request that began with its key free.
  ///
  /// @param accepted what to remember; null if it was not accepted, or if nobody knows. What
  ///   [#accept] has remembered stays
  void end(String key, @Nullable Remembered accepted);

  /// What [#begin] throws.
  static ProblemException inUse() {
    return new ProblemException(
        ProblemCode.IDEMPOTENCY_KEY_IN_USE,
        "a request with this Idempotency-Key is being answered right now");
  }
}
