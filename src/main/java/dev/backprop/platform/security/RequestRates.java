package dev.backprop.platform.security;

import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.RateLimitHeaders;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/// Holds every caller to its requests a second, see [CallerLimits]. A caller that was silent for a
/// second may send a second's requests at once.
final class RequestRates extends OncePerRequestFilter {

  /// Callers that are remembered. Whoever was silent for longest is forgotten first, and is owed a
  /// full second's requests anyway.
  private static final int MAX_CALLERS = 20_000;

  private static final Duration WINDOW = Duration.ofSeconds(1);

  private record Limited(String caller, int perSecond) {}

  private final Map<Limited, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Limited, Bucket> eldest) {
          return size() > MAX_CALLERS;
        }
      };

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (SecurityContextHolder.getContext().getAuthentication() instanceof CallerToken token) {
      take(token.getPrincipal(), response);
    }
    chain.doFilter(request, response);
  }

  private void take(Caller caller, HttpServletResponse response) {
    Integer perSecond = caller.limits().requestsPerSecond();
    if (perSecond == null) {
      return;
    }
    ConsumptionProbe taken =
        bucket(new Limited(caller.getName(), perSecond)).tryConsumeAndReturnRemaining(1);
    Duration wait = Duration.ofNanos(taken.getNanosToWaitForRefill());
    RateLimitHeaders.write(response, "default", perSecond, taken.getRemainingTokens(), WINDOW);
    if (!taken.isConsumed()) {
      throw new ProblemException(
              ProblemCode.RATE_EXCEEDED,
              "at most %d requests a second are answered to this caller".formatted(perSecond))
          .withRetryAfter(wait);
    }
  }

  private Bucket bucket(Limited limited) {
    synchronized (buckets) {
      return buckets.computeIfAbsent(limited, RequestRates::full);
    }
  }

  private static Bucket full(Limited limited) {
    return Bucket.builder()
        .addLimit(
            limit -> limit.capacity(limited.perSecond()).refillGreedy(limited.perSecond(), WINDOW))
        .build();
  }
}
