package dev.backprop.platform.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

/// Says at the start who can reach the service.
@Component
final class OpenAddressWarning implements ApplicationListener<ApplicationReadyEvent> {

  private static final Logger log = LoggerFactory.getLogger(OpenAddressWarning.class);

  /// That the service listens on; null for all of the machine's.
  private final @Nullable InetAddress address;

  OpenAddressWarning(ServerProperties server) {
    this.address = server.getAddress();
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    if (address == null || !address.isLoopbackAddress()) {
      log.warn(
          "Listens on {} and nobody is authenticated: whoever reaches it may train, read and delete",
          address == null ? "every address" : address.getHostAddress());
    }
  }
}
