package dev.backprop.platform.http;

import dev.backprop.platform.limits.Budget;
import dev.backprop.platform.limits.ComputeSlots;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Decodes bodies, and refuses those that are too long: at once if their length is told, else when
/// they pass the limit.
@Component
@Order(FilterOrder.BODY)
final class BodyFilter extends OncePerRequestFilter {

  private final HttpProperties.MaxBody max;
  private final AnnotatedPaths uploads;
  private final Budget inFlight;
  private final ComputeSlots slots;

  BodyFilter(
      HttpProperties properties,
      @Qualifier(HttpConfiguration.METHODS) RequestMappingHandlerMapping methods,
      Budget inFlight,
      ComputeSlots slots) {
    this.max = properties.maxBody();
    this.uploads = new AnnotatedPaths(methods, Upload.class);
    this.inFlight = inFlight;
    this.slots = slots;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    boolean hasBody =
        request.getContentLengthLong() > 0
            || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    if (!hasBody) {
      chain.doFilter(request, response);
      return;
    }
    try (Budget.Claim claim = inFlight.claim()) {
      chain.doFilter(withBody(request, claim), response);
    }
  }

  private HttpServletRequest withBody(HttpServletRequest request, Budget.Claim claim) {
    boolean gzip = isGzip(request.getHeader(HttpHeaders.CONTENT_ENCODING));
    long limit = limit(request);
    if (!gzip && request.getContentLengthLong() > limit) {
      throw BodyStream.tooLarge(limit, request.getContentLengthLong());
    }
    return new Decoded(request, gzip, limit, claim);
  }

  private long limit(HttpServletRequest request) {
    String type = request.getContentType();
    boolean isJson = type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
    return (isJson && !uploads.match(request) ? max.json() : max.upload()).toBytes();
  }

  private static boolean isGzip(@Nullable String encoding) {
    return switch (encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT)) {
      case "identity" -> false;
      case "gzip", "x-gzip" -> true;
      default ->
          throw new ProblemException(
              ProblemCode.UNSUPPORTED_MEDIA_TYPE,
              "Content-Encoding: must be gzip or identity, was " + encoding);
    };
  }

  private final class Decoded extends HttpServletRequestWrapper {

    private final boolean gzip;
    private final long limit;
    private final Budget.Claim claim;
    private @Nullable BodyStream stream;

    Decoded(HttpServletRequest request, boolean gzip, long limit, Budget.Claim claim) {
      super(request);
      this.claim = claim;
      this.gzip = gzip;
      this.limit = limit;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      if (stream == null) {
        stream =
            new BodyStream(
                getRequest().getInputStream(), gzip, limit, claim, slots.of(getRequest()));
      }
      return stream;
    }

    @Override
    public BufferedReader getReader() throws IOException {
      return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
  }
}
