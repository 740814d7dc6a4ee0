package dev.backprop.platform.security;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Paths;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tells callers who they are to the service, and so what they may do.
@RestController
final class CallerController {

  @Allowed(Role.PREDICT)
  @GetMapping(path = Paths.CALLER, produces = MediaType.APPLICATION_JSON_VALUE)
  CallerView caller(Caller caller) {
    return CallerView.of(caller);
  }
}
