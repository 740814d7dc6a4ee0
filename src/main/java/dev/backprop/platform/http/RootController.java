package dev.backprop.platform.http;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tells whoever begins at the root what there is.
@RestController
final class RootController {

  @GetMapping(
      path = {"/", Paths.API},
      produces = MediaType.APPLICATION_JSON_VALUE)
  Root root(HttpServletRequest request) {
    return Root.here(request);
  }
}
