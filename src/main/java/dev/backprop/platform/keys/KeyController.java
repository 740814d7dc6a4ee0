package dev.backprop.platform.keys;

import dev.backprop.platform.caller.Allowed;
import dev.backprop.platform.caller.Caller;
import dev.backprop.platform.caller.Role;
import dev.backprop.platform.http.Page;
import dev.backprop.platform.http.Paths;
import dev.backprop.platform.problem.Excerpt;
import dev.backprop.platform.problem.ProblemCode;
import dev.backprop.platform.problem.ProblemException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Keys over HTTP.
@RestController
@RequestMapping(Paths.KEYS)
record KeyController(Keys keys) {

  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  @Allowed(Role.ADMIN)
  @PostMapping(
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<KeyView.WithSecret> make(
      @RequestBody KeyRequest request,
      @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String repeated,
      Caller caller) {
    requireOnce(repeated);
    Keys.Made made = keys.make(request, caller);
    return ResponseEntity.created(URI.create(Paths.link(Paths.key(made.key().id()))))
        .cacheControl(CacheControl.noStore())
        .body(KeyView.WithSecret.of(made));
  }

  @Allowed(Role.ADMIN)
  @GetMapping
  Page<KeyView> list(
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor) {
    return keys.list(cursor, Page.limit(limit)).map(KeyView::of);
  }

  @Allowed(Role.ADMIN)
  @GetMapping("/{id}")
  KeyView get(@PathVariable String id) {
    return keys.find(id).map(KeyView::of).orElseThrow(() -> none(id));
  }

  @Allowed(Role.ADMIN)
  @PostMapping(
      path = "/{id}/rotate",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<KeyView.WithSecret> rotate(
      @PathVariable String id,
      @RequestBody(required = false) @Nullable KeyRotation rotation,
      @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String repeated,
      Caller caller) {
    requireOnce(repeated);
    KeyRotation given = rotation == null ? new KeyRotation(null) : rotation;
    Keys.Made made = keys.rotate(id, given.duration(), caller).orElseThrow(() -> none(id));
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(KeyView.WithSecret.of(made));
  }

  @Allowed(Role.ADMIN)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(@PathVariable String id, Caller caller) {
    if (!keys.revoke(id, caller)) {
      throw none(id);
    }
  }

  /// An answer that is kept to be repeated would keep the secret.
  private static void requireOnce(@Nullable String repeated) {
    if (repeated != null) {
      throw new ProblemException(
          ProblemCode.INVALID_PARAMETER,
          IDEMPOTENCY_KEY
              + ": is not taken here, because the answer has a secret, which nobody keeps. If the answer was lost, revoke the key or rotate it again");
    }
  }

  private static ProblemException none(String id) {
    return new ProblemException(
        ProblemCode.NOT_FOUND, "there is no key with the id " + Excerpt.of(id));
  }
}
