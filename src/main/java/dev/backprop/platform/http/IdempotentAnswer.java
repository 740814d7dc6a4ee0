package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.ResponseEntity;

/// Remembers the answer to a request before it is given, under its `Idempotency-Key` if it has one.
@FunctionalInterface
public interface IdempotentAnswer {

  /// Of a request that has a key, its [Source].
  String ATTRIBUTE = IdempotentAnswer.class.getName();

  /// What a request with a key has its answer remembered by.
  @FunctionalInterface
  interface Source {

    IdempotentAnswer answer() throws IOException;
  }

  /// Remembers the answer, in the unit of work that accepts what the request asks for. From its end
  /// on whoever sends the request again gets that answer, although this process may not live to
  /// give it the first time.
  ///
  /// @throws ProblemException 409 if the key is another request's by now: nothing may be accepted
  void remember(ResponseEntity<?> answer);

  /// Of a request that has been read. What is left of its body is read here, because no unit of
  /// work may wait for a client.
  static IdempotentAnswer of(HttpServletRequest request) throws IOException {
    return request.getAttribute(ATTRIBUTE) instanceof Source source ? source.answer() : _ -> {};
  }
}
