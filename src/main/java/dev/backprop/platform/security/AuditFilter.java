package dev.backprop.platform.security;

import dev.backprop.platform.caller.Audit;
import dev.backprop.platform.http.FilterOrder;
import dev.backprop.platform.http.Peer;
import io.github.bucket4j.Bucket;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Writes the audit log, `backprop.audit`: one line for each change and for each refusal, with who
/// asked for it, never with a body or a secret. A flood of refusals does not become a flood of
/// lines: the next line says how many were left out.
@Component
@Order(FilterOrder.AUDIT)
final class AuditFilter extends OncePerRequestFilter {

  private static final Logger audit = LoggerFactory.getLogger("backprop.audit");

  private static final Set<Integer> REFUSALS = Set.of(401, 403, 429);
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
  private static final Pattern WORD = Pattern.compile("[^\\s\"=]+");
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,10}");
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:%\\[\\]]{1,60}");

  /// Lines of refusals: so many at once, and so many a second.
  private static final int BURST = 200;

  private static final int PER_SECOND = 10;

  private final Routes routes;
  private final AtomicLong leftOut = new AtomicLong();
  private final Bucket refusals =
      Bucket.builder()
          .addLimit(limit -> limit.capacity(BURST).refillGreedy(PER_SECOND, Duration.ofSeconds(1)))
          .build();

  AuditFilter(Routes routes) {
    this.routes = routes;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(request, response);
    int status = response.getStatus();
    if (status < 400) {
      if (!READS.contains(request.getMethod()) && routes.changed(request, response)) {
        write(request, response, 0);
      }
    } else if (REFUSALS.contains(status) || (status == 404 && Audit.isHidden(request))) {
      if (refusals.tryConsume(1)) {
        write(request, response, leftOut.getAndSet(0));
      } else {
        leftOut.incrementAndGet();
      }
    }
  }

  private void write(HttpServletRequest request, HttpServletResponse response, long missing) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("key", AuditedRequest.caller(request));
    facts.put("method", valid(METHOD, request.getMethod()));
    facts.put("route", routes.of(request));
    facts.put("outcome", response.getStatus());
    Peer peer = Peer.of(request);
    facts.put("socket", peer.address());
    facts.put("forwarded", forwarded(request, peer));
    facts.putAll(AuditedRequest.of(request.getRequestURI()));
    facts.putAll(AuditedRequest.of(response.getHeader(HttpHeaders.LOCATION)));
    facts.putAll(Audit.ids(request));
    String trace = MDC.get("traceId");
    facts.put("trace", trace == null ? "-" : trace);
    if (missing > 0) {
      facts.put("leftOut", missing);
    }
    StringBuilder line = new StringBuilder();
    LoggingEventBuilder event = audit.atInfo();
    for (Map.Entry<String, Object> fact : facts.entrySet()) {
      line.append(line.isEmpty() ? "" : " ")
          .append(fact.getKey())
          .append('=')
          .append(word(fact.getValue()));
      event = event.addKeyValue(fact.getKey(), fact.getValue());
    }
    event.log(line.toString());
  }

  /// As one word: the subject of a token may have blanks, and look like facts.
  private static String word(Object value) {
    String text = value.toString();
    return WORD.matcher(text).matches()
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /// The address of the client that a trusted proxy has named.
  private static String forwarded(HttpServletRequest request, Peer peer) {
    String client = request.getRemoteAddr();
    return !peer.forwarded() || client == null || client.equals(peer.address())
        ? "-"
        : valid(ADDRESS, client);
  }

  private static String valid(Pattern pattern, String text) {
    return pattern.matcher(text).matches() ? text : "malformed";
  }
}
