package dev.backprop.service.dashboard;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// Answers who prefers HTML at the root. Everybody else gets the links there.
@Controller
final class DashboardController {

  private static final String UTF_8_HTML = "text/html;charset=UTF-8";

  private final Resource page = new ClassPathResource("static/page/index.html");

  @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
  ResponseEntity<Resource> page() {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .header(HttpHeaders.CONTENT_TYPE, UTF_8_HTML)
        .header(DashboardHeaders.POLICY, DashboardHeaders.OF_PAGE)
        .header(DashboardHeaders.REFERRER, DashboardHeaders.NO_REFERRER)
        .body(page);
  }
}
