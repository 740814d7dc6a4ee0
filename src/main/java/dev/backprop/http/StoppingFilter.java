package dev.backprop.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// From the moment the service is told to stop, new requests to the API hear so; what is under way
/// goes on.
final class StoppingFilter extends OncePerRequestFilter
    implements ApplicationListener<ContextClosedEvent> {

  private static final Duration COME_BACK = Duration.ofSeconds(10);

  private final ProblemWriter problems;
  private volatile boolean stopping;

  StoppingFilter(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    stopping = true;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getRequestURI().startsWith("/api/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (stopping) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
      problems.write(
          new ProblemException(ProblemCode.SERVICE_STOPPING, "the service is shutting down")
              .withRetryAfter(COME_BACK),
          request,
          response);
    } else {
      chain.doFilter(request, response);
    }
  }
}
