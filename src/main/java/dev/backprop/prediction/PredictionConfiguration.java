package dev.backprop.prediction;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/// What answers prediction requests.
@Configuration(proxyBeanMethods = false)
class PredictionConfiguration {

  @Bean
  SinglePredictions singlePredictions(JsonMapper json) {
    return new SinglePredictions(json);
  }

  @Bean
  ObservedRequests observedRequests(PredictionListener listener) {
    return new ObservedRequests(listener);
  }
}
