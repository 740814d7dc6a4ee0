package dev.backprop.platform.security;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

/// Says at the start what requests without a key may do.
@Component
record AnonymousNotice(AnonymousRole role) implements ApplicationListener<ApplicationReadyEvent> {

  private static final Logger log = LoggerFactory.getLogger(AnonymousNotice.class);

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    if (role.isProtected()) {
      log.info(
          "Protected mode: as long as there is neither a key nor an issuer of tokens, only requests"
              + " of this machine itself are answered");
    } else {
      role.given()
          .ifPresent(
              given ->
                  log.warn(
                      "Whoever reaches this service has the role {} without a key"
                          + " (backprop.security.anonymous)",
                      given.json()));
    }
  }
}
