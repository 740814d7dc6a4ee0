package dev.backprop.platform.http;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/// Says at the start who can reach the service.
final class OpenAddressWarning implements ApplicationListener<ApplicationReadyEvent> {

  private static final Logger log = LoggerFactory.getLogger(OpenAddressWarning.class);

  private final @Nullable InetAddress address;

  /// @param address that the service listens on; null for all of the machine's
  OpenAddressWarning(@Nullable InetAddress address) {
    this.address = address;
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
