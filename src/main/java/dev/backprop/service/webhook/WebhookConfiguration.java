package dev.backprop.service.webhook;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Puts the parts of this package together. The store and the bodies come from what keeps
/// trainings.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookProperties.class)
class WebhookConfiguration {

  @Bean
  CallbackUrls callbackUrls(WebhookProperties properties) {
    return properties.urls();
  }

  @Bean
  CallbackLifecycle callbackLifecycle(
      WebhookProperties properties,
      CallbackStore store,
      CallbackBodies bodies,
      CallbackListener listener,
      Clock clock) {
    String secret = properties.secret();
    return new CallbackLifecycle(
        secret == null || properties.allowedHosts().isEmpty()
            ? null
            : new Callbacks(
                new Callbacks.Source(store, bodies),
                properties.urls(),
                new CallbackSender(new Signature(secret), clock, CallbackSender.PATIENCE),
                listener,
                clock));
  }
}
