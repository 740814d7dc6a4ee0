package dev.backprop.service.webhook;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Whom trainings may tell of their end.
///
/// @param allowedHosts that may be called; nobody is unless there are some
/// @param secret that calls are signed with; nobody is called unless there is one
@ConfigurationProperties("backprop.webhook")
record WebhookProperties(@DefaultValue List<String> allowedHosts, @Nullable String secret) {

  /// @throws IllegalArgumentException if an allowed host is none
  WebhookProperties {
    allowedHosts = allowedHosts.stream().map(String::strip).toList();
    secret = secret == null || secret.isBlank() ? null : secret;
    CallbackUrls.checkHosts(allowedHosts);
  }

  CallbackUrls urls() {
    return new CallbackUrls(allowedHosts, secret != null);
  }

  /// Without the secret, which must stand in no log.
  @Override
  public String toString() {
    return "WebhookProperties[allowedHosts=%s]".formatted(allowedHosts);
  }
}
