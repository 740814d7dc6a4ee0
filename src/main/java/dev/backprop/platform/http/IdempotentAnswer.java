package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.ResponseEntity;

/// Where the answer to a request is remembered before it is given: under its `Idempotency-Key`, if
/// it has one.
@FunctionalInterface
public interface IdempotentAnswer {

  /// Remembers the answer, in the unit of work that accepts what the request asks for. From its end
  /// on whoever sends the request again gets that answer, although this process may not live to
  /// give it the first time.
  ///
  /// @throws ProblemException 409 if the key is another request's by now: nothing may be accepted
  void remember(ResponseEntity<?> answer);

  /// Of a request that has been read. What is left of its body is read here, because no unit of
  /// work may wait for a client.
  static IdempotentAnswer of(HttpServletRequest request) throws IOException {
    return request.getAttribute(IdempotencyFilter.ATTRIBUTE)
            instanceof IdempotencyFilter.Keyed keyed
        ? keyed.answer()
        : _ -> {};
  }
}
