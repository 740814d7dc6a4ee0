package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.CorsFilter;

/// Lets pages of the origins that the operator allows read the answers (CORS). Requests of others
/// do not come here.
@Component
@Order(FilterOrder.ORIGINS)
final class OtherOriginsFilter extends CorsFilter {

  private static final Duration REMEMBERED = Duration.ofHours(1);

  private final AllowedOrigins allowed;

  OtherOriginsFilter(AllowedOrigins allowed) {
    super(_ -> rules(allowed));
    this.allowed = allowed;
  }

  private static CorsConfiguration rules(AllowedOrigins allowed) {
    CorsConfiguration rules = new CorsConfiguration();
    rules.setAllowedOrigins(allowed.origins());
    rules.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
    rules.setAllowedHeaders(List.of(CorsConfiguration.ALL));
    rules.setExposedHeaders(
        List.of(
            HttpHeaders.LOCATION,
            HttpHeaders.LINK,
            HttpHeaders.ETAG,
            HttpHeaders.RETRY_AFTER,
            HttpHeaders.CONTENT_DISPOSITION,
            HttpHeaders.WWW_AUTHENTICATE,
            "RateLimit",
            "RateLimit-Policy",
            "Preference-Applied",
            "Idempotency-Replayed"));
    rules.setMaxAge(REMEMBERED);
    return rules;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin == null || !allowed.contain(origin);
  }
}
