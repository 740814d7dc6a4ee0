package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.header.writers.HstsHeaderWriter;
import org.springframework.security.web.header.writers.StaticHeadersWriter;
import org.springframework.security.web.header.writers.XContentTypeOptionsHeaderWriter;
import org.springframework.security.web.header.writers.frameoptions.XFrameOptionsHeaderWriter;
import org.springframework.security.web.header.writers.frameoptions.XFrameOptionsHeaderWriter.XFrameOptionsMode;

/// What every answer tells browsers and caches, those of the container too: to run, frame, guess
/// and keep nothing. Only the pages of Swagger run their own scripts, and have styles and pictures
/// in themselves.
final class AnswerHeaders {

  private static final String PAGES = "/swagger-ui";

  private static final String OF_PAGES =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /// Those of a year, for whoever came over TLS.
  private static final HeaderWriter HSTS = new HstsHeaderWriter();

  static final List<HeaderWriter> WRITERS =
      List.of(
          new XContentTypeOptionsHeaderWriter(),
          new XFrameOptionsHeaderWriter(XFrameOptionsMode.DENY),
          HSTS,
          new DelegatingRequestMatcherHeaderWriter(
              AnswerHeaders::isPage, new ContentSecurityPolicyHeaderWriter(OF_PAGES)),
          new DelegatingRequestMatcherHeaderWriter(
              request -> !isPage(request),
              new ContentSecurityPolicyHeaderWriter("default-src 'none'")),
          new DelegatingRequestMatcherHeaderWriter(
              request -> !isPage(request),
              new StaticHeadersWriter(HttpHeaders.CACHE_CONTROL, "no-store")));

  private AnswerHeaders() {}

  private static boolean isPage(HttpServletRequest request) {
    // There is none if the request line could not be read.
    @Nullable String path = request.getRequestURI();
    return path != null && path.startsWith(request.getContextPath() + PAGES);
  }
}
